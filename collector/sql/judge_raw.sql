-- One submission whose rows are read again, held until the end of the transaction; no row when it has another revision
-- by now.
-- $1 uuid submission_id   $2 int revision
-- Result: contributor_key uuid, raw bytea.
select contributor_key, raw
from submission
where submission_id = $1::uuid and revision = $2::int and raw is not null
for update;
