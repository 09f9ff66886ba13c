-- The figures of one submission beside what the same device sent in other submissions: how steady it is.
-- A device belongs to one contributor; all anonymous ones of equal facts are one device.
-- $1 uuid submission_id
-- Result: run_no int, chip text, model text, task text, metric text, unit text, value float8, flags text, others int8,
-- other_median float8, other_spread float8 (standard deviation over mean of the others; NULL below two).
with mine as (
    select m.ordinal, m.run_no, m.series_key, m.metric, m.unit, coalesce(m.median, m.mean) as value,
           array_to_string(m.flags, ' ') as flags, r.device_key, r.chip_name, r.workload
    from measurement m join run r on r.submission_id = m.submission_id and r.run_no = m.run_no
    where m.submission_id = $1::uuid
), others as (
    select m.series_key, coalesce(m.median, m.mean) as value
    from run r join measurement m on m.submission_id = r.submission_id and m.run_no = r.run_no
    where r.device_key in (select device_key from mine) and r.submission_id <> $1::uuid
), noise as (
    select series_key, count(value) as others, percentile_cont(0.5) within group (order by value) as other_median,
           stddev_samp(value) / nullif(abs(avg(value)), 0) as other_spread
    from others
    group by series_key
)
select mine.run_no, mine.chip_name as chip, mine.workload ->> 'model' as model, mine.workload ->> 'task' as task,
       mine.metric, mine.unit, mine.value, mine.flags, coalesce(noise.others, 0) as others, noise.other_median,
       noise.other_spread
from mine left join noise on noise.series_key = mine.series_key
order by mine.ordinal
limit 1000;
