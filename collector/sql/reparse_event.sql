-- An event for each submission whose rows were replaced.
-- $1 uuid[] submission_id   $2 timestamptz at   $3 text reason
-- Result: events int8, how many were written.
select count(revision) as events
from unnest($1::uuid[]) as u (submission_id),
     lateral submission_change(u.submission_id, 'reparsed', null, false, 'collector', null, $3::text,
                               $2::timestamptz) as revision;
