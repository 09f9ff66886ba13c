-- Begins an epoch with the entry that names the head before; the row of log_head is held.
-- $1 int epoch   $2 timestamptz at   $3 bytea previous_head   $4 bytea leaf
with begun as (
    insert into log_epoch (epoch, started_at, previous_head) values ($1::int, $2::timestamptz, $3::bytea)
), first as (
    insert into log_entry (epoch, log_index, kind, revision, at, detail, leaf)
    values ($1::int, 0, 'epoch', 0, $2::timestamptz, $3::bytea, $4::bytea)
)
update log_head set epoch = $1::int, size = 1, root = $4::bytea, at = $2::timestamptz where name = 'log';
