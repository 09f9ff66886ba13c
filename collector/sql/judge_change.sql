-- A verdict of the judge, by the one function that changes a submission; nothing when somebody was quicker.
-- $1 uuid submission_id   $2 text kind   $3 text state after it (NULL: as it is)   $4 text rule   $5 text reason
-- $6 timestamptz at   $7 int revision that was judged
-- Result: revision int; no row when it has another one by now.
select submission_change(s.submission_id, $2::text, $3::text, false, 'crosschip', $4::text, $5::text, $6::timestamptz)
       as revision
from (select submission_id from submission where submission_id = $1::uuid and revision = $7::int for update) s;
