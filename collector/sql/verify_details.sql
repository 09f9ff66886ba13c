-- Events that say something else than the rows they are about: the first event of a submission the state and the
-- flags that it came with, every later one a row of moderation.
-- $1 int epoch
-- Result: submission_id uuid, revision int, why text.
with event as (
    select submission_id, revision, kind, detail from log_entry where epoch = $1::int and submission_id is not null
    union all
    select submission_id, revision, kind, detail from pending_event
)
select e.submission_id, e.revision, 'its first event states other findings' as why
from event e join submission s on s.submission_id = e.submission_id
where e.revision = 1 and s.raw is not null
  and e.detail <> sha256(convert_to(e.kind || E'\n' ||
                                    coalesce((select string_agg(flag || E'\n', '' order by place)
                                              from unnest(s.flags) with ordinality as f (flag, place)), ''), 'UTF8'))
union all
select coalesce(e.submission_id, m.submission_id), coalesce(e.revision, m.revision),
       case when m.submission_id is null then 'nobody noted who did it and why'
            when e.submission_id is null then 'a decision that does not stand in the log'
            else 'the log states another decision' end
from (select * from event where revision > 1) e
     full join moderation m on m.submission_id = e.submission_id and m.revision = e.revision
where e.submission_id is null or m.submission_id is null
   or e.detail <> event_detail(m.kind, m.state_after, m.actor, m.rule, m.reason)
order by 1, 2
limit 100;
