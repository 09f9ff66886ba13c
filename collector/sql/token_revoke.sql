-- Revokes tokens that hold: the one of this id, or all of the contributor of this name.
-- $1 text token_id or name   $2 timestamptz now
-- Result: token_id text of each.
update token t set revoked_at = $2::timestamptz
where t.revoked_at is null
  and (t.token_id = $1::text
       or t.contributor_key in (select c.contributor_key from contributor c where c.name = $1::text))
returning token_id;
