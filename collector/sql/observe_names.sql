-- Reference rows of some submissions, as far as they are accepted.
-- $1 uuid[] submission_id
with fact as (
    select m.series_key, r.chip_name, r.chip_count, r.workload_key, r.variant, m.metric, m.unit, r.workload
    from submission s
         join run r on r.submission_id = s.submission_id
         join measurement m on m.submission_id = r.submission_id and m.run_no = r.run_no
    where s.submission_id = any ($1::uuid[]) and s.state = 'accepted'
), workloads as (
    insert into workload (workload_key, facts)
    select distinct on (workload_key) workload_key, workload from fact order by workload_key, workload
    on conflict (workload_key) do nothing
)
insert into series (series_key, chip_name, chip_count, workload_key, variant, metric, unit)
select distinct on (series_key) series_key, chip_name, chip_count, workload_key, variant, metric, unit
from fact
order by series_key, chip_name, unit
on conflict (series_key) do nothing;
