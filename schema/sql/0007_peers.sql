-- Other collectors that this one takes over submissions from, and what they say about those. Local tables.

create table peer (
    url        text collate "C" not null,
    key_id     text collate "C" not null,           -- the key that was found valid last; trust goes on from it
    epoch      int not null,                        -- the newest head that was seen and checked:
    size       bigint not null,
    root       bytea not null,
    head_at    timestamptz not null,
    next_index bigint not null,                     -- of its feed: where to go on
    edge       bytea not null,                      -- of the tree over the entries before that: its peaks, 32 bytes each
    pulled_at  timestamptz not null,
    constraint peer_pkey primary key (url),
    constraint peer_root_length check (octet_length(root) = 32),
    constraint peer_edge_length check (octet_length(edge) % 32 = 0),
    constraint peer_next_within check (next_index between 0 and size)
);

-- What another collector decided about a submission that stands here too: for a moderator to see, never acted upon.
create table peer_word (
    submission_id uuid not null,
    url           text collate "C" not null,
    kind          text collate "C" not null,        -- of its event
    at            timestamptz not null,
    constraint peer_word_pkey primary key (submission_id, url)
);

-- The secrets that withdrawals were proved with: each lets other collectors check that it was the contributor. Once a
-- submission is withdrawn its secret is good for nothing else but withdrawing the same again.
create table withdrawal_proof (
    submission_id uuid not null,
    secret        bytea not null,
    constraint withdrawal_proof_pkey primary key (submission_id),
    constraint withdrawal_proof_length check (octet_length(secret) = 32)
);

-- Keeps the secret when it is the one whose SHA-256 the bytes hold, and the submission is withdrawn; else nothing. It
-- proves itself: anybody may call it.
create function withdrawal_prove(p_submission_id uuid, p_secret bytea) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into withdrawal_proof (submission_id, secret)
    select s.submission_id, p_secret
    from submission s
    where s.submission_id = p_submission_id and s.state = 'withdrawn' and octet_length(p_secret) = 32
      and s.withdraw_hash = sha256(p_secret)
    on conflict (submission_id) do nothing
    returning true
$$;
