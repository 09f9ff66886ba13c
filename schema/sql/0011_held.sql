-- Submissions that are quarantined only because nobody proved who sent them, as the judge left them: it looks at one
-- again when something was observed of a series that it has a figure in. Local tables.

create table held (
    submission_id uuid not null,
    again         boolean not null,                 -- to be looked at
    constraint held_pkey primary key (submission_id)
);
create index held_again on held (submission_id) where again;

create table held_series (
    series_key    uuid not null,
    submission_id uuid not null,
    constraint held_series_pkey primary key (series_key, submission_id)
);
create index held_series_by_submission on held_series (submission_id);

-- Those that were judged before these tables were there.
insert into held (submission_id, again)
select s.submission_id, true
from submission s
where s.state = 'quarantined' and s.flags = '{anonymous}'
  and not exists (select 1 from moderation d
                  where d.submission_id = s.submission_id and d.kind not in ('reparsed', 'claimed'));
insert into held_series (series_key, submission_id)
select distinct m.series_key, h.submission_id
from held h join measurement m on m.submission_id = h.submission_id;
