-- The next figures that have to be made anew, no longer noted as such.
-- $1 int most
-- Result: cell_key uuid, contributor_key uuid, device_key uuid, in their order.
with next as (
    delete from dirty_figure
    where (cell_key, contributor_key, device_key) in (select cell_key, contributor_key, device_key
                                                      from dirty_figure
                                                      order by cell_key, contributor_key, device_key
                                                      limit $1::int)
    returning cell_key, contributor_key, device_key
)
select cell_key, contributor_key, device_key from next order by cell_key, contributor_key, device_key;
