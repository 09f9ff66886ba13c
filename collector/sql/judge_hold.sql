-- Notes submissions that are quarantined only because nobody proved who sent them: they are looked at when others have
-- shown what they state.
-- $1 int epoch   $2 bigint first log_index   $3 bigint behind the last
-- $4 text[] the rules that quarantine, beside the one for anonymous submissions
with waiting as (
    select distinct s.submission_id
    from log_entry e join submission s on s.submission_id = e.submission_id
    where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint
      and e.kind in ('quarantined', 'reparsed') and s.state = 'quarantined' and s.raw is not null
      and 'anonymous' = any (s.flags) and not s.flags && $4::text[]
      and not exists (select 1 from moderation d
                      where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'))
), noted as (
    insert into held (submission_id, again)
    select submission_id, true from waiting order by submission_id
    on conflict (submission_id) do update set again = true
)
insert into held_series (series_key, submission_id)
select distinct m.series_key, m.submission_id
from waiting w join measurement m on m.submission_id = w.submission_id
order by m.series_key, m.submission_id
on conflict (series_key, submission_id) do nothing;
