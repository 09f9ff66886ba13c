-- Moves a follower; its row is held.
-- $1 text name   $2 int epoch   $3 bigint next_index
update follower set epoch = $2::int, next_index = $3::bigint where name = $1::text;
