-- The figures of some submissions.
-- $1 uuid[] submission_id
-- Result: submission_id uuid, contributor_key uuid, series_key uuid, metric text, unit text, value float8, flags text[] of
-- run and measurement, ordered by submission_id and ordinal.
select m.submission_id, s.contributor_key, m.series_key, m.metric, m.unit, coalesce(m.median, m.mean) as value,
       r.flags || m.flags as flags
from submission s
     join measurement m on m.submission_id = s.submission_id
     join run r on r.submission_id = m.submission_id and r.run_no = m.run_no
where s.submission_id = any ($1::uuid[])
order by m.submission_id, m.ordinal;
