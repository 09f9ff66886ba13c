-- Where a page of results ends at the latest: so many measurements after the key are looked at.
-- $1 uuid submission_id and $2 int ordinal before the first   $3 int how many to look at
-- Result: submission_id uuid, ordinal int. No row: there are fewer.
select submission_id, ordinal
from measurement
where (submission_id, ordinal) > ($1::uuid, $2::int)
order by submission_id, ordinal
offset $3::int - 1
limit 1;
