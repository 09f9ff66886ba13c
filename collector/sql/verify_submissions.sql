-- Every submission with its bytes, in the order of ids.
-- Result: submission_id uuid, content_hash bytea, raw bytea (NULL once erased), state text, withdraw_hash bytea,
-- original_hash bytea.
select submission_id, content_hash, raw, state, withdraw_hash, original_hash
from submission
order by submission_id;
