-- Those of a batch whose rows are not what new_run and new_measurement hold.
-- $1 uuid[] submission_id
-- Result: submission_id uuid.
with old_run as (select * from run where submission_id = any ($1::uuid[])),
     old_measurement as (select * from measurement where submission_id = any ($1::uuid[]))
select submission_id
from (
    (select submission_id from (table old_run except all table new_run) a)
    union
    (select submission_id from (table new_run except all table old_run) b)
    union
    (select submission_id from (table old_measurement except all table new_measurement) c)
    union
    (select submission_id from (table new_measurement except all table old_measurement) d)
) as differing
order by submission_id;
