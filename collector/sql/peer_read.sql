-- What is known of another collector.
-- $1 text url
-- Result: key_id text, epoch int, size bigint, root bytea, head_at timestamptz, next_index bigint, edge bytea,
-- policy text, next_told bigint.
select key_id, epoch, size, root, head_at, next_index, edge, policy, next_told from peer where url = $1::text;
