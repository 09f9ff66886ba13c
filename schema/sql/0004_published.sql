-- What everybody may see: one row for each measurement of an accepted submission. No raw bytes, no
-- words of people, and of the contributor a pseudonym only (NULL: nobody proved who sent it).
create view published as
select m.submission_id, m.ordinal, s.content_hash, s.received_at,
       case when s.contributor_key <> '00000000-0000-0000-0000-000000000000'
            then substr(encode(sha256(uuid_send(s.contributor_key)), 'hex'), 1, 16) collate "C" end as contributor,
       m.run_no, r.device_key, r.chip_name, r.chip_count, r.variant, r.ran_at, r.tool, r.tool_version,
       (r.workload ->> 'model') collate "C" as model,
       (r.workload ->> 'quantization') collate "C" as quantization,
       (r.workload ->> 'backend') collate "C" as backend,
       (r.workload ->> 'mode') collate "C" as mode,
       (r.workload ->> 'task') collate "C" as task,
       r.workload -> 'parameters' as parameters,
       m.metric, m.unit, m.direction, m.n, m.mean, m.stddev, m.stddev_kind, m.min, m.max, m.median, m.flags
from measurement m
     join run r on r.submission_id = m.submission_id and r.run_no = m.run_no
     join submission s on s.submission_id = m.submission_id
where s.state = 'accepted';
