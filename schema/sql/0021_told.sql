-- Withdrawals of submissions that are not here are told on: so one passes through collectors that never held the submission.
-- Nobody can check it without the bytes. So of each collector that tells only the newest are kept (WITHDRAWN_KEPT in
-- collector/take/withdrawn.h), apart from what others tell, and none is told on more than 16 times.
alter table withdrawn_ahead add column number bigint generated always as identity;
alter table withdrawn_ahead add column url text collate "C" not null default '';
alter table withdrawn_ahead alter column url drop default;
alter table withdrawn_ahead add column hops int not null default 1; -- how often it was told until it was here
alter table withdrawn_ahead alter column hops drop default;
alter table withdrawn_ahead drop constraint withdrawn_ahead_pkey;
alter table withdrawn_ahead add constraint withdrawn_ahead_pkey primary key (submission_id, content_hash, secret, url);
alter table withdrawn_ahead add constraint withdrawn_ahead_hops_few check (hops between 1 and 16);
create unique index withdrawn_ahead_number on withdrawn_ahead (number);
create unique index withdrawn_ahead_by_url on withdrawn_ahead (url, number);

-- Of what the other collector tells of those: where to go on.
alter table peer add column next_told bigint not null default 0;
alter table peer alter column next_told drop default;
alter table peer add constraint peer_next_told_known check (next_told >= 0);

-- Keeps those of p_url whose submission is not here, or was deleted here. Who reads the rows goes on from the highest number
-- that he saw, so that none may become visible after a higher one: they are numbered one transaction at a time.
-- Result: the places, from 1, of the others, whose submission is here.
create function withdrawal_wait(p_url text, p_content_hash bytea[], p_secret bytea[], p_hops int[])
returns table (place bigint) language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    lock table withdrawn_ahead in share row exclusive mode;
    insert into withdrawn_ahead (submission_id, content_hash, secret, url, hops)
    select encode(substr(t.content_hash, 1, 16), 'hex')::uuid, t.content_hash, t.secret, p_url, t.hops
    from unnest(p_content_hash, p_secret, p_hops) with ordinality as t (content_hash, secret, hops, at)
         left join submission s on s.submission_id = encode(substr(t.content_hash, 1, 16), 'hex')::uuid
                                and s.content_hash = t.content_hash and s.state <> 'deleted'
    where s.submission_id is null and t.hops <= 16
    order by t.at
    on conflict on constraint withdrawn_ahead_pkey do nothing;
    return query
        select t.at
        from unnest(p_content_hash) with ordinality as t (content_hash, at)
             join submission s on s.submission_id = encode(substr(t.content_hash, 1, 16), 'hex')::uuid
                              and s.content_hash = t.content_hash and s.state <> 'deleted'
        order by t.at;
end
$$;

-- crosschip_answer reads what waits. Otherwise grant_roles is as in 0020_own_name.sql.
create or replace function grant_roles() returns text[] language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    role_name text;
    missing text[] := '{}';
begin
    foreach role_name in array array['crosschip_ingest', 'crosschip_follow', 'crosschip_auth', 'crosschip_answer',
                                     'crosschip_reader', 'crosschip_moderator', 'crosschip_admin'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            begin
                execute format('create role %I nologin', role_name);
                execute format('grant %I to %I', role_name, current_user);
            exception
                when insufficient_privilege then missing := missing || role_name;
                when duplicate_object or unique_violation then null; -- somebody else was as quick
            end;
        end if;
    end loop;
    if missing <> '{}' then
        return missing;
    end if;
    begin
        revoke create on schema public from public;
    exception when insufficient_privilege then null; -- another's schema; new databases have it so since version 15
    end;
    revoke all on submission, run, measurement, pending_event, contributor, token, moderation, published from public;
    revoke all on all tables in schema public from crosschip_ingest, crosschip_follow, crosschip_auth,
        crosschip_answer, crosschip_reader, crosschip_moderator;

    grant insert on submission, run, measurement, pending_event to crosschip_ingest;
    grant select (submission_id, content_hash, state, received_at, flags) on submission to crosschip_ingest;
    grant select (submission_id) on pending_event to crosschip_ingest;
    grant execute on function contributor_rename(uuid, text) to crosschip_ingest;

    grant select, insert, update, delete on all tables in schema public to crosschip_follow;
    revoke all on token, moderation, schema_migration from crosschip_follow;
    grant select on moderation, schema_migration to crosschip_follow;
    grant execute on function submission_change(uuid, text, text, boolean, text, text, text, timestamptz, uuid)
        to crosschip_follow;

    grant select (token_id, secret_hash, contributor_key, scopes, expires_at, revoked_at) on token to crosschip_auth;
    grant execute on function token_used(text[], timestamptz) to crosschip_auth;
    grant execute on function submission_withdraw(uuid, bytea, bytea, text, timestamptz) to crosschip_auth;

    grant select on published, verdict, run, measurement, replacement, withdrawal_proof, withdrawn_ahead, log_head, log_entry,
        log_node, signing_key to crosschip_answer;
    grant select (submission_id, content_hash, received_at, contributor_key, state, revision, flags, findings, raw_size,
                  raw, erased_at) on submission to crosschip_answer;

    grant select on published to crosschip_reader;

    grant select (submission_id, content_hash, received_at, origin, contributor_key, format, reader_version, state,
                  revision, flags, findings, raw_size, erased_at) on submission to crosschip_moderator;
    grant select on run, measurement, contributor, moderation to crosschip_moderator;
    grant execute on function submission_moderate(uuid, text, text, text, text, timestamptz) to crosschip_moderator;

    grant all on all tables in schema public to crosschip_admin;
    grant execute on function submission_change(uuid, text, text, boolean, text, text, text, timestamptz, uuid),
        submission_moderate(uuid, text, text, text, text, timestamptz), token_used(text[], timestamptz),
        submission_withdraw(uuid, bytea, bytea, text, timestamptz), contributor_rename(uuid, text) to crosschip_admin;
    return missing;
end
$$;
select grant_roles();
