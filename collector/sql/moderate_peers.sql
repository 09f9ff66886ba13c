-- What other collectors decided about a submission that stands here too.
-- $1 uuid submission_id
-- Result: url text, kind text, at timestamptz.
select url, kind, at from peer_word where submission_id = $1::uuid order by url;
