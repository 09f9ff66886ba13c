-- The figures of one submission.
-- $1 uuid submission_id
-- Result: run_no int, chip text, model text, task text, metric text, unit text, value float8, flags text,
-- series_key uuid, device_key uuid, contributor_key uuid, in the order of ordinals.
select m.run_no, r.chip_name as chip, r.workload ->> 'model' as model, r.workload ->> 'task' as task, m.metric, m.unit,
       coalesce(m.median, m.mean) as value, array_to_string(m.flags, ' ') as flags, m.series_key, r.device_key,
       s.contributor_key
from submission s
     join run r on r.submission_id = s.submission_id
     join measurement m on m.submission_id = r.submission_id and m.run_no = r.run_no
where s.submission_id = $1::uuid
order by m.ordinal
limit 1000;
