-- One submission as its sender may see it.
-- $1 uuid submission_id   $2 bytea content_hash
-- Result: state text, received_at timestamptz, flags text (words, a blank between), findings jsonb,
-- runs int8, measurements int8, replaces bytea, replaced_by bytea (hashes, or NULL), verdicts jsonb (of the judge, the
-- oldest first). No row: unknown.
select s.state, s.received_at, array_to_string(s.flags, ' ') as flags, s.findings,
       (select count(*) from run r where r.submission_id = $1::uuid) as runs,
       (select count(*) from measurement m where m.submission_id = $1::uuid) as measurements,
       (select p.content_hash from replacement p where p.by_id = $1::uuid and p.by_hash = $2::bytea) as replaces,
       (select p.by_hash from replacement p where p.submission_id = $1::uuid) as replaced_by,
       (select coalesce(jsonb_agg(jsonb_build_object(
                   'kind', v.kind, 'rule', v.rule, 'reason', v.reason,
                   'at', to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by v.revision), '[]')
        from verdict v where v.submission_id = $1::uuid) as verdicts
from submission s
where s.submission_id = $1::uuid and s.content_hash = $2::bytea;
