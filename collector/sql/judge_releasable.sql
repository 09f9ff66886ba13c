-- Submissions that are quarantined only because nobody proved who sent them, and whose every figure lies where at least
-- three contributors have found it: within 3.5 robust deviations, or a tenth, of their median.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last   $4 int contributors
-- $5 text[] the rules that quarantine, beside the one for anonymous submissions
-- Result: submission_id uuid, revision int, in the order of the log.
with waiting as (
    select e.log_index, s.submission_id, s.revision
    from log_entry e join submission s on s.submission_id = e.submission_id
    where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint and e.kind = 'quarantined'
      and e.revision = 1 and s.state = 'quarantined'
      and not exists (select 1 from moderation d
                      where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'))
      and 'anonymous' = any (s.flags) and not s.flags && $5::text[]
), figure as (
    select w.log_index, w.submission_id, w.revision, m.ordinal, m.series_key, coalesce(m.median, m.mean) as value
    from waiting w join measurement m on m.submission_id = w.submission_id
), known as (
    select o.series_key, count(distinct o.contributor_key) as contributors,
           percentile_cont(0.5) within group (order by o.value) as median
    from observation o
    where o.series_key in (select series_key from figure) and o.contributor_key <> '00000000-0000-0000-0000-000000000000'
    group by o.series_key
), spread as (
    select k.series_key, k.contributors, k.median,
           percentile_cont(0.5) within group (order by abs(o.value - k.median)) as mad
    from known k join observation o on o.series_key = k.series_key
    where o.contributor_key <> '00000000-0000-0000-0000-000000000000'
    group by k.series_key, k.contributors, k.median
)
select f.submission_id, f.revision
from figure f left join spread s on s.series_key = f.series_key
group by f.log_index, f.submission_id, f.revision
having bool_and(coalesce(s.contributors >= $4::int
                         and abs(f.value - s.median) <= greatest(3.5 * 1.4826 * s.mad, abs(s.median) / 10), false))
order by f.log_index;
