-- Nodes of the tree that are not the hash of their children, and those that should be there and are not.
-- Result: epoch int, level int, log_position bigint.
with leaf as (
    select epoch, 0 as level, log_index as position, leaf as hash from log_entry
), every as (
    select epoch, level, position, hash from leaf
    union all
    select epoch, level, position, hash from log_node
), wanted as (
    select epoch, level + 1 as level, position / 2 as position, sha256('\x01'::bytea || hash || right_hash) as hash
    from (select l.epoch, l.level, l.position, l.hash, r.hash as right_hash
          from every l join every r on r.epoch = l.epoch and r.level = l.level and r.position = l.position + 1
          where l.position % 2 = 0) pair
)
select coalesce(w.epoch, n.epoch) as epoch, coalesce(w.level, n.level) as level,
       coalesce(w.position, n.position) as log_position
from wanted w full join log_node n on n.epoch = w.epoch and n.level = w.level and n.position = w.position
where w.hash is distinct from n.hash
order by 1, 2, 3
limit 100;
