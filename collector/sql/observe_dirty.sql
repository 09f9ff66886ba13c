-- The figures that some submissions have a part in have to be made anew.
-- $1 uuid[] submission_id
insert into dirty_figure (cell_key, contributor_key, device_key)
select distinct cell_key, contributor_key, device_key
from observation
where submission_id = any ($1::uuid[])
order by cell_key, contributor_key, device_key
on conflict (cell_key, contributor_key, device_key) do nothing;
