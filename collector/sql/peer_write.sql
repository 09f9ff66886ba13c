-- Where the work with another collector goes on.
-- $1 text url   $2 text key_id   $3 int epoch   $4 bigint size   $5 bytea root   $6 timestamptz head_at
-- $7 bigint next_index   $8 bytea edge   $9 timestamptz pulled_at   $10 text policy   $11 bigint next_told
insert into peer (url, key_id, epoch, size, root, head_at, next_index, edge, pulled_at, policy, next_told)
values ($1::text, $2::text, $3::int, $4::bigint, $5::bytea, $6::timestamptz, $7::bigint, $8::bytea, $9::timestamptz,
        $10::text, $11::bigint)
on conflict (url) do update
set key_id = excluded.key_id, epoch = excluded.epoch, size = excluded.size, root = excluded.root,
    head_at = excluded.head_at, next_index = excluded.next_index, edge = excluded.edge, pulled_at = excluded.pulled_at,
    policy = excluded.policy, next_told = excluded.next_told;
