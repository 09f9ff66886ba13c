-- The place of a follower, held until the end of the transaction; no row while somebody else holds it.
-- $1 text name
-- Result: epoch int, next_index bigint.
select epoch, next_index from follower where name = $1::text for update skip locked;
