-- Whether the roles that `serve` takes have their rights here, on tables that came later as well, and this account may
-- take them.
-- Result: usable bool.
select count(*) = 4 and coalesce(bool_and(pg_has_role(current_user, r.oid, 'member')), false)
       and coalesce(bool_and(case r.rolname
                             when 'crosschip_ingest' then has_table_privilege(r.oid, 'submission', 'insert')
                             when 'crosschip_auth' then has_column_privilege(r.oid, 'token', 'secret_hash', 'select')
                             when 'crosschip_answer' then has_table_privilege(r.oid, 'signing_key', 'select')
                             else (select bool_and(has_table_privilege(r.oid, c.oid, 'select')) from pg_class c
                                   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                                     and c.relname not in ('token', 'schema_migration')) end), false) as usable
from pg_roles r
where r.rolname in ('crosschip_ingest', 'crosschip_auth', 'crosschip_answer', 'crosschip_follow');
