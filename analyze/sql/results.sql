-- All measurements with the run that they belong to, also of submissions that do not count.
-- Parameters: none.
-- Columns: content_hash text (hex), then those of run (run_no … labels), then those of measurement; flags text: the words of
-- both, a comma and a blank between
select encode(s.content_hash, 'hex') as content_hash,
       r.run_no, r.device_key, r.chip_name, r.chip_count, r.variant, r.ran_at, r.tool, r.tool_version,
       r.workload, r.device, r.setup, r.labels,
       m.ordinal, m.metric, m.unit, m.direction, m.n, m.mean, m.stddev, m.stddev_kind,
       m.min, m.max, m.median, m.samples, array_to_string(r.flags || m.flags, ', ') as flags
from submission s
join run r on r.submission_id = s.submission_id
join measurement m on m.submission_id = r.submission_id and m.run_no = r.run_no
order by s.submission_id, m.ordinal
