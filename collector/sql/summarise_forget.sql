-- Removes figures of devices, to be written anew.
-- $1 uuid[] cell_key   $2 uuid[] contributor_key   $3 uuid[] device_key
delete from device_figure f
using unnest($1::uuid[], $2::uuid[], $3::uuid[]) as t (cell_key, contributor_key, device_key)
where f.cell_key = t.cell_key and f.contributor_key = t.contributor_key and f.device_key = t.device_key;
