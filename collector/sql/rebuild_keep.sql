-- Keeps what was observed and summarised, and empties the tables. Names (series, workload) and the places of originals
-- are what the log gives whenever it is gone through; they stay.
with observed as (
    delete from observation returning *
), figure as (
    delete from device_figure returning *
), finished as (
    delete from cell returning *
), again as (
    delete from dirty_submission
), dirty as (
    delete from dirty_figure
), kept_observed as (
    insert into kept_observation select * from observed
), kept as (
    insert into kept_figure select * from figure
)
insert into kept_cell select * from finished;
