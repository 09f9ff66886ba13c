-- Where a rebuild keeps what was observed and summarised before.
create temporary table if not exists kept_observation (like observation) on commit delete rows;
create temporary table if not exists kept_figure (like device_figure) on commit delete rows;
create temporary table if not exists kept_cell (like cell) on commit delete rows;
