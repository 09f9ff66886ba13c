-- The whole log in its order.
-- Result: kind text, content_hash bytea (NULL: of the kind epoch), revision int, at timestamptz, detail bytea,
-- epoch int, log_index bigint, leaf bytea, submission_id uuid, previous_head bytea of its epoch.
select e.kind, e.content_hash, e.revision, e.at, e.detail, e.epoch, e.log_index, e.leaf, e.submission_id,
       h.previous_head
from log_entry e left join log_epoch h on h.epoch = e.epoch
order by e.epoch, e.log_index;
