-- Who sends, and what becomes of a submission afterwards: contributors, tokens, the audit of every
-- change, and the functions that are the only way to change a submission.
--
-- token and moderation are local tables (scale.md, section 2, rule 5): they are never distributed and
-- have no foreign key. Functions are SECURITY DEFINER with a search_path of their own: who may call
-- one needs no right on the tables behind it. Times come from the caller.

create table contributor (
    contributor_key uuid not null,
    name            text collate "C" not null,      -- as people see it; may change, is in no bundle
    opt_out         boolean not null,               -- the name is not to be published
    created_at      timestamptz not null,
    constraint contributor_pkey primary key (contributor_key),
    constraint contributor_somebody check (contributor_key <> '00000000-0000-0000-0000-000000000000'),
    constraint contributor_named check (name <> '' and octet_length(name) <= 128)
);

create table token (
    token_id        text collate "C" not null,      -- the 8 characters that may be shown
    secret_hash     bytea not null,                 -- SHA-256 of the whole token
    contributor_key uuid not null,
    scopes          text[] collate "C" not null,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    revoked_at      timestamptz,
    last_used       date,                           -- the day only
    constraint token_pkey primary key (token_id),
    constraint token_id_length check (token_id ~ '^[a-z0-9]{8}$'),
    constraint token_hash_length check (octet_length(secret_hash) = 32),
    constraint token_scopes_known check (scopes <@ array['submit', 'withdraw', 'moderate', 'admin'] and scopes <> '{}'),
    constraint token_expires check (expires_at > created_at and expires_at <= created_at + interval '366 days')
);

-- One row for every change after the first event. Rows are only ever added.
create table moderation (
    submission_id uuid not null,
    revision      int not null,
    kind          text collate "C" not null,        -- as in pending_event
    actor         text collate "C" not null,        -- who: secret, token:ID, moderator:NAME, follower:NAME
    rule          text collate "C",                 -- the rule behind it, where there is one
    reason        text collate "C" not null,        -- in words; '' where a contributor owes none
    state_before  text collate "C" not null,
    state_after   text collate "C" not null,
    at            timestamptz not null,
    constraint moderation_pkey primary key (submission_id, revision),
    constraint moderation_revision_positive check (revision >= 2),
    constraint moderation_actor_named check (actor <> '' and octet_length(actor) <= 200),
    constraint moderation_reason_length check (octet_length(reason) <= 4096)
);

create function moderation_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'moderation is append-only' using errcode = '42501';
end
$$;
create trigger moderation_append_only before update or delete or truncate on moderation
    for each statement execute function moderation_refuse_change();

-- What the event of a change says is hashed as five lines: kind, state after it, actor, rule, reason.
create function event_detail(p_kind text, p_state text, p_actor text, p_rule text, p_reason text) returns bytea
language sql immutable as $$
    select sha256(convert_to(p_kind || E'\n' || p_state || E'\n' || p_actor || E'\n' || coalesce(p_rule, '') || E'\n'
                             || p_reason || E'\n', 'UTF8'))
$$;

-- Changes one submission: state, revision, event and audit in the caller's transaction, under the row's
-- lock. Everything that changes a submission after intake goes through here.
-- p_kind is the kind of the event; p_state the state after it (NULL: as it was); p_erase removes the
-- payload (bytes, rows, hashes of them). p_contributor_key, where given, becomes the sender (claimed).
-- Errors: CR404 no such submission, CR409 a change that its state does not allow.
create function submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text,
                                  p_rule text, p_reason text, p_at timestamptz, p_contributor_key uuid default null)
returns int language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
            when 'quarantined' then after_state = 'quarantined' and before.state in ('accepted', 'rejected', 'withdrawn')
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

-- A contributor withdraws: with the secret whose SHA-256 the bundle holds (p_secret_hash), or with a token
-- (p_token_id, already proved) that sent it and may withdraw, or that may moderate. The payload goes.
-- Done already: nothing happens. Result: the state, the revision and the time of the withdrawal.
-- Errors: CR404, CR410 deleted, CR403 neither proves that it is theirs.
create function submission_withdraw(p_submission_id uuid, p_content_hash bytea, p_secret_hash bytea, p_token_id text,
                                    p_at timestamptz)
returns table (state text, revision int, at timestamptz)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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

-- A moderator's action: accept, reject, withdraw, delete, or undo of the last of these.
-- Withdraw keeps the payload (so it can be undone), delete erases it for good.
-- Errors: those of submission_change; CR422 no reason, unknown action, nothing to undo.
create function submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text,
                                    p_at timestamptz)
returns table (state text, revision int)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    last_one moderation%rowtype;
begin
    if coalesce(p_reason, '') !~ '[^[:space:]]' then
        raise exception 'a reason is needed' using errcode = 'CR422';
    end if;
    if p_actor !~ '^(moderator|token):.' then
        raise exception 'only a moderator may do this' using errcode = 'CR422';
    end if;
    perform 1 from submission s where s.submission_id = p_submission_id for update;
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

revoke all on function submission_change(uuid, text, text, boolean, text, text, text, timestamptz, uuid) from public;
revoke all on function submission_withdraw(uuid, bytea, bytea, text, timestamptz) from public;
revoke all on function submission_moderate(uuid, text, text, text, text, timestamptz) from public;

-- The day on which tokens were last used, never the hour.
create function token_used(p_token_ids text[], p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update token set last_used = (p_at at time zone 'UTC')::date
    where token_id = any (p_token_ids) and last_used is distinct from (p_at at time zone 'UTC')::date
$$;
revoke all on function token_used(text[], timestamptz) from public;
