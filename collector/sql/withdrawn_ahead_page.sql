-- Withdrawals of submissions that are not here, for others to know; what was told 16 times (WITHDRAWN_HOPS) is not told on.
-- $1 bigint the number that is known   $2 int most
-- Result: number bigint, content_hash bytea, secret bytea, hops int.
select number, content_hash, secret, hops
from withdrawn_ahead
where number > $1::bigint and hops < 16
order by number
limit $2::int;
