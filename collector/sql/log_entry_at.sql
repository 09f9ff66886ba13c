-- One entry of the log.
-- $1 int epoch   $2 bigint log_index
-- Result: kind text, content_hash bytea (NULL: of the kind epoch), revision int, at timestamptz, detail bytea.
select kind, content_hash, revision, at, detail from log_entry where epoch = $1::int and log_index = $2::bigint;
