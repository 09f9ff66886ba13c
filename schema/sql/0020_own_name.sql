-- Another name for a contributor, whose submissions and tokens stay his; without one he is shown by the pseudonym that the
-- view `published` has for him. The name that travels beside a submission comes here too.
-- Result: the name as it is now; NULL: there is no such contributor, or another has the new name.
create function contributor_rename(p_contributor_key uuid, p_name text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    new_name text := coalesce(p_name, 'contributor ' || substr(encode(sha256(uuid_send(p_contributor_key)), 'hex'), 1, 16));
begin
    if exists (select from contributor o where o.name = new_name and o.contributor_key <> p_contributor_key) then
        return null;
    end if;
    update contributor c set name = new_name, opt_out = p_name is null
    where c.contributor_key = p_contributor_key and (c.name <> new_name or c.opt_out <> (p_name is null));
    return (select c.name from contributor c where c.contributor_key = p_contributor_key);
end
$$;
revoke all on function contributor_rename(uuid, text) from public;

-- crosschip_ingest may call it. Otherwise grant_roles is as in 0019_verdicts.sql.
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

    grant select on published, verdict, run, measurement, replacement, withdrawal_proof, log_head, log_entry, log_node,
        signing_key to crosschip_answer;
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
