-- Observes some submissions: those that are accepted, and of each original only the first accepted one. Held ones with a
-- figure in the same series are to be looked at again.
-- $1 uuid[] submission_id
with counts as (
    select s.submission_id, s.contributor_key
    from submission s
    where s.submission_id = any ($1::uuid[]) and s.state = 'accepted'
      and not exists (select 1
                      from original mine
                           join original other on other.original_hash = mine.original_hash
                                                  and (other.epoch, other.log_index) < (mine.epoch, mine.log_index)
                           join submission o on o.submission_id = other.submission_id and o.state = 'accepted'
                      where mine.submission_id = s.submission_id)
), taken as (
    insert into observation (series_key, contributor_key, device_key, submission_id, ordinal, ran_at, n, value)
    select m.series_key, c.contributor_key, r.device_key, c.submission_id, m.ordinal, r.ran_at, m.n,
           coalesce(m.median, m.mean)
    from counts c
         join run r on r.submission_id = c.submission_id
         join measurement m on m.submission_id = r.submission_id and m.run_no = r.run_no
    where coalesce(m.median, m.mean) is not null
    order by m.series_key, c.submission_id, m.ordinal
    returning series_key
), noticed as (
    update held set again = true
    where submission_id in (select submission_id from held_series where series_key in (select series_key from taken))
)
insert into dirty_series (series_key)
select distinct series_key from taken order by series_key
on conflict (series_key) do nothing;
