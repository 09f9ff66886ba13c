-- A decision that was made already is not made again: no second event says the same. Otherwise submission_moderate is as
-- in 0003_people.sql.
-- A moderator's action: accept, reject, withdraw, delete, or undo of the last of these.
-- Withdraw keeps the payload (so it can be undone), delete erases it for good.
-- Errors: CR409 it is so already; those of submission_change; CR422 no reason, unknown action, nothing to undo.
create or replace function submission_moderate(p_submission_id uuid, p_action text, p_actor text, p_rule text, p_reason text,
                                    p_at timestamptz)
returns table (state text, revision int)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
