-- Optional, by hand, on a Citus coordinator, once after `crosschip-collector migrate`
-- and before there is data: psql -d crosschip -v ON_ERROR_STOP=1 -f distribute.sql
-- Not run by migrate, and not needed on one server.
--
-- A distributed table takes a foreign key only when both its ends are distributed,
-- so the keys of 0001 are dropped, the tables distributed by submission_id side by
-- side (one submission = one shard = no two-phase commit), and the keys put back.

begin;

alter table run drop constraint run_submission_fkey;
alter table measurement drop constraint measurement_submission_fkey;

-- Two to four shards for each core of the workers is a good number.
select create_distributed_table('submission', 'submission_id', shard_count => 32);
select create_distributed_table('run', 'submission_id', colocate_with => 'submission');
select create_distributed_table('measurement', 'submission_id', colocate_with => 'submission');
select create_distributed_table('pending_event', 'submission_id', colocate_with => 'submission');

alter table run add constraint run_submission_fkey
    foreign key (submission_id) references submission (submission_id);
alter table measurement add constraint measurement_submission_fkey
    foreign key (submission_id) references submission (submission_id);

commit;
