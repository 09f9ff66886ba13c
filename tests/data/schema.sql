CREATE FUNCTION public.alias_decide(p_kind text, p_name text, p_target text, p_variant text, p_actor text, p_reason text, p_at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    newest alias_decision%rowtype;
begin
    lock table alias_decision in share row exclusive mode; -- two who decide at once
    select * into newest from alias_decision d
    where d.kind = p_kind and d.name = p_name order by d.revision desc limit 1;
    if newest.target is not distinct from p_target and (p_target is null or newest.variant = p_variant) then
        return 0;
    end if;
    insert into alias_decision (kind, name, revision, target, variant, actor, reason, at)
    values (p_kind, p_name, coalesce(newest.revision, 0) + 1, p_target, p_variant, p_actor, p_reason, p_at);
    insert into dirty_series (series_key)
    select s.series_key
    from series s left join workload w on w.workload_key = s.workload_key
    where case p_kind when 'chip' then s.chip_name = p_name
                      else coalesce(w.facts ->> 'model', w.facts ->> 'model_as_given') = p_name end
    order by 1
    on conflict (series_key) do nothing;
    return coalesce(newest.revision, 0) + 1;
end
$$;
CREATE FUNCTION public.alias_decision_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'alias_decision is append-only' using errcode = '42501';
end
$$;
CREATE FUNCTION public.contributor_rename(p_contributor_key uuid, p_name text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.event_detail(p_kind text, p_state text, p_actor text, p_rule text, p_reason text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    AS $$
    select sha256(convert_to(p_kind || E'\n' || p_state || E'\n' || p_actor || E'\n' || coalesce(p_rule, '') || E'\n'
                             || p_reason || E'\n', 'UTF8'))
$$;
CREATE FUNCTION public.grant_roles() RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
CREATE FUNCTION public.moderation_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'moderation is append-only' using errcode = '42501';
end
$$;
CREATE FUNCTION public.submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone, p_contributor_key uuid DEFAULT NULL::uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    before submission%rowtype;
    after_state text;
    new_revision int;
begin
    select * into before from submission s where s.submission_id = p_submission_id for update;
    if not found then
        raise exception 'no submission has this id' using errcode = 'CR404';
    end if;
    after_state := coalesce(p_state, before.state);
    if not (case p_kind
            when 'released' then before.state = 'quarantined' and after_state = 'accepted'
                 or after_state = 'accepted' and before.state in ('rejected', 'withdrawn')
            when 'rejected' then after_state = 'rejected' and before.state in ('quarantined', 'accepted', 'withdrawn')
            when 'quarantined' then after_state = 'quarantined'
                 and before.state in ('accepted', 'quarantined', 'rejected', 'withdrawn')
            when 'withdrawn' then after_state = 'withdrawn' and before.state <> 'deleted'
            when 'deleted' then after_state = 'deleted' and before.state <> 'deleted' and p_erase
            when 'reparsed' then after_state = before.state
            when 'claimed' then after_state = before.state and p_contributor_key is not null
            else false end) then
        raise exception 'a submission that is % cannot become %', before.state, p_kind using errcode = 'CR409';
    end if;
    if before.raw is null and p_kind not in ('withdrawn', 'deleted') then
        raise exception 'the bytes of this submission are gone' using errcode = 'CR409';
    end if;
    if p_erase and before.raw is not null then
        delete from measurement m where m.submission_id = p_submission_id;
        delete from run r where r.submission_id = p_submission_id;
        update submission s
        set raw = null, erased_at = p_at, original_hash = null, findings = null, flags = '{}',
            withdraw_hash = case when after_state = 'deleted' then null else s.withdraw_hash end
        where s.submission_id = p_submission_id;
    end if;
    update submission s
    set state = after_state, revision = s.revision + 1,
        contributor_key = coalesce(p_contributor_key, s.contributor_key)
    where s.submission_id = p_submission_id
    returning s.revision into new_revision;
    insert into pending_event (submission_id, revision, kind, at, detail)
    values (p_submission_id, new_revision, p_kind, p_at,
            event_detail(p_kind, after_state, p_actor, p_rule, p_reason));
    insert into moderation (submission_id, revision, kind, actor, rule, reason, state_before, state_after, at)
    values (p_submission_id, new_revision, p_kind, p_actor, p_rule, p_reason, before.state, after_state, p_at);
    return new_revision;
end
$$;
CREATE FUNCTION public.submission_claim(p_submission_id uuid, p_content_hash bytea, p_secret bytea, p_token_id text, p_device_key uuid, p_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    proof token%rowtype;
begin
    perform submission_own(p_submission_id, p_content_hash, p_secret);
    select * into proof from token t
    where t.token_id = p_token_id and t.revoked_at is null and t.expires_at > p_at
      and t.scopes && array['submit', 'admin'];
    if not found then
        raise exception 'this token may not claim a submission' using errcode = 'CR403';
    end if;
    if (select s.contributor_key from submission s where s.submission_id = p_submission_id) <> proof.contributor_key then
        perform submission_change(p_submission_id, 'claimed', null, false, 'token:' || p_token_id, null,
                                  proof.contributor_key::text, p_at, proof.contributor_key);
        update run r set device_key = p_device_key where r.submission_id = p_submission_id;
    end if;
    return (select c.name from contributor c where c.contributor_key = proof.contributor_key);
end
$$;
CREATE FUNCTION public.submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone) RETURNS TABLE(state text, revision integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    last_one moderation%rowtype;
    now_is text;
begin
    if coalesce(p_reason, '') !~ '[^[:space:]]' then
        raise exception 'a reason is needed' using errcode = 'CR422';
    end if;
    if p_actor !~ '^(moderator|token):.' then
        raise exception 'only a moderator may do this' using errcode = 'CR422';
    end if;
    select s.state into now_is from submission s where s.submission_id = p_submission_id for update;
    if now_is = (case p_action when 'accept' then 'accepted' when 'reject' then 'rejected' when 'withdraw' then 'withdrawn'
                               when 'delete' then 'deleted' end) then
        raise exception 'this submission is % already', now_is using errcode = 'CR409';
    end if;
    case p_action
    when 'accept' then
        perform submission_change(p_submission_id, 'released', 'accepted', false, p_actor, p_rule, p_reason, p_at);
    when 'reject' then
        perform submission_change(p_submission_id, 'rejected', 'rejected', false, p_actor, p_rule, p_reason, p_at);
    when 'withdraw' then
        perform submission_change(p_submission_id, 'withdrawn', 'withdrawn', false, p_actor, p_rule, p_reason, p_at);
    when 'delete' then
        perform submission_change(p_submission_id, 'deleted', 'deleted', true, p_actor, p_rule, p_reason, p_at);
    when 'undo' then
        select * into last_one from moderation m
        where m.submission_id = p_submission_id and m.kind not in ('reparsed', 'claimed')
        order by m.revision desc limit 1;
        if not found or last_one.actor !~ '^(moderator|token):' or last_one.state_before = last_one.state_after then
            raise exception 'there is no moderator''s action to undo' using errcode = 'CR422';
        end if;
        perform submission_change(p_submission_id,
                                  case last_one.state_before when 'accepted' then 'released' else last_one.state_before end,
                                  last_one.state_before, false, p_actor, p_rule, p_reason, p_at);
    else
        raise exception 'unknown action %', p_action using errcode = 'CR422';
    end case;
    return query select s.state, s.revision from submission s where s.submission_id = p_submission_id;
end
$$;
CREATE FUNCTION public.submission_own(p_submission_id uuid, p_content_hash bytea, p_secret bytea) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    found_one submission%rowtype;
begin
    select * into found_one from submission s where s.submission_id = p_submission_id for update;
    if not found or found_one.content_hash <> p_content_hash then
        raise exception 'no submission has this id' using errcode = 'CR404';
    end if;
    if found_one.raw is null then
        raise exception 'this submission was %', found_one.state using errcode = 'CR410';
    end if;
    if found_one.withdraw_hash is distinct from sha256(p_secret) then
        raise exception 'this is not the secret of this submission' using errcode = 'CR403';
    end if;
    if exists (select from withdrawal_proof p where p.secret = p_secret and p.submission_id <> p_submission_id) then
        raise exception 'this secret is known to all since another submission of the same original was withdrawn'
            using errcode = 'CR403';
    end if;
    return found_one.raw;
end
$$;
CREATE FUNCTION public.submission_replace(p_submission_id uuid, p_content_hash bytea, p_secret bytea, p_by_hash bytea, p_by_withdraw bytea, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    older submission%rowtype;
    done replacement%rowtype;
begin
    select * into older from submission s where s.submission_id = p_submission_id for update;
    if not found or older.content_hash <> p_content_hash then
        raise exception 'the submission that this one replaces is not here' using errcode = 'CR422';
    end if;
    if older.state = 'deleted' then
        raise exception 'the submission that this one replaces was deleted' using errcode = 'CR422';
    end if;
    if older.withdraw_hash is distinct from sha256(p_secret) then
        raise exception 'this is not the secret of the submission that this one replaces' using errcode = 'CR403';
    end if;
    if exists (select from withdrawal_proof p where p.secret = p_secret and p.submission_id <> p_submission_id) then
        raise exception 'this secret is known to all since another submission of the same original was withdrawn'
            using errcode = 'CR403';
    end if;
    select * into done from replacement r where r.submission_id = p_submission_id;
    if found and done.by_hash = p_by_hash then
        return;
    end if;
    if found then
        raise exception 'it is replaced already, by sha256:%', encode(done.by_hash, 'hex') using errcode = 'CR422';
    end if;
    if older.raw is null then
        raise exception 'the submission that this one replaces was withdrawn already' using errcode = 'CR422';
    end if;
    if p_by_withdraw is not null and p_by_withdraw = older.withdraw_hash then
        raise exception 'its secret is that of the submission that it replaces' using errcode = 'CR422';
    end if;
    perform submission_change(p_submission_id, 'withdrawn', 'withdrawn', true, 'secret', 'replaced',
                              'sha256:' || encode(p_by_hash, 'hex'), p_at);
    insert into replacement (submission_id, content_hash, by_id, by_hash)
    values (p_submission_id, p_content_hash, encode(substr(p_by_hash, 1, 16), 'hex')::uuid, p_by_hash);
    perform withdrawal_prove(p_submission_id, p_secret);
end
$$;
CREATE FUNCTION public.submission_withdraw(p_submission_id uuid, p_content_hash bytea, p_secret_hash bytea, p_token_id text, p_at timestamp with time zone) RETURNS TABLE(state text, revision integer, at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    found_one submission%rowtype;
    proof token%rowtype;
    who text;
begin
    select * into found_one from submission s where s.submission_id = p_submission_id for update;
    if not found or found_one.content_hash <> p_content_hash then
        raise exception 'no submission has this id' using errcode = 'CR404';
    end if;
    if found_one.state = 'deleted' then
        raise exception 'this submission was deleted' using errcode = 'CR410';
    end if;
    if p_secret_hash is not null and p_secret_hash = found_one.withdraw_hash then
        who := 'secret';
    elsif p_token_id is not null then
        select * into proof from token t
        where t.token_id = p_token_id and t.revoked_at is null and t.expires_at > p_at;
        if found and (proof.scopes && array['moderate', 'admin'] or
                      'withdraw' = any (proof.scopes) and proof.contributor_key = found_one.contributor_key) then
            who := 'token:' || p_token_id;
        end if;
    end if;
    if who is null then
        raise exception 'this is not the secret or the token of this submission' using errcode = 'CR403';
    end if;
    if found_one.state <> 'withdrawn' or found_one.raw is not null then
        perform submission_change(p_submission_id, 'withdrawn', 'withdrawn', true, who, null, '', p_at);
    end if;
    return query select s.state, s.revision, s.erased_at from submission s where s.submission_id = p_submission_id;
end
$$;
CREATE FUNCTION public.token_used(p_token_ids text[], p_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    update token set last_used = (p_at at time zone 'UTC')::date
    where token_id = any (p_token_ids) and last_used is distinct from (p_at at time zone 'UTC')::date
$$;
CREATE FUNCTION public.withdrawal_prove(p_submission_id uuid, p_secret bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    insert into withdrawal_proof (submission_id, secret)
    select s.submission_id, p_secret
    from submission s
    where s.submission_id = p_submission_id and s.state = 'withdrawn' and octet_length(p_secret) = 32
      and s.withdraw_hash = sha256(p_secret)
    on conflict (submission_id) do nothing
    returning true
$$;
CREATE FUNCTION public.withdrawal_wait(p_url text, p_content_hash bytea[], p_secret bytea[], p_hops integer[]) RETURNS TABLE(place bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
CREATE TABLE public.alias_decision (
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    target text COLLATE pg_catalog."C",
    variant text NOT NULL COLLATE pg_catalog."C",
    actor text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    CONSTRAINT alias_decision_actor_named CHECK (((actor <> ''::text) AND (octet_length(actor) <= 200))),
    CONSTRAINT alias_decision_kind_known CHECK ((kind = ANY (ARRAY['chip'::text, 'model'::text]))),
    CONSTRAINT alias_decision_name_length CHECK (((name <> ''::text) AND (octet_length(name) <= 512))),
    CONSTRAINT alias_decision_reason_given CHECK (((reason ~ '[^[:space:]]'::text) AND (octet_length(reason) <= 4096))),
    CONSTRAINT alias_decision_revision_positive CHECK ((revision >= 1))
);
CREATE VIEW public.alias AS
 SELECT d.kind,
    d.name,
    d.target,
    d.variant
   FROM ( SELECT DISTINCT ON (alias_decision.kind, alias_decision.name) alias_decision.kind,
            alias_decision.name,
            alias_decision.target,
            alias_decision.variant
           FROM public.alias_decision
          ORDER BY alias_decision.kind, alias_decision.name, alias_decision.revision DESC) d
  WHERE (d.target IS NOT NULL);
CREATE TABLE public.cell (
    cell_key uuid NOT NULL,
    tool text NOT NULL COLLATE pg_catalog."C",
    model text NOT NULL COLLATE pg_catalog."C",
    quantization text NOT NULL COLLATE pg_catalog."C",
    backend text NOT NULL COLLATE pg_catalog."C",
    mode text NOT NULL COLLATE pg_catalog."C",
    task text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    parameters text NOT NULL COLLATE pg_catalog."C",
    variant text NOT NULL COLLATE pg_catalog."C",
    chip text NOT NULL COLLATE pg_catalog."C",
    chip_variant text NOT NULL COLLATE pg_catalog."C",
    chip_count bigint NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    value double precision,
    low double precision,
    high double precision,
    coverage double precision,
    interval_of text COLLATE pg_catalog."C",
    "least" double precision,
    "greatest" double precision,
    stddev double precision,
    runs bigint,
    submissions integer NOT NULL,
    devices integer NOT NULL,
    contributors integer NOT NULL,
    flagged integer NOT NULL,
    newest timestamp with time zone,
    CONSTRAINT cell_interval_known CHECK ((interval_of = ANY (ARRAY['contributors'::text, 'devices'::text, 'submissions'::text, 'samples'::text]))),
    CONSTRAINT cell_interval_whole CHECK ((((low IS NULL) = (interval_of IS NULL)) AND ((high IS NULL) = (low IS NULL))))
);
CREATE TABLE public.contributor (
    contributor_key uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    opt_out boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT contributor_named CHECK (((name <> ''::text) AND (octet_length(name) <= 128))),
    CONSTRAINT contributor_somebody CHECK ((contributor_key <> '00000000-0000-0000-0000-000000000000'::uuid))
);
CREATE TABLE public.device_figure (
    cell_key uuid NOT NULL,
    contributor_key uuid NOT NULL,
    device_key uuid NOT NULL,
    value double precision NOT NULL,
    submissions integer NOT NULL,
    results integer NOT NULL,
    runs bigint,
    flagged integer NOT NULL,
    "least" double precision NOT NULL,
    "greatest" double precision NOT NULL,
    newest timestamp with time zone
);
CREATE TABLE public.dirty_figure (
    cell_key uuid NOT NULL,
    contributor_key uuid NOT NULL,
    device_key uuid NOT NULL
);
CREATE TABLE public.dirty_series (
    series_key uuid NOT NULL
);
CREATE TABLE public.dirty_submission (
    submission_id uuid NOT NULL
);
CREATE TABLE public.follower (
    name text NOT NULL COLLATE pg_catalog."C",
    epoch integer NOT NULL,
    next_index bigint NOT NULL,
    CONSTRAINT follower_index_from_zero CHECK ((next_index >= 0))
);
CREATE TABLE public.held (
    submission_id uuid NOT NULL,
    again boolean NOT NULL
);
CREATE TABLE public.held_series (
    series_key uuid NOT NULL,
    submission_id uuid NOT NULL
);
CREATE TABLE public.log_entry (
    epoch integer NOT NULL,
    log_index bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    submission_id uuid,
    content_hash bytea,
    revision integer NOT NULL,
    at timestamp with time zone NOT NULL,
    detail bytea NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT log_entry_begins_epoch CHECK (((kind = 'epoch'::text) = (submission_id IS NULL))),
    CONSTRAINT log_entry_detail_length CHECK ((octet_length(detail) = 32)),
    CONSTRAINT log_entry_index_from_zero CHECK ((log_index >= 0)),
    CONSTRAINT log_entry_leaf_length CHECK ((octet_length(leaf) = 32)),
    CONSTRAINT log_entry_named CHECK (((submission_id IS NULL) = (content_hash IS NULL)))
);
CREATE TABLE public.log_epoch (
    epoch integer NOT NULL,
    started_at timestamp with time zone,
    previous_head bytea,
    CONSTRAINT log_epoch_first_follows_none CHECK (((epoch = 1) = (previous_head IS NULL))),
    CONSTRAINT log_epoch_positive CHECK ((epoch >= 1)),
    CONSTRAINT log_epoch_previous_length CHECK ((octet_length(previous_head) = 32))
);
CREATE TABLE public.log_head (
    name text NOT NULL COLLATE pg_catalog."C",
    epoch integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    at timestamp with time zone,
    CONSTRAINT log_head_one CHECK ((name = 'log'::text)),
    CONSTRAINT log_head_root_length CHECK ((octet_length(root) = 32)),
    CONSTRAINT log_head_size_positive CHECK ((size >= 0))
);
CREATE TABLE public.log_node (
    epoch integer NOT NULL,
    level integer NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT log_node_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT log_node_level_known CHECK (((level >= 1) AND (level <= 63)))
);
CREATE TABLE public.measurement (
    submission_id uuid NOT NULL,
    ordinal integer NOT NULL,
    run_no integer NOT NULL,
    series_key uuid NOT NULL,
    metric text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    direction text COLLATE pg_catalog."C",
    unit_given text COLLATE pg_catalog."C",
    value_given double precision,
    n integer,
    mean double precision,
    stddev double precision,
    stddev_kind text COLLATE pg_catalog."C",
    min double precision,
    max double precision,
    median double precision,
    samples double precision[],
    flags text[] NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT measurement_counted CHECK ((n >= 1)),
    CONSTRAINT measurement_direction_known CHECK ((direction = ANY (ARRAY['higher'::text, 'lower'::text]))),
    CONSTRAINT measurement_max_finite CHECK ((max <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_mean_finite CHECK ((mean <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_median_finite CHECK ((median <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_metric_named CHECK ((metric <> ''::text)),
    CONSTRAINT measurement_min_finite CHECK ((min <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_ordinal_from_zero CHECK ((ordinal >= 0)),
    CONSTRAINT measurement_stddev_finite CHECK ((stddev <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision]))),
    CONSTRAINT measurement_stddev_kind_known CHECK ((stddev_kind = ANY (ARRAY['sample'::text, 'population'::text, 'unknown'::text]))),
    CONSTRAINT measurement_stddev_positive CHECK ((stddev >= (0)::double precision))
);
ALTER TABLE ONLY public.measurement ALTER COLUMN samples SET COMPRESSION lz4;
CREATE TABLE public.moderation (
    submission_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    actor text NOT NULL COLLATE pg_catalog."C",
    rule text COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    state_before text NOT NULL COLLATE pg_catalog."C",
    state_after text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    CONSTRAINT moderation_actor_named CHECK (((actor <> ''::text) AND (octet_length(actor) <= 200))),
    CONSTRAINT moderation_reason_length CHECK ((octet_length(reason) <= 4096)),
    CONSTRAINT moderation_revision_positive CHECK ((revision >= 2))
);
CREATE TABLE public.observation (
    series_key uuid NOT NULL,
    contributor_key uuid NOT NULL,
    device_key uuid NOT NULL,
    submission_id uuid NOT NULL,
    ordinal integer NOT NULL,
    cell_key uuid NOT NULL,
    ran_at timestamp with time zone,
    n integer,
    value double precision NOT NULL,
    flagged boolean NOT NULL
);
CREATE TABLE public.original (
    original_hash bytea NOT NULL,
    submission_id uuid NOT NULL,
    epoch integer NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT original_hash_size CHECK ((octet_length(original_hash) = 32))
);
CREATE TABLE public.peer (
    url text NOT NULL COLLATE pg_catalog."C",
    key_id text NOT NULL COLLATE pg_catalog."C",
    epoch integer NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    head_at timestamp with time zone NOT NULL,
    next_index bigint NOT NULL,
    edge bytea NOT NULL,
    pulled_at timestamp with time zone NOT NULL,
    policy text NOT NULL COLLATE pg_catalog."C",
    next_told bigint NOT NULL,
    CONSTRAINT peer_edge_length CHECK (((octet_length(edge) % 32) = 0)),
    CONSTRAINT peer_next_told_known CHECK ((next_told >= 0)),
    CONSTRAINT peer_next_within CHECK (((next_index >= 0) AND (next_index <= size))),
    CONSTRAINT peer_root_length CHECK ((octet_length(root) = 32))
);
CREATE TABLE public.peer_word (
    submission_id uuid NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.pending_event (
    submission_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    detail bytea NOT NULL,
    CONSTRAINT pending_event_kind_known CHECK ((kind = ANY (ARRAY['accepted'::text, 'quarantined'::text, 'released'::text, 'rejected'::text, 'withdrawn'::text, 'deleted'::text, 'reparsed'::text, 'claimed'::text]))),
    CONSTRAINT pending_event_revision_positive CHECK ((revision >= 1))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');
CREATE TABLE public.run (
    submission_id uuid NOT NULL,
    run_no integer NOT NULL,
    device_key uuid NOT NULL,
    chip_name text NOT NULL COLLATE pg_catalog."C",
    chip_count integer NOT NULL,
    workload_key uuid NOT NULL,
    variant text NOT NULL COLLATE pg_catalog."C",
    ran_at timestamp with time zone,
    ran_at_local boolean NOT NULL,
    tool text COLLATE pg_catalog."C",
    tool_version text COLLATE pg_catalog."C",
    workload jsonb NOT NULL,
    device jsonb NOT NULL,
    setup jsonb,
    conditions jsonb,
    labels jsonb,
    flags text[] NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT run_chip_counted CHECK ((chip_count >= 1)),
    CONSTRAINT run_chip_named CHECK ((chip_name <> ''::text)),
    CONSTRAINT run_local_time_stated CHECK (((ran_at IS NOT NULL) OR (NOT ran_at_local))),
    CONSTRAINT run_number_from_zero CHECK ((run_no >= 0)),
    CONSTRAINT run_variant_known CHECK ((variant = ANY (ARRAY['alone'::text, 'parallel'::text, 'combined'::text])))
);
CREATE TABLE public.submission (
    submission_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    origin text NOT NULL COLLATE pg_catalog."C",
    contributor_key uuid NOT NULL,
    withdraw_hash bytea,
    original_hash bytea,
    format text NOT NULL COLLATE pg_catalog."C",
    reader_version integer NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    flags text[] NOT NULL COLLATE pg_catalog."C",
    findings jsonb,
    raw_size integer NOT NULL,
    raw bytea,
    erased_at timestamp with time zone,
    CONSTRAINT submission_erased CHECK (((raw IS NULL) = (erased_at IS NOT NULL))),
    CONSTRAINT submission_hash_length CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT submission_key_is_prefix CHECK ((uuid_send(submission_id) = substr(content_hash, 1, 16))),
    CONSTRAINT submission_origin_known CHECK ((origin = ANY (ARRAY['http'::text, 'import'::text, 'pull'::text]))),
    CONSTRAINT submission_original_length CHECK ((octet_length(original_hash) = 32)),
    CONSTRAINT submission_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT submission_size_stated CHECK (((raw_size >= 0) AND ((raw IS NULL) OR (octet_length(raw) = raw_size)))),
    CONSTRAINT submission_state_known CHECK ((state = ANY (ARRAY['accepted'::text, 'quarantined'::text, 'rejected'::text, 'withdrawn'::text, 'deleted'::text]))),
    CONSTRAINT submission_withdraw_length CHECK ((octet_length(withdraw_hash) = 32))
);
ALTER TABLE ONLY public.submission ALTER COLUMN raw SET COMPRESSION lz4;
CREATE VIEW public.published AS
 SELECT m.submission_id,
    m.ordinal,
    s.content_hash,
    s.received_at,
        CASE
            WHEN (s.contributor_key <> '00000000-0000-0000-0000-000000000000'::uuid) THEN (substr(encode(sha256(uuid_send(s.contributor_key)), 'hex'::text), 1, 16) COLLATE "C")
            ELSE NULL::text
        END AS contributor,
    m.run_no,
    r.device_key,
    r.chip_name,
    r.chip_count,
    r.variant,
    r.ran_at,
    r.tool,
    r.tool_version,
    ((r.workload ->> 'model'::text) COLLATE "C") AS model,
    ((r.workload ->> 'quantization'::text) COLLATE "C") AS quantization,
    ((r.workload ->> 'backend'::text) COLLATE "C") AS backend,
    ((r.workload ->> 'mode'::text) COLLATE "C") AS mode,
    ((r.workload ->> 'task'::text) COLLATE "C") AS task,
    (r.workload -> 'parameters'::text) AS parameters,
    m.metric,
    m.unit,
    m.direction,
    m.n,
    m.mean,
    m.stddev,
    m.stddev_kind,
    m.min,
    m.max,
    m.median,
    m.flags
   FROM ((public.measurement m
     JOIN public.run r ON (((r.submission_id = m.submission_id) AND (r.run_no = m.run_no))))
     JOIN public.submission s ON ((s.submission_id = m.submission_id)))
  WHERE (s.state = 'accepted'::text);
CREATE TABLE public.replacement (
    submission_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    by_id uuid NOT NULL,
    by_hash bytea NOT NULL,
    CONSTRAINT replacement_hash_length CHECK (((octet_length(content_hash) = 32) AND (octet_length(by_hash) = 32))),
    CONSTRAINT replacement_other CHECK ((submission_id <> by_id))
);
CREATE TABLE public.schema_migration (
    version integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    sha256 bytea NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT schema_migration_hash_length CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT schema_migration_version_positive CHECK ((version >= 1))
);
CREATE TABLE public.series (
    series_key uuid NOT NULL,
    chip_name text NOT NULL COLLATE pg_catalog."C",
    chip_count integer NOT NULL,
    workload_key uuid NOT NULL,
    variant text NOT NULL COLLATE pg_catalog."C",
    metric text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.signing_key (
    key_id text NOT NULL COLLATE pg_catalog."C",
    public_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    signed_by text COLLATE pg_catalog."C",
    signature bytea,
    CONSTRAINT signing_key_id_form CHECK ((key_id ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT signing_key_public_length CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT signing_key_retired_later CHECK ((retired_at >= created_at)),
    CONSTRAINT signing_key_signature_length CHECK ((octet_length(signature) = 64)),
    CONSTRAINT signing_key_signed CHECK (((signed_by IS NULL) = (signature IS NULL)))
);
CREATE TABLE public.token (
    token_id text NOT NULL COLLATE pg_catalog."C",
    secret_hash bytea NOT NULL,
    contributor_key uuid NOT NULL,
    scopes text[] NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used date,
    CONSTRAINT token_expires CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '366 days'::interval)))),
    CONSTRAINT token_hash_length CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT token_id_length CHECK ((token_id ~ '^[a-z0-9]{8}$'::text)),
    CONSTRAINT token_scopes_known CHECK (((scopes <@ ARRAY['submit'::text, 'withdraw'::text, 'moderate'::text, 'admin'::text]) AND (scopes <> '{}'::text[])))
);
CREATE VIEW public.verdict AS
 SELECT moderation.submission_id,
    moderation.revision,
    moderation.kind,
    moderation.rule,
    moderation.reason,
    moderation.at
   FROM public.moderation
  WHERE (moderation.actor = 'crosschip'::text);
CREATE TABLE public.withdrawal_proof (
    submission_id uuid NOT NULL,
    secret bytea NOT NULL,
    CONSTRAINT withdrawal_proof_length CHECK ((octet_length(secret) = 32))
);
CREATE TABLE public.withdrawn_ahead (
    submission_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    secret bytea NOT NULL,
    number bigint NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    hops integer NOT NULL,
    CONSTRAINT withdrawn_ahead_hash_length CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT withdrawn_ahead_hops_few CHECK (((hops >= 1) AND (hops <= 16))),
    CONSTRAINT withdrawn_ahead_secret_length CHECK ((octet_length(secret) = 32))
);
ALTER TABLE public.withdrawn_ahead ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.withdrawn_ahead_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.workload (
    workload_key uuid NOT NULL,
    facts jsonb NOT NULL
);
ALTER TABLE ONLY public.alias_decision
    ADD CONSTRAINT alias_decision_pkey PRIMARY KEY (kind, name, revision);
ALTER TABLE ONLY public.cell
    ADD CONSTRAINT cell_pkey PRIMARY KEY (cell_key);
ALTER TABLE ONLY public.contributor
    ADD CONSTRAINT contributor_pkey PRIMARY KEY (contributor_key);
ALTER TABLE ONLY public.device_figure
    ADD CONSTRAINT device_figure_pkey PRIMARY KEY (cell_key, contributor_key, device_key);
ALTER TABLE ONLY public.dirty_figure
    ADD CONSTRAINT dirty_figure_pkey PRIMARY KEY (cell_key, contributor_key, device_key);
ALTER TABLE ONLY public.dirty_series
    ADD CONSTRAINT dirty_series_pkey PRIMARY KEY (series_key);
ALTER TABLE ONLY public.dirty_submission
    ADD CONSTRAINT dirty_submission_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.follower
    ADD CONSTRAINT follower_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.held
    ADD CONSTRAINT held_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.held_series
    ADD CONSTRAINT held_series_pkey PRIMARY KEY (series_key, submission_id);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_event_once UNIQUE (submission_id, revision, epoch);
ALTER TABLE ONLY public.log_entry
    ADD CONSTRAINT log_entry_pkey PRIMARY KEY (epoch, log_index);
ALTER TABLE ONLY public.log_epoch
    ADD CONSTRAINT log_epoch_pkey PRIMARY KEY (epoch);
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.log_node
    ADD CONSTRAINT log_node_pkey PRIMARY KEY (epoch, level, "position");
ALTER TABLE ONLY public.measurement
    ADD CONSTRAINT measurement_pkey PRIMARY KEY (submission_id, ordinal);
ALTER TABLE ONLY public.moderation
    ADD CONSTRAINT moderation_pkey PRIMARY KEY (submission_id, revision);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT observation_pkey PRIMARY KEY (series_key, contributor_key, device_key, submission_id, ordinal);
ALTER TABLE ONLY public.original
    ADD CONSTRAINT original_pkey PRIMARY KEY (original_hash, submission_id);
ALTER TABLE ONLY public.peer
    ADD CONSTRAINT peer_pkey PRIMARY KEY (url);
ALTER TABLE ONLY public.peer_word
    ADD CONSTRAINT peer_word_pkey PRIMARY KEY (submission_id, url);
ALTER TABLE ONLY public.pending_event
    ADD CONSTRAINT pending_event_pkey PRIMARY KEY (submission_id, revision);
ALTER TABLE ONLY public.replacement
    ADD CONSTRAINT replacement_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (submission_id, run_no);
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.series
    ADD CONSTRAINT series_pkey PRIMARY KEY (series_key);
ALTER TABLE ONLY public.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_id);
ALTER TABLE ONLY public.withdrawal_proof
    ADD CONSTRAINT withdrawal_proof_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY public.withdrawn_ahead
    ADD CONSTRAINT withdrawn_ahead_pkey PRIMARY KEY (submission_id, content_hash, secret, url);
ALTER TABLE ONLY public.workload
    ADD CONSTRAINT workload_pkey PRIMARY KEY (workload_key);
CREATE INDEX cell_by_chip ON public.cell USING btree (chip, model, metric);
CREATE INDEX held_again ON public.held USING btree (submission_id) WHERE again;
CREATE INDEX held_series_by_submission ON public.held_series USING btree (submission_id);
CREATE INDEX observation_by_cell ON public.observation USING btree (cell_key, contributor_key, device_key);
CREATE INDEX observation_by_submission ON public.observation USING btree (submission_id);
CREATE INDEX original_by_submission ON public.original USING btree (submission_id);
CREATE INDEX replacement_by ON public.replacement USING btree (by_id);
CREATE INDEX series_by_workload ON public.series USING btree (workload_key, metric, chip_name);
CREATE INDEX withdrawal_proof_by_secret ON public.withdrawal_proof USING btree (secret);
CREATE UNIQUE INDEX withdrawn_ahead_by_url ON public.withdrawn_ahead USING btree (url, number);
CREATE UNIQUE INDEX withdrawn_ahead_number ON public.withdrawn_ahead USING btree (number);
CREATE TRIGGER alias_decision_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.alias_decision FOR EACH STATEMENT EXECUTE FUNCTION public.alias_decision_refuse_change();
CREATE TRIGGER moderation_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.moderation FOR EACH STATEMENT EXECUTE FUNCTION public.moderation_refuse_change();
ALTER TABLE ONLY public.measurement
    ADD CONSTRAINT measurement_submission_fkey FOREIGN KEY (submission_id) REFERENCES public.submission(submission_id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_submission_fkey FOREIGN KEY (submission_id) REFERENCES public.submission(submission_id);
REVOKE ALL ON FUNCTION public.alias_decide(p_kind text, p_name text, p_target text, p_variant text, p_actor text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.contributor_rename(p_contributor_key uuid, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.contributor_rename(p_contributor_key uuid, p_name text) TO crosschip_ingest;
GRANT ALL ON FUNCTION public.contributor_rename(p_contributor_key uuid, p_name text) TO crosschip_admin;
REVOKE ALL ON FUNCTION public.grant_roles() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone, p_contributor_key uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone, p_contributor_key uuid) TO crosschip_follow;
GRANT ALL ON FUNCTION public.submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone, p_contributor_key uuid) TO crosschip_admin;
REVOKE ALL ON FUNCTION public.submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone) TO crosschip_moderator;
GRANT ALL ON FUNCTION public.submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text, p_at timestamp with time zone) TO crosschip_admin;
REVOKE ALL ON FUNCTION public.submission_withdraw(p_submission_id uuid, p_content_hash bytea, p_secret_hash bytea, p_token_id text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.submission_withdraw(p_submission_id uuid, p_content_hash bytea, p_secret_hash bytea, p_token_id text, p_at timestamp with time zone) TO crosschip_auth;
GRANT ALL ON FUNCTION public.submission_withdraw(p_submission_id uuid, p_content_hash bytea, p_secret_hash bytea, p_token_id text, p_at timestamp with time zone) TO crosschip_admin;
REVOKE ALL ON FUNCTION public.token_used(p_token_ids text[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.token_used(p_token_ids text[], p_at timestamp with time zone) TO crosschip_auth;
GRANT ALL ON FUNCTION public.token_used(p_token_ids text[], p_at timestamp with time zone) TO crosschip_admin;
GRANT ALL ON TABLE public.alias_decision TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alias_decision TO crosschip_follow;
GRANT ALL ON TABLE public.alias TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.alias TO crosschip_follow;
GRANT ALL ON TABLE public.cell TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cell TO crosschip_follow;
GRANT ALL ON TABLE public.contributor TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contributor TO crosschip_follow;
GRANT SELECT ON TABLE public.contributor TO crosschip_moderator;
GRANT ALL ON TABLE public.device_figure TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device_figure TO crosschip_follow;
GRANT ALL ON TABLE public.dirty_figure TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dirty_figure TO crosschip_follow;
GRANT ALL ON TABLE public.dirty_series TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dirty_series TO crosschip_follow;
GRANT ALL ON TABLE public.dirty_submission TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dirty_submission TO crosschip_follow;
GRANT ALL ON TABLE public.follower TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.follower TO crosschip_follow;
GRANT ALL ON TABLE public.held TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.held TO crosschip_follow;
GRANT ALL ON TABLE public.held_series TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.held_series TO crosschip_follow;
GRANT ALL ON TABLE public.log_entry TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.log_entry TO crosschip_follow;
GRANT SELECT ON TABLE public.log_entry TO crosschip_answer;
GRANT ALL ON TABLE public.log_epoch TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.log_epoch TO crosschip_follow;
GRANT ALL ON TABLE public.log_head TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.log_head TO crosschip_follow;
GRANT SELECT ON TABLE public.log_head TO crosschip_answer;
GRANT ALL ON TABLE public.log_node TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.log_node TO crosschip_follow;
GRANT SELECT ON TABLE public.log_node TO crosschip_answer;
GRANT ALL ON TABLE public.measurement TO crosschip_admin;
GRANT INSERT ON TABLE public.measurement TO crosschip_ingest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.measurement TO crosschip_follow;
GRANT SELECT ON TABLE public.measurement TO crosschip_answer;
GRANT SELECT ON TABLE public.measurement TO crosschip_moderator;
GRANT ALL ON TABLE public.moderation TO crosschip_admin;
GRANT SELECT ON TABLE public.moderation TO crosschip_follow;
GRANT SELECT ON TABLE public.moderation TO crosschip_moderator;
GRANT ALL ON TABLE public.observation TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.observation TO crosschip_follow;
GRANT ALL ON TABLE public.original TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.original TO crosschip_follow;
GRANT ALL ON TABLE public.peer TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.peer TO crosschip_follow;
GRANT ALL ON TABLE public.peer_word TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.peer_word TO crosschip_follow;
GRANT ALL ON TABLE public.pending_event TO crosschip_admin;
GRANT INSERT ON TABLE public.pending_event TO crosschip_ingest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pending_event TO crosschip_follow;
GRANT SELECT(submission_id) ON TABLE public.pending_event TO crosschip_ingest;
GRANT ALL ON TABLE public.run TO crosschip_admin;
GRANT INSERT ON TABLE public.run TO crosschip_ingest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.run TO crosschip_follow;
GRANT SELECT ON TABLE public.run TO crosschip_answer;
GRANT SELECT ON TABLE public.run TO crosschip_moderator;
GRANT ALL ON TABLE public.submission TO crosschip_admin;
GRANT INSERT ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.submission TO crosschip_follow;
GRANT SELECT(submission_id) ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT(submission_id) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(submission_id) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(content_hash) ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT(content_hash) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(content_hash) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(received_at) ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT(received_at) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(received_at) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(origin) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(contributor_key) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(contributor_key) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(format) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(reader_version) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(state) ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT(state) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(state) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(revision) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(revision) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(flags) ON TABLE public.submission TO crosschip_ingest;
GRANT SELECT(flags) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(flags) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(findings) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(findings) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(raw_size) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(raw_size) ON TABLE public.submission TO crosschip_moderator;
GRANT SELECT(raw) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(erased_at) ON TABLE public.submission TO crosschip_answer;
GRANT SELECT(erased_at) ON TABLE public.submission TO crosschip_moderator;
GRANT ALL ON TABLE public.published TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.published TO crosschip_follow;
GRANT SELECT ON TABLE public.published TO crosschip_answer;
GRANT SELECT ON TABLE public.published TO crosschip_reader;
GRANT ALL ON TABLE public.replacement TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.replacement TO crosschip_follow;
GRANT SELECT ON TABLE public.replacement TO crosschip_answer;
GRANT ALL ON TABLE public.schema_migration TO crosschip_admin;
GRANT SELECT ON TABLE public.schema_migration TO crosschip_follow;
GRANT ALL ON TABLE public.series TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.series TO crosschip_follow;
GRANT ALL ON TABLE public.signing_key TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.signing_key TO crosschip_follow;
GRANT SELECT ON TABLE public.signing_key TO crosschip_answer;
GRANT ALL ON TABLE public.token TO crosschip_admin;
GRANT SELECT(token_id) ON TABLE public.token TO crosschip_auth;
GRANT SELECT(secret_hash) ON TABLE public.token TO crosschip_auth;
GRANT SELECT(contributor_key) ON TABLE public.token TO crosschip_auth;
GRANT SELECT(scopes) ON TABLE public.token TO crosschip_auth;
GRANT SELECT(expires_at) ON TABLE public.token TO crosschip_auth;
GRANT SELECT(revoked_at) ON TABLE public.token TO crosschip_auth;
GRANT ALL ON TABLE public.verdict TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.verdict TO crosschip_follow;
GRANT SELECT ON TABLE public.verdict TO crosschip_answer;
GRANT ALL ON TABLE public.withdrawal_proof TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.withdrawal_proof TO crosschip_follow;
GRANT SELECT ON TABLE public.withdrawal_proof TO crosschip_answer;
GRANT ALL ON TABLE public.withdrawn_ahead TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.withdrawn_ahead TO crosschip_follow;
GRANT SELECT ON TABLE public.withdrawn_ahead TO crosschip_answer;
GRANT ALL ON TABLE public.workload TO crosschip_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.workload TO crosschip_follow;
