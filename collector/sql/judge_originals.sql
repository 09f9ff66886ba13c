-- Notes where submissions of an original were accepted first.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last
insert into original (original_hash, submission_id, epoch, log_index)
select s.original_hash, s.submission_id, $1::int, min(e.log_index)
from log_entry e join submission s on s.submission_id = e.submission_id
where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint
  and e.kind in ('accepted', 'released') and s.original_hash is not null
group by s.original_hash, s.submission_id
order by 1, 2
on conflict (original_hash, submission_id) do nothing;
