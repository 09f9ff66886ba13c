-- A stored submission takes the place of an older one (schema/sql/0010_own.sql says what is checked).
-- $1 uuid submission_id of the older one   $2 bytea its content_hash   $3 bytea its secret
-- $4 bytea content_hash of the new one     $5 bytea withdraw_hash of the new one, or NULL   $6 timestamptz now
select submission_replace($1::uuid, $2::bytea, $3::bytea, $4::bytea, $5::bytea, $6::timestamptz);
