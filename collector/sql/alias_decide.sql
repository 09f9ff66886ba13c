-- Decides what a name means, or takes that back.
-- $1 text kind: chip, model   $2 text name   $3 text target, or NULL   $4 text variant   $5 text actor   $6 text reason
-- $7 timestamptz at
-- Result: revision int; 0 when nothing changed.
select alias_decide($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::timestamptz) as revision;
