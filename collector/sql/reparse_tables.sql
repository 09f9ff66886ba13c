-- Where a reparse puts the rows that today's reader gives, for one batch of submissions.
create temporary table if not exists new_run (like run) on commit delete rows;
create temporary table if not exists new_measurement (like measurement) on commit delete rows;
