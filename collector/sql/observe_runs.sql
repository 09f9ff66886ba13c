-- The runs of some submissions, as far as a cell depends on them.
-- $1 uuid[] submission_id
-- Result: submission_id uuid, run_no int, device_key uuid, chip_name text, chip_count int, variant text, tool text,
-- workload jsonb, device jsonb, ran_at timestamptz, flags text[], in the order of submission_id and run_no.
select submission_id, run_no, device_key, chip_name, chip_count, variant, tool, workload, device, ran_at, flags
from run
where submission_id = any ($1::uuid[])
order by submission_id, run_no;
