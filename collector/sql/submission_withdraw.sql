-- A contributor withdraws a submission (schema/sql/0003_people.sql says what is checked).
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea SHA-256 of the secret, or NULL
-- $4 text token_id, or NULL   $5 timestamptz now   $6 bytea the secret, or NULL
-- Result: state text, revision int, at timestamptz of the withdrawal, proved bool (the secret was kept now).
select w.state, w.revision, w.at, withdrawal_prove($1::uuid, $6::bytea) as proved
from submission_withdraw($1::uuid, $2::bytea, $3::bytea, $4::text, $5::timestamptz) w;
