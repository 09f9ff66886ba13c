-- Stores the submissions that are not there yet, each with its first event.
-- $1 uuid[] submission_id   $2 bytea[] content_hash   $3 timestamptz received_at   $4 text origin
-- $5 uuid[] contributor_key $6 bytea[] withdraw_hash  $7 bytea[] original_hash     $8 text[] format
-- $9 int[] reader_version    $10 text[] state          $11 text[] flags, words separated by a blank
-- $12 jsonb[] findings      $13 bytea[] raw           $14 bytea[] detail of the event
-- Result: submission_id uuid of those that were stored now.
with item as (
    select *
    from unnest($1::uuid[], $2::bytea[], $5::uuid[], $6::bytea[], $7::bytea[], $8::text[], $9::int[], $10::text[],
                $11::text[], $12::jsonb[], $13::bytea[], $14::bytea[])
         as t (submission_id, content_hash, contributor_key, withdraw_hash, original_hash, format, reader_version, state,
               flags, findings, raw, detail)
), stored as (
    insert into submission (submission_id, content_hash, received_at, origin, contributor_key, withdraw_hash,
                            original_hash, format, reader_version, state, revision, flags, findings, raw_size, raw)
    select submission_id, content_hash, $3::timestamptz, $4::text, contributor_key, withdraw_hash, original_hash, format,
           reader_version, state, 1, string_to_array(flags, ' '), findings, octet_length(raw), raw
    from item
    on conflict (submission_id) do nothing
    returning submission_id
)
insert into pending_event (submission_id, revision, kind, at, detail)
select stored.submission_id, 1, item.state, $3::timestamptz, item.detail
from stored join item on item.submission_id = stored.submission_id
returning submission_id;
