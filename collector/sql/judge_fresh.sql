-- Submissions that were accepted by intake. What somebody decided since is left alone.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last
-- Result: submission_id uuid, revision int, raw_size int, in the order of the log.
select e.submission_id, s.revision, s.raw_size
from log_entry e join submission s on s.submission_id = e.submission_id
where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint
  and e.kind = 'accepted' and e.revision = 1 and s.state = 'accepted'
  and not exists (select 1 from moderation d
                  where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'))
order by e.log_index;
