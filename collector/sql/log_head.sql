-- The head of the log.
-- Result: epoch int, size bigint, root bytea, at timestamptz (NULL: nothing was sealed yet).
select epoch, size, root, at from log_head where name = 'log';
