-- What a backup says of itself, and a restored database must meet.
-- Result: schema_version int4, submissions int8, log_epoch int4, log_size int8, log_root bytea.
select (select max(version) from schema_migration) as schema_version,
       (select count(*) from submission) as submissions,
       epoch as log_epoch, size as log_size, root as log_root
from log_head;
