-- Results of accepted submissions between two keys that match; NULL filters match all.
-- $1 uuid submission_id and $2 int ordinal before the first   $3 uuid and $4 int of the last
-- $5 text chip   $6 text model   $7 text quantization   $8 text backend   $9 text task   $10 text metric
-- $11 int at most so many
-- The keys come first and in their order, at most 5000; each is then looked up by primary keys, so that neither
-- the history nor the planner's guess of it decides what a page costs.
-- Result: submission_id uuid, ordinal int, content_hash bytea, received_at timestamptz, contributor text, run_no int,
-- chip_name text, chip_count int, variant text, ran_at timestamptz, tool text, tool_version text, model text,
-- quantization text, backend text, mode text, task text, parameters jsonb, metric text, unit text, direction text,
-- n int, mean, stddev float8, stddev_kind text, min, max, median float8, flags text (words, a blank between).
select p.submission_id, p.ordinal, p.content_hash, p.received_at, p.contributor, p.run_no, p.chip_name, p.chip_count,
       p.variant, p.ran_at, p.tool, p.tool_version, p.model, p.quantization, p.backend, p.mode, p.task, p.parameters,
       p.metric, p.unit, p.direction, p.n, p.mean, p.stddev, p.stddev_kind, p.min, p.max, p.median,
       array_to_string(p.flags, ' ') as flags
from (select submission_id, ordinal, metric
      from measurement
      where (submission_id, ordinal) > ($1::uuid, $2::int) and (submission_id, ordinal) <= ($3::uuid, $4::int)
      order by submission_id, ordinal
      limit 5000) key
     cross join lateral (select *
                         from published
                         where published.submission_id = key.submission_id and published.ordinal = key.ordinal
                         limit 1) p
where ($10::text is null or key.metric = $10::text)
  and ($5::text is null or p.chip_name = $5::text)
  and ($6::text is null or p.model = $6::text)
  and ($7::text is null or p.quantization = $7::text)
  and ($8::text is null or p.backend = $8::text)
  and ($9::text is null or p.task = $9::text)
order by key.submission_id, key.ordinal
limit $11::int;
