-- The runs of submissions whose rows are replaced.
-- $1 uuid[] submission_id
delete from run where submission_id = any ($1::uuid[]);
