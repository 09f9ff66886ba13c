-- The next submissions that are to be observed again, no longer noted as such, and those that share an original with
-- them: one that was erased meanwhile leaves its place to the next.
-- $1 int most
-- Result: submission_ids uuid[], noted int8 (how many were noted).
with next as (
    delete from dirty_submission
    where submission_id in (select submission_id from dirty_submission order by submission_id limit $1::int)
    returning submission_id
), every as (
    select submission_id from next
    union
    select other.submission_id
    from next n
         join original mine on mine.submission_id = n.submission_id
         join original other on other.original_hash = mine.original_hash
)
select (select coalesce(array_agg(submission_id order by submission_id), '{}') from every) as submission_ids,
       (select count(*) from next) as noted;
