-- Only the newest are kept of what one collector tells.
-- $1 text url   $2 int how many
delete from withdrawn_ahead a
where a.url = $1::text
  and a.number <= (select b.number from withdrawn_ahead b where b.url = $1::text order by b.number desc
                   offset $2::int limit 1);
