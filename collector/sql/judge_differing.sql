-- Submissions that were accepted by intake and whose original came before with another chip or model: the first accepted
-- one stands, these do not. What somebody decided since is left alone.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last
-- Result: submission_id uuid, revision int, first_hash text (the id of the one that came first), in the order of the log.
with fresh as (
    select e.log_index, s.submission_id, s.revision, s.original_hash
    from log_entry e join submission s on s.submission_id = e.submission_id
    where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint
      and e.kind = 'accepted' and s.state = 'accepted' and s.original_hash is not null
      and not exists (select 1 from moderation d
                      where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'))
), pair as (
    select distinct on (f.submission_id) f.log_index, f.submission_id, f.revision, o.submission_id as first_id, s.content_hash
    from fresh f
         join original mine on mine.original_hash = f.original_hash and mine.submission_id = f.submission_id
         join original o on o.original_hash = f.original_hash and (o.epoch, o.log_index) < (mine.epoch, mine.log_index)
         join submission s on s.submission_id = o.submission_id and s.state = 'accepted'
    order by f.submission_id, o.epoch, o.log_index
), named as (
    select p.submission_id as of_id, r.submission_id,
           array_agg(distinct r.chip_name || E'\n' || r.chip_count || E'\n' || coalesce(r.workload ->> 'model', '')
                     || E'\n' || coalesce(r.workload ->> 'quantization', '')) as names
    from pair p join run r on r.submission_id in (p.submission_id, p.first_id)
    group by p.submission_id, r.submission_id
)
select p.submission_id, p.revision, 'sha256:' || encode(p.content_hash, 'hex') as first_hash
from pair p
     left join named mine on mine.of_id = p.submission_id and mine.submission_id = p.submission_id
     left join named first on first.of_id = p.submission_id and first.submission_id = p.first_id
where mine.names is distinct from first.names
order by p.log_index;
