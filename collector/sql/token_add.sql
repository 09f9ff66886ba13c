-- Adds a token, and the contributor when there is none of this name.
-- $1 text name   $2 uuid contributor_key of a new contributor   $3 text token_id   $4 bytea secret_hash
-- $5 text[] scopes   $6 timestamptz now   $7 timestamptz expires_at
-- Result: contributor_key uuid.
with known as (
    select contributor_key from contributor where name = $1::text order by created_at, contributor_key limit 1
), made as (
    insert into contributor (contributor_key, name, opt_out, created_at)
    select $2::uuid, $1::text, false, $6::timestamptz
    where not exists (select from known)
    returning contributor_key
)
insert into token (token_id, secret_hash, contributor_key, scopes, created_at, expires_at)
select $3::text, $4::bytea, coalesce((select contributor_key from known), (select contributor_key from made)),
       $5::text[], $6::timestamptz, $7::timestamptz
returning contributor_key;
