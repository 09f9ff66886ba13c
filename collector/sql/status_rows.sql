-- How many runs and measurements are stored, and how many events wait for the log.
-- Result: runs int8, measurements int8, waiting int8.
select (select count(*) from run) as runs,
       (select count(*) from measurement) as measurements,
       (select count(*) from pending_event) as waiting;
