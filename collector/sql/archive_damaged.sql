-- How many submissions have bytes that are not those of their id.
-- Result: damaged int8.
select count(*) as damaged
from submission
where raw is not null and (sha256(raw) <> content_hash or octet_length(raw) <> raw_size);
