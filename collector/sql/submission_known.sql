-- What is known of submissions that were there already.
-- $1 uuid[] submission_id
-- Result: submission_id uuid, content_hash bytea, state text, received_at timestamptz, flags text (words, a blank between).
select submission_id, content_hash, state, received_at, array_to_string(flags, ' ') as flags
from submission
where submission_id = any ($1::uuid[]);
