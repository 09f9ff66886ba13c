-- Which version of the reader the rows of some submissions come from.
-- $1 uuid[] submission_id   $2 int[] reader_version
update submission s
set reader_version = t.reader_version
from unnest($1::uuid[], $2::int[]) as t (submission_id, reader_version)
where s.submission_id = t.submission_id and s.reader_version <> t.reader_version;
