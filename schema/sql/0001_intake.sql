-- What intake writes: a submission as received, the runs and measurements read from
-- it, and the event that the log will take up.
--
-- The same text runs on one PostgreSQL and, after distribute.sql, on Citus: every
-- key begins with submission_id, the distribution column; no trigger, no unique
-- constraint beside the primary keys, foreign keys at the end and to submission only.
-- Every text is COLLATE "C", so that sorting is the same everywhere.
-- Times come from the client, never from now(). Missing is NULL, never 0.

create table submission (
    submission_id   uuid not null,                  -- first 16 bytes of content_hash
    content_hash    bytea not null,                 -- SHA-256 of raw
    received_at     timestamptz not null,
    origin          text collate "C" not null,      -- how it came
    contributor_key uuid not null,                  -- all zero: nobody proved who sent it
    withdraw_hash   bytea,                          -- from the bytes: SHA-256 of the withdraw secret
    original_hash   bytea,                          -- SHA-256 of the redacted original, computed here
    format          text collate "C" not null,      -- name of the reader
    reader_version  int not null,
    state           text collate "C" not null,
    revision        int not null,                   -- number of its events
    flags           text[] collate "C" not null,    -- names of the rules that found something
    findings        jsonb,                          -- their words: [{"rule", "path", "message"}]; NULL = none
    raw_size        int not null,
    raw             bytea,                          -- the exact bytes; NULL once erased
    erased_at       timestamptz,
    constraint submission_pkey primary key (submission_id),
    constraint submission_hash_length check (octet_length(content_hash) = 32),
    constraint submission_key_is_prefix check (uuid_send(submission_id) = substr(content_hash, 1, 16)),
    constraint submission_withdraw_length check (octet_length(withdraw_hash) = 32),
    constraint submission_original_length check (octet_length(original_hash) = 32),
    constraint submission_origin_known check (origin in ('http', 'import', 'pull')),
    constraint submission_state_known check (state in ('accepted', 'quarantined', 'rejected', 'withdrawn', 'deleted')),
    constraint submission_revision_positive check (revision >= 1),
    constraint submission_size_stated check (raw_size >= 0 and (raw is null or octet_length(raw) = raw_size)),
    constraint submission_erased check ((raw is null) = (erased_at is not null))
);

create table run (
    submission_id uuid not null,
    run_no        int not null,                     -- from 0, in the order of the bundle
    device_key    uuid not null,                    -- contributor and hash of the hardware facts
    chip_name     text collate "C" not null,        -- as given
    chip_count    int not null,
    workload_key  uuid not null,                    -- hash of `workload`
    variant       text collate "C" not null,
    ran_at        timestamptz,                      -- as claimed; NULL = not stated
    ran_at_local  boolean not null,                 -- stated without a zone: ran_at reads it as UTC
    tool          text collate "C",
    tool_version  text collate "C",
    workload      jsonb not null,                   -- the canonical facts behind workload_key
    device        jsonb not null,                   -- and behind device_key
    setup         jsonb,                            -- what tunes the run and is in no key
    conditions    jsonb,
    labels        jsonb,                            -- text of people, in no key
    flags         text[] collate "C" not null,
    constraint run_pkey primary key (submission_id, run_no),
    constraint run_number_from_zero check (run_no >= 0),
    constraint run_chip_named check (chip_name <> ''),
    constraint run_chip_counted check (chip_count >= 1),
    constraint run_variant_known check (variant in ('alone', 'parallel', 'combined')),
    constraint run_local_time_stated check (ran_at is not null or not ran_at_local)
);

create table measurement (
    submission_id uuid not null,
    ordinal       int not null,                     -- from 0, over all runs of the submission
    run_no        int not null,
    series_key    uuid not null,                    -- chip name, count, workload, variant, metric
    metric        text collate "C" not null,
    unit          text collate "C" not null,        -- of the figures below; '' = none stated
    direction     text collate "C",                 -- which way is better; NULL = not known
    unit_given    text collate "C",                 -- where it was converted: the file's unit
    value_given   float8,                           -- and value
    n             int,                              -- samples behind the figures; NULL = not stated
    mean          float8,
    stddev        float8,
    stddev_kind   text collate "C",
    min           float8,
    max           float8,
    median        float8,
    samples       float8[],                         -- as in the file; NULL items were no numbers
    flags         text[] collate "C" not null,
    constraint measurement_pkey primary key (submission_id, ordinal),
    constraint measurement_ordinal_from_zero check (ordinal >= 0),
    constraint measurement_metric_named check (metric <> ''),
    constraint measurement_direction_known check (direction in ('higher', 'lower')),
    constraint measurement_counted check (n >= 1),
    constraint measurement_stddev_kind_known check (stddev_kind in ('sample', 'population', 'unknown')),
    constraint measurement_stddev_positive check (stddev >= 0),
    constraint measurement_mean_finite check (mean not in ('NaN', 'Infinity', '-Infinity')),
    constraint measurement_stddev_finite check (stddev not in ('NaN', 'Infinity', '-Infinity')),
    constraint measurement_min_finite check (min not in ('NaN', 'Infinity', '-Infinity')),
    constraint measurement_max_finite check (max not in ('NaN', 'Infinity', '-Infinity')),
    constraint measurement_median_finite check (median not in ('NaN', 'Infinity', '-Infinity'))
);

-- One row for every change of a submission, written in the transaction of the change;
-- the sealer moves them into the log. A row lives about a second.
create table pending_event (
    submission_id uuid not null,
    revision      int not null,
    kind          text collate "C" not null,
    at            timestamptz not null,
    detail        bytea not null,                   -- hash of what the event says
    constraint pending_event_pkey primary key (submission_id, revision),
    constraint pending_event_revision_positive check (revision >= 1),
    constraint pending_event_kind_known check (kind in ('accepted', 'quarantined', 'released', 'rejected',
                                                        'withdrawn', 'deleted', 'reparsed', 'claimed'))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0);

-- lz4 decompresses several times faster than pglz; a server built without it keeps its default.
do $$
begin
    alter table submission alter column raw set compression lz4;
    alter table measurement alter column samples set compression lz4;
exception when feature_not_supported then
    null;
end
$$;

-- Last and by name, because a distributed table can take them only after both are distributed.
alter table run add constraint run_submission_fkey
    foreign key (submission_id) references submission (submission_id);
alter table measurement add constraint measurement_submission_fkey
    foreign key (submission_id) references submission (submission_id);
