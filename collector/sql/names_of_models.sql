-- The names of models that were sent and no alias stands for, with who sent them: all anonymous senders are one.
-- Result: name text, contributors int8, submissions int8, most contributors first.
with named as (
    select coalesce(r.workload ->> 'model', r.workload ->> 'model_as_given') collate "C" as name, s.contributor_key,
           s.submission_id
    from run r join submission s on s.submission_id = r.submission_id and s.state in ('accepted', 'quarantined')
)
select n.name, count(distinct n.contributor_key) as contributors, count(distinct n.submission_id) as submissions
from named n
where n.name <> '' and not exists (select 1 from alias a where a.kind = 'model' and a.name = n.name)
group by n.name
order by contributors desc, submissions desc, n.name;
