#!/bin/sh
# make bench-import: `import` of a dump beside what PostgreSQL takes at most (limit.c), interleaved, each import into a
# database of its own; medians over ROUNDS (3) rounds of COUNT (10000) bundles of 8 kB. Counts the rows afterwards.
# Needs BIN (programs) and TESTBIN (limit, dump).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-3}
count=${COUNT:-10000}
collector=$BIN/crosschip-collector
bin=$(pg_config --bindir)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-bench.XXXXXX") || exit 1
chmod 755 "$work"
pid=''
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$pid" ] && kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    [ -n "${folder:-}" ] && rm -rf "$folder"
    rm -rf "$work"
}
fail()
{
    echo "bench-import: $1" >&2
    [ -s "$work/log" ] && tail -n 5 "$work/log" >&2
    exit 1
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
word() { awk -v name="$1" '{ for (i = 1; i < NF; i += 2) if ($i == name) print $(i + 1) }'; }
uri() { echo "postgresql:///$1?host=$socket&user=crosschip"; }
new_database()
{
    "$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "create database $1 owner crosschip" || fail "no database"
    "$collector" migrate --database "$(uri "$1")" > /dev/null || fail "no schema"
}

# Only for its PostgreSQL: nothing is sent to it.
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
folder=$(cat "$work/data/cluster" 2> /dev/null || echo "$work/data")
socket=$(sed -n 5p "$folder/pgdata/postmaster.pid") || fail "the collector does not start"
"$TESTBIN/bench/ingest/dump" "$count" > "$work/dump" || fail "no dump"
new_database limits
"$TESTBIN/bench/ingest/limit" "$(uri limits)" 1 2 128 > "$work/line" || fail "limit"
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    "$TESTBIN/bench/ingest/limit" "$(uri limits)" 3 2 128 > "$work/line" || fail "limit"
    word rate < "$work/line" >> "$work/limit"
    new_database "r$round"
    begun=$(date +%s%N)
    "$collector" import -q --key "$work/key" --database "$(uri "r$round")" "$work/dump" > "$work/line" 2>> "$work/log" || fail "import"
    awk -v n="$count" -v a="$begun" -v b="$(date +%s%N)" 'BEGIN { printf "%.1f\n", n / ((b - a) / 1e9) }' >> "$work/import"
    stored=$("$bin/psql" -qAtX -h "$socket" -U crosschip "r$round" -c "select count(*) from submission")
    [ "$stored" = "$count" ] && grep -q "^$count new" "$work/line" || fail "$stored of $count are stored"
    "$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "drop database r$round" || fail "drop"
done
awk -v ours="$(median "$work/import")" -v limit="$(median "$work/limit")" 'BEGIN {
    ratio = ours / limit
    printf "import_rate %.0f submissions/s baseline=%.0f ratio=%.2f goal=0.8 %s\n", ours, limit, ratio, (ratio >= 0.8) ? "ok" : "short"
}'
