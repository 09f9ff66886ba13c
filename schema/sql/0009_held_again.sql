-- The judge holds a submission for a reason of its own also when it is held already: so that what it found is seen, and
-- that nothing else releases it. Otherwise submission_change is as in 0003_people.sql.
create or replace function submission_change(p_submission_id uuid, p_kind text, p_state text, p_erase boolean, p_actor text,
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
