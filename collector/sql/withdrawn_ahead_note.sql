-- Keeps the withdrawals whose submission is not here (schema/sql/0021_told.sql).
-- $1 text url of who told them   $2 bytea[] content_hash   $3 bytea[] secret   $4 int[] how often each was told
-- Result: place bigint, from 1, of those whose submission is here.
select place from withdrawal_wait($1::text, $2::bytea[], $3::bytea[], $4::int[]);
