-- Submissions in one state, newest first, for a moderator.
-- $1 text state   $2 text rule that must be among its flags, or NULL   $3 int at most so many
-- Result: content_hash bytea, state text, received_at timestamptz, contributor text (NULL = anonymous), format text,
-- flags text, runs int8, chip text (of the first run).
select s.content_hash, s.state, s.received_at, c.name as contributor, s.format,
       array_to_string(s.flags, ' ') as flags,
       (select count(*) from run r where r.submission_id = s.submission_id) as runs,
       (select r.chip_name from run r where r.submission_id = s.submission_id and r.run_no = 0) as chip
from submission s left join contributor c on c.contributor_key = s.contributor_key
where s.state = $1::text and ($2::text is null or $2::text = any (s.flags))
order by s.received_at desc, s.submission_id
limit $3::int;
