-- The tokens that are not revoked, sorted.
-- Result: token_id text, secret_hash bytea, contributor_key uuid, scopes text (words, a blank between),
-- expires_at timestamptz.
select token_id, secret_hash, contributor_key, array_to_string(scopes, ' ') as scopes, expires_at
from token
where revoked_at is null
order by token_id;
