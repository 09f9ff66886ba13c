-- Events of a submission that do not stand in the log of this epoch in the order of their revisions, from 1 without a gap.
-- $1 int epoch
-- Result: submission_id uuid, revision int, in the order of the log.
select submission_id, revision
from (select submission_id, revision, log_index,
             row_number() over (partition by submission_id order by log_index) as place
      from log_entry
      where epoch = $1::int and submission_id is not null) event
where revision <> place
order by log_index
limit 100;
