-- Where an event stands in the log of an epoch.
-- $1 int epoch   $2 uuid submission_id   $3 int revision (0: its newest)
-- Result: log_index bigint, revision int.
select log_index, revision from log_entry
where epoch = $1::int and submission_id = $2::uuid and ($3::int = 0 or revision = $3::int)
order by revision desc
limit 1;
