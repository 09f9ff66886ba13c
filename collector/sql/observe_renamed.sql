-- How many series have names that mean something else now; who decides about a name at this moment is waited for by the
-- lock that follows.
-- Result: renamed int8.
select count(*) as renamed from (select from dirty_series limit 1) d;
