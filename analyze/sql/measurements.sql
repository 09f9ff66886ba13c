-- The values of all measurements, in any order, also of submissions that do not count: the median, else what it can be
-- taken from. Read by COPY. The columns are the first ones of measurement_details.sql.
-- Parameters: none.
-- Columns: submission_id uuid, run_no int, ordinal int, metric text, unit text, direction text or null, n int or null,
--          flags text or null, median float8 or null, mean float8 or null, samples float8[] or null
select submission_id, run_no, ordinal, metric, unit, direction, n, case when flags <> '{}' then array_to_string(flags, ', ') end as flags, median,
       case when median is null then mean end as mean, case when median is null then samples end as samples
from measurement
