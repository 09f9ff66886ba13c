-- Those of some submissions that count: accepted, and of each original only the first accepted one.
-- $1 uuid[] submission_id
-- Result: submission_id uuid, contributor_key uuid, raw_size int, in the order of ids.
select s.submission_id, s.contributor_key, s.raw_size
from submission s
where s.submission_id = any ($1::uuid[]) and s.state = 'accepted'
  and not exists (select 1
                  from original mine
                       join original other on other.original_hash = mine.original_hash
                                              and (other.epoch, other.log_index) < (mine.epoch, mine.log_index)
                       join submission o on o.submission_id = other.submission_id and o.state = 'accepted'
                  where mine.submission_id = s.submission_id)
order by s.submission_id;
