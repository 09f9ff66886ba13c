-- Makes the row of a follower, at the beginning of the log, if there is none.
-- $1 text name
insert into follower (name, epoch, next_index) values ($1::text, 1, 0) on conflict (name) do nothing;
