-- Tables of this database that are nobody's but ours to fill.
-- Result: tables int8.
select count(*) as tables
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v');
