-- Makes a key known, if it is the first.
-- $1 text key_id   $2 bytea public_key   $3 timestamptz created_at
-- Result: key_id text, when it was the first.
insert into signing_key (key_id, public_key, created_at)
select $1::text, $2::bytea, $3::timestamptz
where not exists (select 1 from signing_key)
returning key_id;
