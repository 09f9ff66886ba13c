#!/bin/sh
# make bench-follow: what one submission costs behind intake (seal, judge, observe, summarise) beside intake itself, and
# whether the followers of a collector under full load keep their place. Medians over ROUNDS (3) rounds of COUNT (2000)
# submissions of CONTRIBUTORS (200), each in a database of its own; then SECONDS_EACH (10) s of load over HTTP.
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. follow_cost is what all four take of the time
# that intake takes. Under load the followers may fall behind (a bounded share of each second is theirs) but not lose
# their place: afterwards everything must be summarised, and equal to a rebuild. Needs BIN (programs), TESTBIN (load, follow).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-3}
count=${COUNT:-2000}
contributors=${CONTRIBUTORS:-200}
seconds=${SECONDS_EACH:-10}
collector=$BIN/crosschip-collector
bin=$(pg_config --bindir)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-follow.XXXXXX") || exit 1
chmod 755 "$work"
pid='' loading=''
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$loading" ] && kill "$loading" 2> /dev/null
    [ -n "$pid" ] && kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    [ -n "${folder:-}" ] && rm -rf "$folder"
    rm -rf "$work"
}
fail()
{
    echo "bench-follow: $1" >&2
    [ -s "$work/log" ] && tail -n 5 "$work/log" >&2
    exit 1
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
word() { awk -v name="$1" '{ for (i = 1; i < NF; i += 2) if ($i == name) print $(i + 1) }'; }
uri() { echo "postgresql:///$1?host=$socket&user=crosschip"; }
sql() { "$bin/psql" -qAtX -h "$socket" -U crosschip crosschip -c "$1"; }
# Entries that are stored and not yet summarised.
lag() { sql "select (select count(*) from pending_event) + h.size - coalesce((select next_index from follower where name = 'summarise'), 0) from log_head h"; }

"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
folder=$(cat "$work/data/cluster" 2> /dev/null || echo "$work/data")
socket=$(sed -n 5p "$folder/pgdata/postmaster.pid") || fail "the collector does not start"

# ---- what one costs
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    "$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "create database f$round owner crosschip" || fail "no database"
    "$collector" migrate --database "$(uri "f$round")" > /dev/null || fail "no schema"
    "$TESTBIN/bench/follow/follow" "$(uri "f$round")" "$count" "$contributors" > "$work/line" || fail "follow"
    for step in intake seal judge observe summarise; do word $step < "$work/line" >> "$work/$step"; done
    "$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "drop database f$round" || fail "drop"
done
for step in intake seal judge observe summarise; do
    awk -v name="$step" -v cost="$(median "$work/$step")" -v intake="$(median "$work/intake")" 'BEGIN {
        printf "follow_%s %.0f us/submission baseline=%.0f ratio=%.2f\n", name, cost, intake, cost / intake }'
done
awk -v a="$(median "$work/seal")" -v b="$(median "$work/judge")" -v c="$(median "$work/observe")" \
    -v d="$(median "$work/summarise")" -v intake="$(median "$work/intake")" 'BEGIN {
    ratio = (a + b + c + d) / intake
    printf "follow_cost %.0f us/submission baseline=%.0f ratio=%.2f goal=3 %s\n", a + b + c + d, intake, ratio, (ratio <= 3) ? "ok" : "short" }'

# ---- under full load
"$TESTBIN/bench/ingest/load" "$at" "$seconds" 64 > "$work/line" &
loading=$!
most=0
while kill -0 "$loading" 2> /dev/null; do
    now=$(lag)
    [ "$now" -gt "$most" ] && most=$now
    sleep 0.5
done
wait "$loading" || fail "load: $(cat "$work/line")"
loading=''
created=$(word created < "$work/line")
begun=$(date +%s%N)
waited=0
while [ "$(lag)" -gt 0 ] && [ "$waited" -lt 1200 ]; do
    sleep 0.5
    waited=$((waited + 1))
done
left=$(lag)
awk -v rate="$(word rate < "$work/line")" -v most="$most" -v created="$created" -v left="$left" -v a="$begun" \
    -v b="$(date +%s%N)" 'BEGIN {
    printf "follow_rate_meanwhile %.0f submissions/s\n", rate
    printf "follow_lag_most %.0f entries baseline=%.0f ratio=%.2f\n", most, created, most / created
    printf "follow_catch_up %.1f s %s\n", (b - a) / 1e9, (left == 0) ? "ok" : "short" }'
kill -TERM "$pid" && wait "$pid"
pid=''
"$collector" reparse --rollups --dry-run --data "$work/data" > "$work/line" || fail "a rebuild differs: $(cat "$work/line")"
sed 's/^/# rebuilt: /' "$work/line"
[ "$left" = 0 ] || exit 1
