-- A submission becomes that of a token's contributor.
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea secret   $4 text token_id   $5 uuid device_key for him
-- $6 timestamptz now
-- Result: name text of the contributor.
select submission_claim($1::uuid, $2::bytea, $3::bytea, $4::text, $5::uuid, $6::timestamptz) as name;
