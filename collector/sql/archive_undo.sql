-- Takes away what a restore made in a database in which archive_objects had found nothing.
do $$
declare
    command text;
begin
    for command in
        select format('drop %s if exists %I cascade', case relkind when 'v' then 'view' else 'table' end, relname)
        from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and not exists
              (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
        union all
        select format('drop function if exists %s cascade', oid::regprocedure)
        from pg_proc
        where pronamespace = 'public'::regnamespace and not exists
              (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
    loop
        execute command;
    end loop;
end $$
