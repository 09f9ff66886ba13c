-- Notes the day on which tokens were used.
-- $1 text[] token_id   $2 timestamptz now
-- Result: one row without meaning.
select token_used($1::text[], $2::timestamptz);
