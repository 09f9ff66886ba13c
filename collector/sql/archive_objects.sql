-- What stands in this database and is not of an extension: a restore begins where there is nothing.
-- Result: objects int8.
select count(*) as objects
from (select oid, 'pg_class'::regclass as kind
      from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
      union all
      select oid, 'pg_proc'::regclass
      from pg_proc
      where pronamespace = 'public'::regnamespace) thing
where not exists (select from pg_depend where classid = kind and objid = thing.oid and deptype = 'e');
