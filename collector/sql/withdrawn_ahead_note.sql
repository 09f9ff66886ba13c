-- Keeps a withdrawal of a submission that is not here.
-- $1 uuid submission_id   $2 bytea content_hash   $3 bytea secret
insert into withdrawn_ahead (submission_id, content_hash, secret)
values ($1::uuid, $2::bytea, $3::bytea)
on conflict (submission_id, content_hash, secret) do nothing;
