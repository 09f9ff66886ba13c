-- What the server is set to, as far as it matters here.
-- Result: version text, checksums bool, lz4 bool, connections int4, free int4 (connections that nobody uses now),
-- collation text.
select current_setting('server_version') as version,
       current_setting('data_checksums') = 'on' as checksums,
       exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) as lz4,
       current_setting('max_connections')::int as connections,
       current_setting('max_connections')::int - (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as free,
       (select datcollate from pg_database where datname = current_database()) as collation;
