-- The exact bytes of one submission.
-- $1 uuid submission_id   $2 bytea content_hash
-- Result: state text, raw bytea (NULL once erased). No row: unknown.
select state, raw
from submission
where submission_id = $1::uuid and content_hash = $2::bytea;
