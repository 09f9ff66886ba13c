-- Stored bytes, of all submissions or of the first ones behind a random id.
-- $1 uuid from   $2 int8 how many (NULL: all)
-- Result: content_hash bytea, raw bytea.
select content_hash, raw
from submission
where raw is not null and submission_id >= $1::uuid
order by submission_id
limit $2::int8;
