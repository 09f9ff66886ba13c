-- Changes with every token that is added or revoked (rows are never deleted).
-- Result: added int8, revoked int8.
select count(*) as added, count(revoked_at) as revoked
from token;
