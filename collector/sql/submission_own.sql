-- The bytes of a submission whose secret is shown.
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea secret
-- Result: raw bytea.
select submission_own($1::uuid, $2::bytea, $3::bytea) as raw;
