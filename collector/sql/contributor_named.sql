-- The name that a contributor gave beside a submission; nothing happens when another has it.
-- $1 uuid contributor_key   $2 text name
-- Result: name text as it is now, or NULL.
select contributor_rename($1::uuid, $2::text) as name;
