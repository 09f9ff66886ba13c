-- Results of accepted submissions between two keys that match; NULL filters match all.
-- $1 uuid submission_id and $2 int ordinal before the first   $3 uuid and $4 int of the last
-- $5 text chip   $6 text model   $7 text quantization   $8 text backend   $9 text task   $10 text metric
-- $11 int at most so many
-- Result: submission_id uuid, ordinal int, content_hash bytea, received_at timestamptz, contributor text, run_no int,
-- chip_name text, chip_count int, variant text, ran_at timestamptz, tool text, tool_version text, model text,
-- quantization text, backend text, mode text, task text, parameters jsonb, metric text, unit text, direction text,
-- n int, mean, stddev float8, stddev_kind text, min, max, median float8, flags text (words, a blank between).
select submission_id, ordinal, content_hash, received_at, contributor, run_no, chip_name, chip_count, variant, ran_at,
       tool, tool_version, model, quantization, backend, mode, task, parameters, metric, unit, direction, n, mean,
       stddev, stddev_kind, min, max, median, array_to_string(flags, ' ') as flags
from published
where (submission_id, ordinal) > ($1::uuid, $2::int) and (submission_id, ordinal) <= ($3::uuid, $4::int)
  and ($5::text is null or chip_name = $5::text)
  and ($6::text is null or model = $6::text)
  and ($7::text is null or quantization = $7::text)
  and ($8::text is null or backend = $8::text)
  and ($9::text is null or task = $9::text)
  and ($10::text is null or metric = $10::text)
order by submission_id, ordinal
limit $11::int;
