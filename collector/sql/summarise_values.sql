-- The single values of some cells that only one device has.
-- $1 uuid[] cell_key
-- Result: cell_key uuid, submission_id uuid, value float8, ordered by cell, submission and ordinal.
select cell_key, submission_id, value
from observation
where cell_key = any ($1::uuid[])
order by cell_key, submission_id, ordinal;
