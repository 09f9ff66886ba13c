-- A moderator's action on a submission.
-- $1 uuid submission_id   $2 text action: accept, reject, withdraw, delete, undo   $3 text actor
-- $4 text rule, or NULL   $5 text reason   $6 timestamptz now
-- Result: state text, revision int.
select state, revision
from submission_moderate($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::timestamptz);
