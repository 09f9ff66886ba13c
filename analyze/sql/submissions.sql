-- All submissions, whatever their state.
-- Parameters: none.
-- Columns: content_hash text (hex), state text, contributor_key uuid, format text,
--          original_hash text (hex) or null, received_at timestamptz, findings jsonb or null
select encode(content_hash, 'hex') as content_hash, state, contributor_key, format,
       encode(original_hash, 'hex') as original_hash, received_at, findings
from submission
order by submission_id
