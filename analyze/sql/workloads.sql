-- The workloads of some runs: one run of each workload is asked for, since millions share a few.
-- Parameters: $1 uuid[] submission_id, $2 int[] run_no
-- Columns: at bigint (place in the parameters, from 1), workload jsonb
select wanted.at, r.workload
from unnest($1::uuid[], $2::int[]) with ordinality as wanted (submission_id, run_no, at)
join run r using (submission_id, run_no)
