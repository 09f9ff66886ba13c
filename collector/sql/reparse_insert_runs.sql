-- The new runs of changed submissions.
-- $1 uuid[] submission_id
insert into run select * from new_run where submission_id = any ($1::uuid[]);
