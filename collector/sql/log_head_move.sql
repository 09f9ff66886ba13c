-- Moves the head of the log forward; its row is held.
-- $1 bigint size   $2 bytea root   $3 timestamptz at
update log_head set size = $1::bigint, root = $2::bytea, at = $3::timestamptz where name = 'log';
