-- How many submissions there are in each state, and the newest of each.
-- Result: state text, submissions int8, bytes int8, newest timestamptz.
select state, count(*) as submissions, coalesce(sum(raw_size), 0)::int8 as bytes, max(received_at) as newest
from submission
group by state
order by state;
