-- All tokens, newest first.
-- Result: token_id text, name text, scopes text (words, a blank between), created_at timestamptz,
-- expires_at timestamptz, revoked_at timestamptz, last_used text (the day), contributor_key uuid.
select t.token_id, c.name, array_to_string(t.scopes, ' ') as scopes, t.created_at, t.expires_at, t.revoked_at,
       t.last_used::text as last_used, t.contributor_key
from token t left join contributor c on c.contributor_key = t.contributor_key
order by t.created_at desc, t.token_id;
