-- All submissions, whatever their state. Read by COPY.
-- Parameters: none.
-- Columns: content_hash bytea, state text, contributor_key uuid, format text, original_hash bytea or null,
--          received_at timestamptz, findings jsonb or null
select content_hash, state, contributor_key, format, original_hash, received_at, findings
from submission
order by submission_id
