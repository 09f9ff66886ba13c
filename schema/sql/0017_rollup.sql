-- What the followers observe and summarise: narrow rows, figures of devices, finished cells. All of it can be made anew
-- from the log and the rows of the submissions (crosschip-collector reparse --rollups); so what was observed without the
-- cell it falls into is thrown away here and observed again from the beginning of the log.

drop table observation;
update follower set epoch = 1, next_index = 0 where name = 'observe';

create table observation (
    series_key      uuid not null,
    contributor_key uuid not null,
    device_key      uuid not null,
    submission_id   uuid not null,
    ordinal         int not null,                   -- of the measurement
    cell_key        uuid not null,                  -- with the names of the catalogue
    ran_at          timestamptz,
    n               int,                            -- runs behind it; NULL = not stated
    value           float8 not null,                -- median, else of the samples, else mean
    flagged         boolean not null,               -- the run or the measurement has flags
    constraint observation_pkey primary key (series_key, contributor_key, device_key, submission_id, ordinal)
);
create index observation_by_submission on observation (submission_id);
create index observation_by_cell on observation (cell_key, contributor_key, device_key);

-- Submissions to be observed again, because names that they hold mean something else now.
create table dirty_submission (
    submission_id uuid not null,
    constraint dirty_submission_pkey primary key (submission_id)
);

-- Figures of devices that have to be made anew.
create table dirty_figure (
    cell_key        uuid not null,
    contributor_key uuid not null,
    device_key      uuid not null,
    constraint dirty_figure_pkey primary key (cell_key, contributor_key, device_key)
);

-- One device in one cell.
create table device_figure (
    cell_key        uuid not null,
    contributor_key uuid not null,
    device_key      uuid not null,
    value           float8 not null,                -- median over its submissions
    submissions     int not null,
    results         int not null,
    runs            bigint,                         -- NULL: one does not say how many
    flagged         int not null,
    least           float8 not null,
    greatest        float8 not null,
    newest          timestamptz,
    constraint device_figure_pkey primary key (cell_key, contributor_key, device_key)
);

create table cell (
    cell_key     uuid not null,
    tool         text collate "C" not null,         -- '' = not stated, here and below
    model        text collate "C" not null,
    quantization text collate "C" not null,
    backend      text collate "C" not null,
    mode         text collate "C" not null,
    task         text collate "C" not null,
    category     text collate "C" not null,
    parameters   text collate "C" not null,
    variant      text collate "C" not null,
    chip         text collate "C" not null,
    chip_variant text collate "C" not null,
    chip_count   bigint not null,
    metric       text collate "C" not null,
    unit         text collate "C" not null,
    value        float8,                            -- NULL: nothing counts in it at present
    low          float8,                            -- 95 % interval of the median; NULL = too few
    high         float8,
    coverage     float8,
    interval_of  text collate "C",                  -- contributors, devices, submissions, samples
    least        float8,
    greatest     float8,
    stddev       float8,                            -- of the only result, sample form
    runs         bigint,
    submissions  int not null,
    devices      int not null,
    contributors int not null,
    flagged      int not null,
    newest       timestamptz,
    constraint cell_pkey primary key (cell_key),
    constraint cell_interval_known check (interval_of in ('contributors', 'devices', 'submissions', 'samples')),
    constraint cell_interval_whole check ((low is null) = (interval_of is null) and (high is null) = (low is null))
);
create index cell_by_chip on cell (chip, model, metric);

-- The rights of the roles on the tables of today.
select grant_roles();
