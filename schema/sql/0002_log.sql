-- The log: every event of every submission in one order, as a Merkle tree (RFC 9162).
-- Local tables: they stay on the coordinator, and only whoever holds the row of log_head
-- writes them.

-- A log that was begun anew, after a restored backup, follows the one before.
create table log_epoch (
    epoch         int not null,
    started_at    timestamptz,                      -- NULL: nothing was sealed yet
    previous_head bytea,                            -- SHA-256 of the head text of the epoch before
    constraint log_epoch_pkey primary key (epoch),
    constraint log_epoch_positive check (epoch >= 1),
    constraint log_epoch_first_follows_none check ((epoch = 1) = (previous_head is null)),
    constraint log_epoch_previous_length check (octet_length(previous_head) = 32)
);

-- One row; its lock is what makes one sealer at a time.
create table log_head (
    name  text collate "C" not null,
    epoch int not null,
    size  bigint not null,                          -- entries so far
    root  bytea not null,
    at    timestamptz,                              -- of the newest sealing
    constraint log_head_pkey primary key (name),
    constraint log_head_one check (name = 'log'),
    constraint log_head_size_positive check (size >= 0),
    constraint log_head_root_length check (octet_length(root) = 32)
);

create table log_entry (
    epoch         int not null,
    log_index     bigint not null,                  -- from 0, without a gap
    kind          text collate "C" not null,
    submission_id uuid,                             -- NULL: the entry that begins an epoch
    content_hash  bytea,                            -- the submission's whole id
    revision      int not null,
    at            timestamptz not null,
    detail        bytea not null,
    leaf          bytea not null,
    constraint log_entry_pkey primary key (epoch, log_index),
    constraint log_entry_event_once unique (submission_id, revision, epoch),
    constraint log_entry_index_from_zero check (log_index >= 0),
    constraint log_entry_begins_epoch check ((kind = 'epoch') = (submission_id is null)),
    constraint log_entry_named check ((submission_id is null) = (content_hash is null)),
    constraint log_entry_leaf_length check (octet_length(leaf) = 32),
    constraint log_entry_detail_length check (octet_length(detail) = 32)
);

-- Complete subtrees of two leaves and more: node `position` of `level` covers 2^level leaves.
create table log_node (
    epoch    int not null,
    level    int not null,
    position bigint not null,
    hash     bytea not null,
    constraint log_node_pkey primary key (epoch, level, position),
    constraint log_node_level_known check (level between 1 and 63),
    constraint log_node_hash_length check (octet_length(hash) = 32)
);

-- Where each follower goes on. It changes this row in the transaction of what it writes.
create table follower (
    name       text collate "C" not null,
    epoch      int not null,
    next_index bigint not null,
    constraint follower_pkey primary key (name),
    constraint follower_index_from_zero check (next_index >= 0)
);

insert into log_epoch (epoch) values (1);
insert into log_head (name, epoch, size, root) values ('log', 1, 0, sha256(''));
