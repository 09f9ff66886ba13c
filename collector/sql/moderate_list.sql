-- Submissions in one state, newest first, for a moderator.
-- $1 text state   $2 text rule that must be among its flags, or NULL   $3 int at most so many
-- $4 uuid submission_id behind which the list goes on, or NULL   $5 timestamptz the newest that may be, or NULL
-- Result: content_hash bytea, state text, received_at timestamptz, contributor text (NULL = anonymous), format text,
-- flags text, runs int8, chip text (of the first run), found int8 (how many there are from here on).
select s.content_hash, s.state, s.received_at, c.name as contributor, s.format,
       array_to_string(s.flags, ' ') as flags,
       (select count(*) from run r where r.submission_id = s.submission_id) as runs,
       (select r.chip_name from run r where r.submission_id = s.submission_id and r.run_no = 0) as chip,
       s.found
from (select o.*, count(*) over () as found
      from submission o
      where o.state = $1::text and ($2::text is null or $2::text = any (o.flags))
        and ($5::timestamptz is null or o.received_at <= $5::timestamptz)
        and ($4::uuid is null or exists (
             select from submission a
             where a.submission_id = $4::uuid
               and (o.received_at < a.received_at
                    or o.received_at = a.received_at and o.submission_id > a.submission_id)))
      order by o.received_at desc, o.submission_id
      limit $3::int) s
     left join contributor c on c.contributor_key = s.contributor_key
order by s.received_at desc, s.submission_id;
