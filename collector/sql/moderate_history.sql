-- What was done with a submission after it came in.
-- $1 uuid submission_id
-- Result: revision int, at timestamptz, kind text, state text after it, actor text, rule text, reason text.
select revision, at, kind, state_after as state, actor, rule, reason
from moderation
where submission_id = $1::uuid
order by revision;
