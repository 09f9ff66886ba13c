-- Submissions with observations in series whose names mean something else now are to be observed again.
with gone as (
    delete from dirty_series returning series_key
)
insert into dirty_submission (submission_id)
select distinct o.submission_id
from gone g join observation o on o.series_key = g.series_key
order by 1
on conflict (submission_id) do nothing;
