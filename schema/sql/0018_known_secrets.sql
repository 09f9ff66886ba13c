-- Two bundles of one client with the same original have the same secret. When one of them is withdrawn with it, it becomes
-- known to all: from then on it proves nothing about the other one but that this may be withdrawn too. Otherwise the two
-- functions are as in 0010_own.sql.
create index withdrawal_proof_by_secret on withdrawal_proof (secret);

create or replace function submission_replace(p_submission_id uuid, p_content_hash bytea, p_secret bytea, p_by_hash bytea,
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

create or replace function submission_own(p_submission_id uuid, p_content_hash bytea, p_secret bytea) returns bytea
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
    if exists (select from withdrawal_proof p where p.secret = p_secret and p.submission_id <> p_submission_id) then
        raise exception 'this secret is known to all since another submission of the same original was withdrawn'
            using errcode = 'CR403';
    end if;
    return found_one.raw;
end
$$;
