-- Withdrawals that came from another collector before the submission itself did, with the secret that proves them. Whether
-- it does can only be told by the bytes: when they have come, the submission is withdrawn, or the row was a lie.
create table withdrawn_ahead (
    submission_id uuid not null,
    content_hash  bytea not null,
    secret        bytea not null,
    constraint withdrawn_ahead_pkey primary key (submission_id, content_hash, secret),
    constraint withdrawn_ahead_hash_length check (octet_length(content_hash) = 32),
    constraint withdrawn_ahead_secret_length check (octet_length(secret) = 32)
);
