-- The new measurements of changed submissions.
-- $1 uuid[] submission_id
insert into measurement select * from new_measurement where submission_id = any ($1::uuid[]);
