CREATE TABLE public.follower (
    name text NOT NULL COLLATE pg_catalog."C",
    epoch integer NOT NULL,
    next_index bigint NOT NULL,
    CONSTRAINT follower_index_from_zero CHECK ((next_index >= 0))
);
CREATE TABLE public.log_entry (
    epoch integer NOT NULL,
    log_index bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    submission_id uuid,
    content_hash bytea,
    revision integer NOT NULL,
    at timestamp with time zone NOT NULL,
    detail bytea NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT log_entry_begins_epoch CHECK (((kind = 'epoch'::text) = (submission_id IS NULL))),
    CONSTRAINT log_entry_detail_length CHECK ((octet_length(detail) = 32)),
    CONSTRAINT log_entry_index_from_zero CHECK ((log_index >= 0)),
    CONSTRAINT log_entry_leaf_length CHECK ((octet_length(leaf) = 32)),
    CONSTRAINT log_entry_named CHECK (((submission_id IS NULL) = (content_hash IS NULL)))
);
CREATE TABLE public.log_epoch (
    epoch integer NOT NULL,
    started_at timestamp with time zone,
    previous_head bytea,
    CONSTRAINT log_epoch_first_follows_none CHECK (((epoch = 1) = (previous_head IS NULL))),
    CONSTRAINT log_epoch_positive CHECK ((epoch >= 1)),
    CONSTRAINT log_epoch_previous_length CHECK ((octet_length(previous_head) = 32))
);
CREATE TABLE public.log_head (
    name text NOT NULL COLLATE pg_catalog."C",
    epoch integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    at timestamp with time zone,
    CONSTRAINT log_head_one CHECK ((name = 'log'::text)),
    CONSTRAINT log_head_root_length CHECK ((octet_length(root) = 32)),
    CONSTRAINT log_head_size_positive CHECK ((size >= 0))
);
CREATE TABLE public.log_node (
    epoch integer NOT NULL,
    level integer NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT log_node_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT log_node_level_known CHECK (((level >= 1) AND (level <= 63)))
);
CREATE TABLE public.measurement (
    submission_id uuid NOT NULL,
    ordinal integer NOT NULL,
    run_no integer NOT NULL,
    series_key uuid NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    direction text COLLATE pg_catalog."C",
    unit_given text COLLATE pg_catalog."C",
    value_given double precision,
    n integer,
    mean double precision,
    stddev double precision,
    stddev_kind text COLLATE pg_catalog."C",
    min double precision,
    max double precision,
    median double precision,
    samples double precision[],
    flags text[] NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT measurement_counted CHECK ((n >= 1)),
    CONSTRAINT measurement_direction_known CHECK ((direction = ANY (ARRAY['higher'::text, 'lower'::text]))),
    CONSTRAINT measurement_max_finite CHECK ((max <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_mean_finite CHECK ((mean <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_median_finite CHECK ((median <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_metric_named CHECK ((metric <> ''::text)),
    CONSTRAINT measurement_min_finite CHECK ((min <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_ordinal_from_zero CHECK ((ordinal >= 0)),
    CONSTRAINT measurement_stddev_finite CHECK ((stddev <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_stddev_kind_known CHECK ((stddev_kind = ANY (ARRAY['sample'::text, 'population'::text, 'unknown'::text]))),
    CONSTRAINT measurement_stddev_positive CHECK ((stddev >= (0)::double precision))
);
ALTER TABLE ONLY public.measurement ALTER COLUMN samples SET COMPRESSION lz4;
CREATE TABLE public.pending_event (
    submission_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    detail bytea NOT NULL,
    CONSTRAINT pending_event_kind_known CHECK ((kind = ANY (ARRAY['accepted'::text, 'quarantined'::text, 'released'::text, 'rejected'::text, 'withdrawn'::text, 'deleted'::text, 'reparsed'::text, 'claimed'::text]))),
    CONSTRAINT pending_event_revision_positive CHECK ((revision >= 1))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');
CREATE TABLE public.run (
    submission_id uuid NOT NULL,
    run_no integer NOT NULL,
    device_key uuid NOT NULL,
    chip_name text NOT NULL COLLATE pg_catalog."C",
    chip_count integer NOT NULL,
    workload_key uuid NOT NULL,
    variant text NOT NULL COLLATE pg_catalog."C",
    ran_at timestamp with time zone,
    ran_at_local boolean NOT NULL,
    tool text COLLATE pg_catalog."C",
    tool_version text COLLATE pg_catalog."C",
    workload jsonb NOT NULL,
    device jsonb NOT NULL,
    setup jsonb,
    conditions jsonb,
    labels jsonb,
    flags text[] NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT run_chip_counted CHECK ((chip_count >= 1)),
    CONSTRAINT run_chip_named CHECK ((chip_name <> ''::text)),
    CONSTRAINT run_local_time_stated CHECK (((ran_at IS NOT NULL) OR (NOT ran_at_local))),
    CONSTRAINT run_number_from_zero CHECK ((run_no >= 0)),
    CONSTRAINT run_variant_known CHECK ((variant = ANY (ARRAY['alone'::text, 'parallel'::text, 'combined'::text])))
);
CREATE TABLE public.schema_migration (
    version integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    sha256 bytea NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT schema_migration_hash_length CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT schema_migration_version_positive CHECK ((version >= 1))
);
CREATE TABLE public.submission (
    submission_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    origin text NOT NULL COLLATE pg_catalog."C",
    contributor_key uuid NOT NULL,
    withdraw_hash bytea,
    original_hash bytea,
    format text NOT NULL COLLATE pg_catalog."C",
    reader_version integer NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    flags text[] NOT NULL COLLATE pg_catalog."C",
    findings jsonb,
    raw_size integer NOT NULL,
    raw bytea,
    erased_at timestamp with time zone,
    CONSTRAINT submission_erased CHECK (((raw IS NULL) = (erased_at IS NOT NULL))),
    CONSTRAINT submission_hash_length CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT submission_key_is_prefix CHECK ((uuid_send(submission_id) = substr(content_hash, 1, 16))),
    CONSTRAINT submission_origin_known CHECK ((origin = ANY (ARRAY['http'::text, 'import'::text, 'pull'::text]))),
    CONSTRAINT submission_original_length CHECK ((octet_length(original_hash) = 32)),
    CONSTRAINT submission_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT submission_size_stated CHECK (((raw_size >= 0) AND ((raw IS NULL) OR (octet_length(raw) = raw_size)))),
    CONSTRAINT submission_state_known CHECK ((state = ANY (ARRAY['accepted'::text, 'quarantined'::text, 'rejected'::text, 'withdrawn'::text, 'deleted'::text]))),
    CONSTRAINT submission_withdraw_length CHECK ((octet_length(withdraw_hash) = 32))
);
ALTER TABLE ONLY public.submission ALTER COLUMN raw SET COMPRESSION lz4;
ALTER TABLE ONLY public.follower
    ADD CONSTRAINT follower_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_event_once UNIQUE (submission_id, revision, epoch);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_pkey PRIMARY KEY (epoch, log_index);
ALTER TABLE ONLY public.log_epoch
    ADD CONSTRAINT log_epoch_pkey PRIMARY KEY (epoch);
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_pkey PRIMARY KEY (epoch, level, "position");
ALTER TABLE ONLY public.measurement
    ADD CONSTRAINT measurement_pkey PRIMARY KEY (submission_id, ordinal);
ALTER TABLE ONLY public.pending_event
    ADD CONSTRAINT pending_event_pkey PRIMARY KEY (submission_id, revision);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (submission_id, run_no);
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.measurement
    ADD CONSTRAINT measurement_submission_fkey FOREIGN KEY (submission_id) REFERENCES public.submission(submission_id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_submission_fkey FOREIGN KEY (submission_id) REFERENCES public.submission(submission_id);
