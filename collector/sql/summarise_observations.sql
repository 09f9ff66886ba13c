-- What was observed of some devices in some cells.
-- $1 uuid[] cell_key   $2 uuid[] contributor_key   $3 uuid[] device_key
-- Result: cell_key uuid, contributor_key uuid, device_key uuid, submission_id uuid, value float8, n int, flagged bool,
-- ran_at timestamptz, ordered by the keys and ordinal.
select o.cell_key, o.contributor_key, o.device_key, o.submission_id, o.value, o.n, o.flagged, o.ran_at
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as t (cell_key, contributor_key, device_key)
     join observation o on o.cell_key = t.cell_key and o.contributor_key = t.contributor_key
                           and o.device_key = t.device_key
order by o.cell_key, o.contributor_key, o.device_key, o.submission_id, o.ordinal;
