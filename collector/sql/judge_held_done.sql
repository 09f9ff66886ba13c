-- Held submissions that were looked at.
-- $1 uuid[] those that wait on   $2 uuid[] those that do not
with gone as (
    delete from held_series where submission_id = any ($2::uuid[])
), let_go as (
    delete from held where submission_id = any ($2::uuid[])
)
update held set again = false where submission_id = any ($1::uuid[]);
