-- The next submissions that are to be observed again, no longer noted as such.
-- $1 int most
-- Result: submission_ids uuid[].
with next as (
    delete from dirty_submission
    where submission_id in (select submission_id from dirty_submission order by submission_id limit $1::int)
    returning submission_id
)
select coalesce(array_agg(submission_id order by submission_id), '{}') as submission_ids from next;
