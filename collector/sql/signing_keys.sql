-- All keys that this collector ever signed with, the oldest first.
-- Result: key_id text, public_key bytea, created_at timestamptz, retired_at timestamptz (NULL = in use),
-- signed_by text, signature bytea (both NULL = nobody vouches for it).
select key_id, public_key, created_at, retired_at, signed_by, signature
from signing_key
order by created_at, key_id;
