-- All submissions, whatever their state. Read by COPY.
-- Parameters: none.
-- Columns: content_hash bytea, state text, contributor_key uuid, format text, original_hash bytea or null,
--          received_at timestamptz, findings jsonb or null, epoch int and log_index bigint: where it stands first among
--          those of its original; null until it was judged
select s.content_hash, s.state, s.contributor_key, s.format, s.original_hash, s.received_at, s.findings, o.epoch,
       o.log_index
from submission s
left join original o on o.original_hash = s.original_hash and o.submission_id = s.submission_id
order by s.submission_id
