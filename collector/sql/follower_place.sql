-- How far a follower came.
-- $1 text name
-- Result: epoch int, next_index bigint.
select epoch, next_index from follower where name = $1::text;
