-- What a contributor does with the secret of a submission beside withdrawing it: sends a corrected one in its place, and
-- puts a name to it later. These functions prove by themselves who asks: anybody may call them.

-- Which submission took the place of which; each is replaced once. Local table.
create table replacement (
    submission_id uuid not null,                    -- the older one
    content_hash  bytea not null,
    by_id         uuid not null,                    -- the one in its place, whose bytes name the older one
    by_hash       bytea not null,
    constraint replacement_pkey primary key (submission_id),
    constraint replacement_hash_length check (octet_length(content_hash) = 32 and octet_length(by_hash) = 32),
    constraint replacement_other check (submission_id <> by_id)
);
create index replacement_by on replacement (by_id);

-- The submission p_by_hash takes the place of p_submission_id, which is withdrawn for it: in the transaction that stores
-- the new one, or finds it stored. The same again does nothing. Once a submission was withdrawn its secret may be
-- known to everybody (withdrawal_proof) and proves nothing any more.
-- p_by_withdraw is the commitment of the new one: it must be another, for the secret behind the older one becomes known.
-- Errors: CR403 the secret is not that of the older one; CR422 it is not there, was deleted, withdrawn or replaced already.
create function submission_replace(p_submission_id uuid, p_content_hash bytea, p_secret bytea, p_by_hash bytea,
                                   p_by_withdraw bytea, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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

-- The bytes of a submission for whoever shows its secret; its row stays locked.
-- Errors: CR404, CR410 withdrawn or deleted, CR403 not its secret.
create function submission_own(p_submission_id uuid, p_content_hash bytea, p_secret bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
    return found_one.raw;
end
$$;

-- A submission becomes that of the contributor of a token (proved already), whoever sent its bytes first. p_device_key is
-- the key of its device as that contributor's. His already: nothing happens. Result: his name.
-- Errors: those of submission_own; CR403 the token does not hold.
create function submission_claim(p_submission_id uuid, p_content_hash bytea, p_secret bytea, p_token_id text,
                                 p_device_key uuid, p_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
