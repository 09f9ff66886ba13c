-- Reference rows of some submissions, as far as they are accepted and the rows are not there yet.
-- $1 uuid[] submission_id
with fresh as (
    select r.submission_id, r.run_no, r.chip_name, r.chip_count, r.workload_key, r.variant, m.series_key, m.metric, m.unit
    from submission s
         join measurement m on m.submission_id = s.submission_id
         join run r on r.submission_id = m.submission_id and r.run_no = m.run_no
    where s.submission_id = any ($1::uuid[]) and s.state = 'accepted'
      and not exists (select 1 from series known where known.series_key = m.series_key)
), workloads as (
    insert into workload (workload_key, facts)
    select distinct on (f.workload_key) f.workload_key, r.workload
    from fresh f join run r on r.submission_id = f.submission_id and r.run_no = f.run_no
    order by f.workload_key, r.workload
    on conflict (workload_key) do nothing
)
insert into series (series_key, chip_name, chip_count, workload_key, variant, metric, unit)
select distinct on (series_key) series_key, chip_name, chip_count, workload_key, variant, metric, unit
from fresh
order by series_key, chip_name, unit
on conflict (series_key) do nothing;
