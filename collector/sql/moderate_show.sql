-- One submission for a moderator.
-- $1 uuid submission_id   $2 bytea content_hash
-- Result: state text, received_at timestamptz, contributor text, contributor_key uuid, origin text, format text,
-- flags text, raw_size int, erased_at timestamptz, revision int. No row: unknown.
select s.state, s.received_at, c.name as contributor, s.contributor_key, s.origin, s.format,
       array_to_string(s.flags, ' ') as flags, s.raw_size, s.erased_at, s.revision
from submission s left join contributor c on c.contributor_key = s.contributor_key
where s.submission_id = $1::uuid and s.content_hash = $2::bytea;
