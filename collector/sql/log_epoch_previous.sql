-- The head that an epoch follows.
-- $1 int epoch
-- Result: previous_head bytea (SHA-256 of its text).
select previous_head from log_epoch where epoch = $1::int;
