-- Another name for the contributor of a name, or none (schema/sql/0020_own_name.sql).
-- $1 text name   $2 text new name, or NULL to remove it
-- Result: name text as it is now, NULL when somebody else has the new one; no row when there is none of this name.
select r.name
from (select c.contributor_key from contributor c where c.name = $1::text
      order by c.created_at, c.contributor_key limit 1) k,
     lateral contributor_rename(k.contributor_key, $2::text) as r (name);
