-- Names cells, as far as they are not there.
-- $1 uuid[] cell_key   $2 text[] tool       $3 text[] model       $4 text[] quantization   $5 text[] backend
-- $6 text[] mode       $7 text[] task       $8 text[] category    $9 text[] parameters     $10 text[] variant
-- $11 text[] chip      $12 text[] chip_variant   $13 text[] metric   $14 text[] unit        $15 int8[] chip_count
insert into cell (cell_key, tool, model, quantization, backend, mode, task, category, parameters, variant, chip,
                  chip_variant, metric, unit, chip_count, submissions, devices, contributors, flagged)
select distinct on (cell_key) c.*, 0, 0, 0, 0
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int8[])
     as c (cell_key, tool, model, quantization, backend, mode, task, category, parameters, variant, chip, chip_variant,
           metric, unit, chip_count)
order by cell_key
on conflict (cell_key) do nothing;
