-- All runs, in any order, also of submissions that do not count. Read by COPY.
-- Parameters: none.
-- Columns: submission_id uuid, run_no int, device_key uuid, chip_name text, chip_count int, variant text,
--          ran_at timestamptz or null, tool text or null, tool_version text or null, workload_key uuid, device jsonb,
--          setup jsonb or null, labels jsonb or null, flags text or null
select submission_id, run_no, device_key, chip_name, chip_count, variant, ran_at, tool, tool_version, workload_key, device,
       setup, labels, case when flags <> '{}' then array_to_string(flags, ', ') end as flags
from run
