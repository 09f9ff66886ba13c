-- Submissions whose state, revision or hash is not what their events in the log of this epoch (and those that wait for
-- it) say.
-- $1 int epoch
-- Result: submission_id uuid, why text.
with event as (
    select submission_id, revision, kind, content_hash from log_entry where epoch = $1::int and submission_id is not null
    union all
    select submission_id, revision, kind, null from pending_event
), fold as (
    select submission_id, count(*) as events, max(revision) as revision, min(encode(content_hash, 'hex')) as least_hash,
           max(encode(content_hash, 'hex')) as most_hash,
           (array_agg(kind order by revision desc) filter (where kind not in ('reparsed', 'claimed')))[1] as kind
    from event
    group by submission_id
)
select coalesce(s.submission_id, f.submission_id) as submission_id,
       case when s.submission_id is null then 'its events stand in the log, it is not there'
            when f.submission_id is null then 'it has no event in the log'
            when f.events <> s.revision or f.revision <> s.revision then 'its revision is not the number of its events'
            when f.least_hash <> f.most_hash or f.most_hash <> encode(s.content_hash, 'hex') then 'the log knows it by another hash'
            else 'its state is not what its events say' end as why
from submission s full join fold f on f.submission_id = s.submission_id
where s.submission_id is null or f.submission_id is null or f.events <> s.revision or f.revision <> s.revision
   or f.least_hash <> f.most_hash or f.most_hash <> encode(s.content_hash, 'hex')
   or s.state is distinct from case f.kind when 'released' then 'accepted' else f.kind end
order by 1
limit 100;
