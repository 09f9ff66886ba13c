-- A verdict of the judge, by the one function that changes a submission.
-- $1 uuid submission_id   $2 text kind   $3 text state after it   $4 text rule   $5 text reason   $6 timestamptz at
-- Result: revision int.
select submission_change($1::uuid, $2::text, $3::text, false, 'crosschip', $4::text, $5::text, $6::timestamptz)
       as revision;
