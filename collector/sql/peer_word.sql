-- Notes what another collector decided, of what stands here too.
-- $1 text url   $2 uuid submission_id   $3 bytea content_hash   $4 text kind   $5 timestamptz at
-- Result: submission_id uuid when it stands here.
insert into peer_word (submission_id, url, kind, at)
select s.submission_id, $1::text, $4::text, $5::timestamptz
from submission s
where s.submission_id = $2::uuid and s.content_hash = $3::bytea
on conflict (submission_id, url) do update set kind = excluded.kind, at = excluded.at
returning submission_id;
