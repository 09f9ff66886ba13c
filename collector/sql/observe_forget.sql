-- Forgets what was observed of some submissions. Of erased ones the original is forgotten too, and none that is not
-- quarantined any more is held.
-- $1 uuid[] submission_id
with erased as (
    delete from original o
    using submission s
    where o.submission_id = any ($1::uuid[]) and s.submission_id = o.submission_id and s.original_hash is null
), let_go as (
    delete from held h
    using submission s
    where h.submission_id = any ($1::uuid[]) and s.submission_id = h.submission_id and s.state <> 'quarantined'
    returning h.submission_id
), of_series as (
    delete from held_series where submission_id in (select submission_id from let_go)
)
delete from observation where submission_id = any ($1::uuid[]);
