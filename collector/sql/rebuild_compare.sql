-- What is there now, and how much of it, or of what was there before, has no equal on the other side. Figures are compared
-- bit by bit.
-- Result: observations int8, figures int8, cells int8, differing int8.
with differing as (
    (select encode(sha256(record_send(o)), 'hex') as row_hash from observation o
     except all select encode(sha256(record_send(k)), 'hex') from kept_observation k)
    union all
    (select encode(sha256(record_send(k)), 'hex') from kept_observation k
     except all select encode(sha256(record_send(o)), 'hex') from observation o)
    union all
    (select encode(sha256(record_send(f)), 'hex') from device_figure f
     except all select encode(sha256(record_send(k)), 'hex') from kept_figure k)
    union all
    (select encode(sha256(record_send(k)), 'hex') from kept_figure k
     except all select encode(sha256(record_send(f)), 'hex') from device_figure f)
    union all
    (select encode(sha256(record_send(c)), 'hex') from cell c
     except all select encode(sha256(record_send(k)), 'hex') from kept_cell k)
    union all
    (select encode(sha256(record_send(k)), 'hex') from kept_cell k
     except all select encode(sha256(record_send(c)), 'hex') from cell c)
)
select (select count(*) from observation) as observations, (select count(*) from device_figure) as figures,
       (select count(*) from cell) as cells, (select count(*) from differing) as differing;
