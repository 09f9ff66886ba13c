-- Finished figures of cells; those in which nothing is left go.
-- $1 uuid[] cell_key     $2 float8[] value         $3 float8[] low      $4 float8[] high     $5 float8[] coverage
-- $6 text[] interval_of  $7 float8[] least         $8 float8[] greatest $9 float8[] stddev   $10 int8[] runs
-- $11 int8[] submissions $12 int8[] devices        $13 int8[] contributors $14 int8[] flagged
-- $15 timestamptz[] newest                         $16 uuid[] cells with nothing left
with gone as (
    delete from cell where cell_key = any ($16::uuid[])
)
update cell c
set value = t.value, low = t.low, high = t.high, coverage = t.coverage, interval_of = t.interval_of, least = t.least,
    greatest = t.greatest, stddev = t.stddev, runs = t.runs, submissions = t.submissions, devices = t.devices,
    contributors = t.contributors, flagged = t.flagged, newest = t.newest
from unnest($1::uuid[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::text[], $7::float8[], $8::float8[],
            $9::float8[], $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::int8[], $15::timestamptz[])
     as t (cell_key, value, low, high, coverage, interval_of, least, greatest, stddev, runs, submissions, devices,
           contributors, flagged, newest)
where c.cell_key = t.cell_key;
