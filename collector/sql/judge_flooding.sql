-- Submissions that were accepted by intake and bring more new workloads than anybody has a use for. What
-- somebody decided since is left alone.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last   $4 int how many are allowed
-- Result: submission_id uuid, revision int, workloads int8, in the order of the log.
select e.submission_id, s.revision, count(distinct r.workload_key) as workloads
from log_entry e
     join submission s on s.submission_id = e.submission_id and s.state = 'accepted'
     join run r on r.submission_id = e.submission_id
where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint and e.kind = 'accepted'
  and not exists (select 1 from moderation d
                    where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'))
  and not exists (select 1 from workload w where w.workload_key = r.workload_key)
group by e.log_index, e.submission_id, s.revision
having count(distinct r.workload_key) > $4::int
order by e.log_index;
