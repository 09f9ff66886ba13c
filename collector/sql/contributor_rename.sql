-- Another name for a contributor, whose submissions and tokens stay his; without one he is shown by the pseudonym that
-- view `published` has for him.
-- $1 text name   $2 text new name, or NULL to remove it
-- Result: name text as it is now; no row when there is none of this name, or somebody else has the new one.
update contributor c
set name = coalesce($2::text, 'contributor ' || substr(encode(sha256(uuid_send(c.contributor_key)), 'hex'), 1, 16)),
    opt_out = $2::text is null
where c.contributor_key = (select k.contributor_key from contributor k where k.name = $1::text
                           order by k.created_at, k.contributor_key limit 1)
  and not exists (select from contributor o where o.name = $2::text and o.contributor_key <> c.contributor_key)
returning c.name;
