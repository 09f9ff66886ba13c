-- Forgets a withdrawal that was carried out, or was none.
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea secret
delete from withdrawn_ahead where submission_id = $1::uuid and content_hash = $2::bytea and secret = $3::bytea;
