-- Withdrawals that came before their submission, which is here now. What was deleted here is gone for good; its withdrawal
-- waits on, to be told to others.
-- Result: content_hash bytea, secret bytea.
select distinct a.content_hash, a.secret
from withdrawn_ahead a join submission s on s.submission_id = a.submission_id and s.content_hash = a.content_hash
where s.state <> 'deleted'
order by a.content_hash, a.secret;
