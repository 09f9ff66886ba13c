-- Removes events that stand in the log now.
-- $1 uuid[] submission_id   $2 int8[] revision
delete from pending_event e
using unnest($1::uuid[], $2::int8[]) as t (submission_id, revision)
where e.submission_id = t.submission_id and e.revision = t.revision;
