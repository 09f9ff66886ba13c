-- The only results of some cells.
-- $1 uuid[] cell_key
-- Result: cell_key uuid, stddev float8 (sample form only), samples float8[], ordered by cell.
select o.cell_key, case when m.stddev_kind = 'sample' then m.stddev end as stddev, m.samples
from observation o join measurement m on m.submission_id = o.submission_id and m.ordinal = o.ordinal
where o.cell_key = any ($1::uuid[])
order by o.cell_key;
