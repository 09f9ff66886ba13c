-- What the followers of the log write: which submission of an original counts, and the narrow rows that statistics are
-- made from. Reference tables (series, workload) hold what their keys stand for. All of it can be rebuilt from the log
-- and the rows of the submissions.

-- Submissions of one redacted original, each where it was accepted first. The first of them that is accepted counts.
create table original (
    original_hash bytea not null,
    submission_id uuid not null,
    epoch         int not null,
    log_index     bigint not null,
    constraint original_pkey primary key (original_hash, submission_id),
    constraint original_hash_size check (octet_length(original_hash) = 32)
);
create index original_by_submission on original (submission_id);

create table workload (
    workload_key uuid not null,
    facts        jsonb not null,                    -- as in run.workload
    constraint workload_pkey primary key (workload_key)
);

create table series (
    series_key   uuid not null,
    chip_name    text collate "C" not null,         -- as given
    chip_count   int not null,
    workload_key uuid not null,
    variant      text collate "C" not null,
    metric       text collate "C" not null,
    unit         text collate "C" not null,
    constraint series_pkey primary key (series_key)
);
create index series_by_workload on series (workload_key, metric, chip_name);

create table observation (
    series_key      uuid not null,
    contributor_key uuid not null,
    device_key      uuid not null,
    submission_id   uuid not null,
    ordinal         int not null,                   -- of the measurement
    ran_at          timestamptz,
    n               int,
    value           float8 not null,                -- median, else mean
    constraint observation_pkey primary key (series_key, contributor_key, device_key, submission_id, ordinal)
);
create index observation_by_submission on observation (submission_id);

-- Series whose figures have to be made anew.
create table dirty_series (
    series_key uuid not null,
    constraint dirty_series_pkey primary key (series_key)
);
