-- Results in the shape of a large collector: 20 chips, 10 models, 4 metrics (800 cells); each submission has five runs of
-- four metrics with ten samples. psql variables: submissions (20 measurements each); first, the number of the first one
-- (0); step, from one to the next (1; 20: all of one chip). The same text gives the same rows.
\set ON_ERROR_STOP on
\if :{?first}
\else
\set first 0
\endif
\if :{?step}
\else
\set step 1
\endif
begin;
create temporary table chips as
select row_number() over () - 1 as no, name from unnest(array[
    'Apple M1', 'Apple M1 Pro', 'Apple M1 Max', 'Apple M1 Ultra', 'Apple M2', 'Apple M2 Pro', 'Apple M2 Max',
    'Apple M2 Ultra', 'Apple M3', 'Apple M3 Pro', 'Apple M3 Max', 'Apple M3 Ultra', 'Apple M4', 'Apple M4 Pro',
    'Apple M4 Max', 'NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 4090', 'NVIDIA GeForce RTX 5090',
    'AMD Radeon RX 7900 XTX', 'Intel Arc B580']) as name;
create temporary table models as
select no, jsonb_build_object('model', 'model-' || no, 'quantization', (array['Q4_0', 'Q8_0', 'F16'])[1 + no % 3],
                              'backend', 'bench', 'task', 'tg128', 'parameters', jsonb_build_object('n_gen', 128)) as workload
from generate_series(0, 9) as no;
create temporary table facts as
select i, sha256(convert_to('submission ' || i, 'UTF8')) as hash, c.name as chip, c.no as chip_no,
       md5('contributor ' || i % 3000)::uuid as contributor, md5('device ' || i % 6000 || ' ' || c.no)::uuid as device
from generate_series(:first, :first + (:submissions - 1) * :step, :step) as i join chips c on c.no = i % 20;
insert into submission (submission_id, content_hash, received_at, origin, contributor_key, format, reader_version, state,
                        revision, flags, raw_size, raw)
select encode(substr(hash, 1, 16), 'hex')::uuid, hash, timestamptz '2026-01-01 00:00Z' + i * interval '1 second', 'http',
       contributor, 'bench', 1, 'accepted', 1, '{}', 2, '{}'::bytea
from facts;
insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, ran_at, ran_at_local,
                 tool, tool_version, workload, device, setup, flags)
select encode(substr(hash, 1, 16), 'hex')::uuid, r, device, chip, 1, md5(m.workload::text)::uuid, 'alone',
       timestamptz '2026-01-01 00:00Z' + i * interval '1 second', false, 'bench', 'b' || 4000 + i % 7, m.workload,
       jsonb_build_object('chip', chip, 'os_name', 'Linux', 'os_version', '6.' || i % 5),
       jsonb_build_object('threads', 4 + i % 4), '{}'
from facts cross join generate_series(0, 4) as r join models m on m.no = (i / 20 + r * 2) % 10;
insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, direction, n, mean, stddev, stddev_kind,
                         min, max, median, samples, flags)
select r.submission_id, r.run_no * 4 + k, r.run_no, md5(r.chip_name || r.workload_key || k)::uuid,
       (array['generation_throughput', 'prompt_throughput', 'load_time', 'peak_memory'])[k + 1],
       (array['tok/s', 'tok/s', 'ms', 'MiB'])[k + 1], (array['higher', 'higher', 'lower', 'lower'])[k + 1], 10,
       v, v * 0.02, 'sample', v * 0.97, v * 1.03, v, array_fill(v, array[10]), '{}'
from run r join facts f on r.submission_id = encode(substr(f.hash, 1, 16), 'hex')::uuid cross join generate_series(0, 3) as k
cross join lateral (select (100 + 10 * k + (('x' || substr(md5(r.submission_id::text || r.run_no || k), 1, 7))::bit(28)::int % 1000) / 50.0)::float8 as v) as x;
commit;
analyze submission, run, measurement;
