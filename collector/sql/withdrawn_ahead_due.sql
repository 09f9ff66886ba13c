-- Withdrawals that came before their submission, which is here now.
-- Result: content_hash bytea, secret bytea.
select a.content_hash, a.secret
from withdrawn_ahead a join submission s on s.submission_id = a.submission_id and s.content_hash = a.content_hash
order by a.submission_id, a.secret;
