-- How many submissions there are, for a progress bar.
-- Result: submissions int8.
select count(*) as submissions from submission;
