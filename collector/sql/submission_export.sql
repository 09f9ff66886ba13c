-- Every submission of some states with its exact bytes, in the order of ids.
-- $1 text[] states (empty: all)   $2 timestamptz received at or after it (NULL: from the beginning)
-- Result: content_hash bytea, state text, received_at timestamptz, origin text,
-- raw bytea (NULL once erased, and of those that were withdrawn).
select content_hash, state, received_at, origin,
       case when state in ('withdrawn', 'deleted') then null else raw end as raw
from submission
where (cardinality($1::text[]) = 0 or state = any ($1::text[]))
  and ($2::timestamptz is null or received_at >= $2::timestamptz)
order by submission_id;
