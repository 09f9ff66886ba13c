-- The submissions that a piece of the log is about, and those that share an original with them.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last
-- Result: submission_ids uuid[], in their order.
with named as (
    select distinct submission_id
    from log_entry
    where epoch = $1::int and log_index >= $2::bigint and log_index < $3::bigint and submission_id is not null
), every as (
    select submission_id from named
    union
    select other.submission_id
    from named n
         join original mine on mine.submission_id = n.submission_id
         join original other on other.original_hash = mine.original_hash
)
select coalesce(array_agg(submission_id order by submission_id), '{}') as submission_ids from every;
