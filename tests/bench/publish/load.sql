-- A CSV of published values as submissions: those of one chip, tool and source are one. psql variable: from, the number of
-- the first source that is taken (0 = all); the table `given` holds the lines of the CSV with their source's number.
\set ON_ERROR_STOP on
begin;
create temporary table named as
select g.*,
       case when metric ~ '^(pp|prompt)' then 'prompt_throughput'
            when metric ~ '^(tg|generation)' then 'generation_throughput'
            else trim(both '_' from regexp_replace(lower(metric), '[^a-z0-9]+', '_', 'g')) end as metric_name,
       jsonb_strip_nulls(jsonb_build_object('model', model, 'quantization', nullif(quantization, ''),
           'task', case when metric ~ '^(pp|tg)[0-9]' then metric end, 'parameters', '{}'::jsonb)) as workload
from given g
where value::text !~* 'nan|inf';
create temporary table sent as
select sha256(convert_to(chip || chr(10) || tool || chr(10) || source, 'UTF8')) as hash, chip, tool, source,
       md5(source)::uuid as contributor, md5(chip || source)::uuid as device, row_number() over (order by chip, tool, source) as number
from named group by chip, tool, source;
insert into submission (submission_id, content_hash, received_at, origin, contributor_key, format, reader_version, state,
                        revision, flags, raw_size, raw)
select encode(substr(hash, 1, 16), 'hex')::uuid, hash, timestamptz '2026-01-01 00:00Z' + number * interval '1 second',
       'http', contributor, 'csv', 1, 'accepted', 1, '{}', 2, '{}'::bytea
from sent;
create temporary table runs as
select s.hash, s.device, s.number, n.chip, n.tool, n.workload,
       row_number() over (partition by s.hash order by n.workload::text) - 1 as run_no
from (select distinct chip, tool, source, workload from named) n join sent s using (chip, tool, source);
insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, ran_at, ran_at_local,
                 tool, tool_version, workload, device, setup, flags)
select encode(substr(hash, 1, 16), 'hex')::uuid, run_no, device, chip, 1, md5(workload::text)::uuid, 'alone',
       timestamptz '2026-01-01 00:00Z' + number * interval '1 second', false, tool, '', workload,
       jsonb_build_object('chip', chip), '{}', '{}'
from runs;
insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, direction, n, mean, stddev_kind, flags)
select submission_id, row_number() over (partition by submission_id order by run_no, metric_name) - 1, run_no,
       md5(chip || workload::text || metric_name)::uuid, metric_name, unit, direction, 1, value, 'unknown', '{}'
from (select encode(substr(r.hash, 1, 16), 'hex')::uuid as submission_id, r.run_no, n.chip, n.workload, n.metric_name,
             max(case when n.unit in ('t/s', 'tokens/s') then 'tok/s' else coalesce(n.unit, '') end) as unit,
             max(case when n.higher_is_better = '1' then 'higher' else 'lower' end) as direction,
             percentile_cont(0.5) within group (order by n.value::float8) as value
      from named n join sent s using (chip, tool, source) join runs r on r.hash = s.hash and r.workload = n.workload
      group by 1, 2, 3, 4, 5) m;
commit;
analyze submission, run, measurement;
