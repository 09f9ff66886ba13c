-- The figures of some measurements.
-- Parameters: $1 uuid[] submission_id, $2 int[] ordinal
-- Columns: at bigint (place in the parameters, from 1), median float8 or null, mean float8 or null, samples float8[] or
--          null, stddev float8 or null, stddev_kind text or null, min float8 or null, max float8 or null
select wanted.at, m.median, m.mean, m.samples, m.stddev, m.stddev_kind, m.min, m.max
from unnest($1::uuid[], $2::int[]) with ordinality as wanted (submission_id, ordinal, at)
join measurement m using (submission_id, ordinal)
