-- A contributor withdraws a submission (schema/sql/0003_people.sql says what is checked).
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea SHA-256 of the secret, or NULL
-- $4 text token_id, or NULL   $5 timestamptz now
-- Result: state text, revision int, at timestamptz of the withdrawal.
select state, revision, at
from submission_withdraw($1::uuid, $2::bytea, $3::bytea, $4::text, $5::timestamptz);
