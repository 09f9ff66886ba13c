-- What names mean that no rule of the catalogue knows: decided by people, kept with who, when and why, taken back by
-- another decision. No stored row is rewritten: a name is looked up when figures are made of rows. Local table.
create table alias_decision (
    kind      text collate "C" not null,            -- chip, model
    name      text collate "C" not null,            -- as it was sent, in these very bytes
    revision  int not null,                         -- of this name, from 1
    target    text collate "C",                     -- the catalogue's name; NULL: taken back
    variant   text collate "C" not null,            -- of a chip; '': as the facts of the machine tell
    actor     text collate "C" not null,
    reason    text collate "C" not null,
    at        timestamptz not null,
    constraint alias_decision_pkey primary key (kind, name, revision),
    constraint alias_decision_kind_known check (kind in ('chip', 'model')),
    constraint alias_decision_name_length check (name <> '' and octet_length(name) <= 512),
    constraint alias_decision_revision_positive check (revision >= 1),
    constraint alias_decision_reason_given check (reason ~ '[^[:space:]]' and octet_length(reason) <= 4096),
    constraint alias_decision_actor_named check (actor <> '' and octet_length(actor) <= 200)
);

create function alias_decision_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'alias_decision is append-only' using errcode = '42501';
end
$$;
create trigger alias_decision_append_only before update or delete or truncate on alias_decision
    for each statement execute function alias_decision_refuse_change();

-- What holds now.
create view alias as
select d.kind, d.name, d.target, d.variant
from (select distinct on (kind, name) kind, name, target, variant
      from alias_decision order by kind, name, revision desc) d
where d.target is not null;

-- Decides about a name; p_target NULL takes back what holds. The figures of its series have to be made anew.
-- Result: the revision; 0 when that holds already, or there is nothing to take back.
create function alias_decide(p_kind text, p_name text, p_target text, p_variant text, p_actor text, p_reason text,
                             p_at timestamptz)
returns int language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
revoke all on function alias_decide(text, text, text, text, text, text, timestamptz) from public;
