-- The measurements of some submissions; samples only where there is no median.
-- $1 uuid[] submission_id
-- Result: submission_id uuid, run_no int, ordinal int, series_key uuid, metric text, unit text, n int, mean float8,
-- median float8, samples float8[], flags text[], in the order of submission_id, run_no and ordinal.
select submission_id, run_no, ordinal, series_key, metric, unit, n, mean, median,
       case when median is null then samples end as samples, flags
from measurement
where submission_id = any ($1::uuid[])
order by submission_id, run_no, ordinal;
