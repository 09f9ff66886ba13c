-- The next submissions in the order of ids, with their bytes, locked until the end of the transaction.
-- $1 uuid after this one (NULL: from the beginning)   $2 int how many
-- Result: submission_id uuid, contributor_key uuid, raw bytea.
select submission_id, contributor_key, raw
from submission
where raw is not null and ($1::uuid is null or submission_id > $1::uuid)
order by submission_id
limit $2::int
for update;
