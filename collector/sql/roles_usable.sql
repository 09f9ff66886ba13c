-- Whether the roles that `serve` takes have their rights here and this account may take them.
-- Result: usable bool.
select count(*) = 2 and coalesce(bool_and(pg_has_role(current_user, r.oid, 'member')), false)
       and coalesce(bool_and(case r.rolname
                             when 'crosschip_ingest' then has_table_privilege(r.oid, 'submission', 'insert')
                             else has_column_privilege(r.oid, 'token', 'secret_hash', 'select') end), false) as usable
from pg_roles r
where r.rolname in ('crosschip_ingest', 'crosschip_auth');
