-- Makes the next key known, signed by the one in use, which is retired.
-- $1 text key_id of the one in use   $2 text key_id   $3 bytea public_key   $4 timestamptz created_at
-- $5 bytea signature
with retired as (
    update signing_key set retired_at = $4::timestamptz
    where key_id = $1::text and retired_at is null
    returning key_id
)
insert into signing_key (key_id, public_key, created_at, signed_by, signature)
select $2::text, $3::bytea, $4::timestamptz, key_id, $5::bytea from retired;
