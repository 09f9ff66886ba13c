-- The hash of a complete subtree; level 0 holds the leaves.
-- $1 int epoch   $2 int level   $3 bigint position
-- Result: hash bytea.
select leaf as hash from log_entry where $2::int = 0 and epoch = $1::int and log_index = $3::bigint
union all
select hash from log_node where $2::int > 0 and epoch = $1::int and level = $2::int and position = $3::bigint;
