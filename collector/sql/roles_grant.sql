-- Gives the roles their rights on the tables of today.
-- Result: missing text: names of roles that are not there and may not be made here, a blank between.
select array_to_string(grant_roles(), ' ') as missing;
