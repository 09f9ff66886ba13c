-- What other submissions that count have shown of the series of one submission.
-- $1 uuid submission_id
-- Result: series_key uuid, contributor_key uuid, device_key uuid, value float8, ordered by all of them.
select o.series_key, o.contributor_key, o.device_key, o.value
from observation o
where o.series_key in (select series_key from measurement where submission_id = $1::uuid order by ordinal limit 1000)
  and o.submission_id <> $1::uuid
order by o.series_key, o.contributor_key, o.device_key, o.value
limit 200000;
