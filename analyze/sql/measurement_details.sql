-- All measurements with all their figures, in any order. Read by COPY.
-- Parameters: none.
-- Columns: submission_id uuid, run_no int, ordinal int, metric text, unit text, direction text or null, n int or null,
--          flags text or null, median float8 or null, mean float8 or null, samples float8[] or null,
--          stddev float8 or null, stddev_kind text or null, min float8 or null, max float8 or null
select submission_id, run_no, ordinal, metric, unit, direction, n, case when flags <> '{}' then array_to_string(flags, ', ') end as flags, median, mean, samples, stddev,
       stddev_kind, min, max
from measurement
