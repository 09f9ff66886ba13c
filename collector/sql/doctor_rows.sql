-- Rows that contradict each other. Each is 0 in a sound database.
-- $1 timestamptz now
-- Result: without_runs int8, runs_gone int8 (rows of erased submissions), stale_events int8 (wait for the log for more
-- than a minute), log_gap int8 (entries that the head counts and the table lacks), unlogged int8 (events neither in
-- the log nor waiting).
select (select count(*) from submission s
        where s.raw is not null and not exists (select from run r where r.submission_id = s.submission_id)) as without_runs,
       (select count(*) from run r join submission s on s.submission_id = r.submission_id where s.raw is null) as runs_gone,
       (select count(*) from pending_event where at < $1::timestamptz - interval '1 minute') as stale_events,
       (select h.size - (select count(*) from log_entry e where e.epoch = h.epoch) from log_head h) as log_gap,
       (select count(*) from submission s
        where s.revision > (select count(distinct e.revision) from log_entry e where e.submission_id = s.submission_id)
                           + (select count(*) from pending_event p where p.submission_id = s.submission_id)) as unlogged;
