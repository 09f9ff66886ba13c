-- What the server is set to, as far as it matters here.
-- Result: version text, checksums bool, lz4 bool, connections int4, free int4 (connections that nobody uses now),
-- collation text, page_compression text (of whole pages in the log), shared_mib int8, keys_mib int8 (of the primary keys
-- that each submission changes), log_mib int8 (between checkpoints at most).
select current_setting('server_version') as version,
       current_setting('data_checksums') = 'on' as checksums,
       exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) as lz4,
       current_setting('max_connections')::int as connections,
       current_setting('max_connections')::int - (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as free,
       (select datcollate from pg_database where datname = current_database()) as collation,
       current_setting('wal_compression') as page_compression,
       pg_size_bytes(current_setting('shared_buffers')) >> 20 as shared_mib,
       (select coalesce(sum(pg_relation_size(to_regclass(name))), 0)::int8 >> 20
        from unnest(array ['public.submission_pkey', 'public.run_pkey', 'public.measurement_pkey']) as name) as keys_mib,
       pg_size_bytes(current_setting('max_wal_size')) >> 20 as log_mib;
