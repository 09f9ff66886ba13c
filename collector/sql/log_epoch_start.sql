-- The first sealing of an epoch.
-- $1 int epoch   $2 timestamptz started_at
update log_epoch set started_at = $2::timestamptz where epoch = $1::int and started_at is null;
