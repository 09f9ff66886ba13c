-- The head of the log, held until the end of the transaction; no row while somebody else holds it.
-- Result: epoch int, size bigint, root bytea, at timestamptz.
select epoch, size, root, at from log_head where name = 'log' for update skip locked;
