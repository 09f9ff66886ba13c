-- A page of the log with what became of each submission.
-- $1 int epoch   $2 bigint first log_index   $3 bigint size of the log   $4 int most
-- Result: kind text, content_hash bytea (NULL: of the kind epoch), revision int, at timestamptz, detail bytea,
-- log_index bigint, state text (as it is now; NULL: of the kind epoch), secret bytea (of a withdrawal that was proved
-- with it), contributor text (a pseudonym, as in the view published; NULL: nobody proved who sent it).
select e.kind, e.content_hash, e.revision, e.at, e.detail, e.log_index, s.state,
       case when e.kind = 'withdrawn' and s.state = 'withdrawn' then p.secret end as secret,
       case when s.contributor_key <> '00000000-0000-0000-0000-000000000000'
            then substr(encode(sha256(uuid_send(s.contributor_key)), 'hex'), 1, 16) end as contributor
from log_entry e
     left join submission s on s.submission_id = e.submission_id
     left join withdrawal_proof p on p.submission_id = e.submission_id
where e.epoch = $1::int and e.log_index >= $2::bigint and e.log_index < $3::bigint
order by e.log_index
limit $4::int;
