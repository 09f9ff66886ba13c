-- The public keys that a collector ever signed with; the secret one is a file beside the data. Local table.

create table signing_key (
    key_id     text collate "C" not null,           -- first 16 hex digits of the SHA-256 of public_key
    public_key bytea not null,                      -- Ed25519
    created_at timestamptz not null,
    retired_at timestamptz,                         -- NULL: in use
    signed_by  text collate "C",                    -- key_id of the one before, …
    signature  bytea,                               -- … which signed this one; both NULL for the first, or when the one before was lost
    constraint signing_key_pkey primary key (key_id),
    constraint signing_key_public_length check (octet_length(public_key) = 32),
    constraint signing_key_signature_length check (octet_length(signature) = 64),
    constraint signing_key_signed check ((signed_by is null) = (signature is null)),
    constraint signing_key_id_form check (key_id ~ '^[0-9a-f]{16}$'),
    constraint signing_key_retired_later check (retired_at >= created_at)
);
