-- What contributors who proved who they are have shown of the figures of some submissions.
-- $1 uuid[] submission_id
-- Result: series_key uuid, contributor_key uuid, device_key uuid, value float8, ordered by all of them.
select series_key, contributor_key, device_key, value
from observation
where series_key in (select series_key from measurement where submission_id = any ($1::uuid[]))
  and contributor_key <> '00000000-0000-0000-0000-000000000000'
order by series_key, contributor_key, device_key, value;
