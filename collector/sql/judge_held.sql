-- Held submissions that are to be looked at, and whether they still wait; held until the end of the transaction.
-- $1 int most
-- Result: submission_id uuid, revision int, raw_size int, waits bool, in the order of ids.
select h.submission_id, s.revision, s.raw_size,
       s.state = 'quarantined' and s.raw is not null
       and not exists (select 1 from moderation d
                       where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed')) as waits
from held h join submission s on s.submission_id = h.submission_id
where h.again
order by h.submission_id
limit $1::int
for update of h skip locked;
