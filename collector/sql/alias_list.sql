-- All decisions about names of a kind.
-- $1 text kind
-- Result: name text, revision int, target text (NULL: taken back), variant text, actor text, reason text, at timestamptz,
-- holds bool (it is the newest of the name).
select name, revision, target, variant, actor, reason, at,
       revision = max(revision) over (partition by name) as holds
from alias_decision
where kind = $1::text
order by name, revision;
