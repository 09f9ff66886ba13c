-- Every event of an epoch once more, for the log that follows it.
-- $1 int epoch
insert into pending_event (submission_id, revision, kind, at, detail)
select submission_id, revision, kind, at, detail
from log_entry
where epoch = $1::int and submission_id is not null
on conflict (submission_id, revision) do nothing;
