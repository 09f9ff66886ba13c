-- The names of chips that were sent and no alias stands for, with who sent them: all anonymous senders are one.
-- Result: name text, contributors int8, submissions int8, most contributors first.
select r.chip_name as name, count(distinct s.contributor_key) as contributors,
       count(distinct s.submission_id) as submissions
from run r join submission s on s.submission_id = r.submission_id and s.state in ('accepted', 'quarantined')
where not exists (select 1 from alias a where a.kind = 'chip' and a.name = r.chip_name)
group by r.chip_name
order by contributors desc, submissions desc, name;
