-- The figures of all devices of some cells.
-- $1 uuid[] cell_key
-- Result: cell_key uuid, contributor_key uuid, device_key uuid, value float8, submissions int, results int, runs int8,
-- flagged int, least float8, greatest float8, newest timestamptz, ordered by the keys.
select cell_key, contributor_key, device_key, value, submissions, results, runs, flagged, least, greatest, newest
from device_figure
where cell_key = any ($1::uuid[])
order by cell_key, contributor_key, device_key;
