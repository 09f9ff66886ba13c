-- The head of the log: what a publication can be checked against. No row while nothing was sealed.
-- Parameters: none.
-- Columns: epoch int, size bigint, root text (hex)
select epoch, size, encode(root, 'hex') as root
from log_head
where size > 0
