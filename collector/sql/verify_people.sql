-- Claims and replacements that are not what the decisions in the log say.
-- Result: submission_id uuid, why text.
select s.submission_id, 'it belongs to another contributor than the one who claimed it' as why
from submission s
     join (select distinct on (submission_id) submission_id, reason
           from moderation where kind = 'claimed' order by submission_id, revision desc) c
          on c.submission_id = s.submission_id
where c.reason <> s.contributor_key::text
union all
select coalesce(r.submission_id, m.submission_id),
       case when m.submission_id is null then 'nobody decided that another takes its place'
            else 'another takes its place than was decided' end
from replacement r
     full join (select submission_id, reason from moderation where kind = 'withdrawn' and rule = 'replaced'
                                                               and actor = 'secret') m
          on m.submission_id = r.submission_id
where r.submission_id is null or m.submission_id is null or m.reason <> 'sha256:' || encode(r.by_hash, 'hex')
order by 1
limit 100;
