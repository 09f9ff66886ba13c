-- Entries of the log that are not summarised yet.
-- Result: lag int8; no row before anything was.
select h.size - case when f.epoch = h.epoch then f.next_index else 0 end as lag
from log_head h, follower f
where f.name = 'summarise';
