-- What the rules found in one submission, in their words.
-- $1 uuid submission_id
-- Result: rule text, severity text, path text, metric text, message text.
select f.value ->> 'rule' as rule, f.value ->> 'severity' as severity, f.value ->> 'path' as path,
       f.value ->> 'metric' as metric, f.value ->> 'message' as message
from submission s cross join lateral jsonb_array_elements(s.findings) with ordinality as f (value, at)
where s.submission_id = $1::uuid
order by f.at;
