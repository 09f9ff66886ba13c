-- The events that are sealed next, in their order. An event of a submission never comes before an
-- earlier one of the same: it has a higher revision, and was committed later.
-- $1 int most
-- Result: submission_id uuid, revision int, kind text, at timestamptz, detail bytea, content_hash bytea.
select e.submission_id, e.revision, e.kind, e.at, e.detail, s.content_hash
from pending_event e join submission s on s.submission_id = e.submission_id
order by e.revision, e.at, e.submission_id
limit $1::int;
