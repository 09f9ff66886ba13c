#!/bin/sh
# make bench-ingest: how fast submissions become durable, beside what PostgreSQL takes at most and beside what somebody
# would write instead. All in one run, interleaved; figures are medians over ROUNDS (5) rounds of SECONDS (2) each.
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. Afterwards the rows in PostgreSQL are
# counted: a difference from what was answered fails the bench. Needs BIN (programs) and TESTBIN (load, limit, check);
# without npm the comparison with Fastify is left out, and said so. STORED=N first fills N submissions and compares the
# rate with the empty database (flat cost); that takes its time.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-5}
seconds=${SECONDS_EACH:-2}
stored=${STORED:-0}
collector=$BIN/crosschip-collector
load=$TESTBIN/bench/ingest/load
limit=$TESTBIN/bench/ingest/limit
bin=$(pg_config --bindir)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-ingest.XXXXXX") || exit 1
chmod 755 "$work"
pid='' node=''
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$node" ] && kill "$node" 2> /dev/null
    [ -n "$pid" ] && kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    [ -n "${folder:-}" ] && rm -rf "$folder"
    rm -rf "$work"
}
fail()
{
    echo "bench-ingest: $1" >&2
    [ -s "$work/log" ] && tail -n 5 "$work/log" >&2
    exit 1
}
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR == 0) print "nan"; else print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
# word NAME of a line "NAME VALUE NAME VALUE …" on standard input
word() { awk -v name="$1" '{ for (i = 1; i < NF; i += 2) if ($i == name) print $(i + 1) }'; }
sql() { "$bin/psql" -qAtX -h "$socket" -U crosschip "$1" -c "$2"; }
uri() { echo "postgresql:///$1?host=$socket&user=crosschip"; }

# ---- a collector with its private, durable PostgreSQL, and two more databases of the same schema beside it
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
[ -n "$at" ] || fail "the collector does not start"
folder=$(cat "$work/data/cluster" 2> /dev/null || echo "$work/data")
socket=$(sed -n 5p "$folder/pgdata/postmaster.pid")
postmaster=$(head -n 1 "$folder/pgdata/postmaster.pid")
for name in limits fastify; do
    "$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "create database $name owner crosschip" || fail "no database"
    "$collector" migrate --database "$(uri $name)" > /dev/null || fail "no schema"
done

# ---- what somebody would write instead
if command -v npm > /dev/null; then
    mkdir -p "$work/fastify"
    cp tests/bench/ingest/fastify/* tests/bench/ingest/fastify/.npmrc "$work/fastify/"
    if (cd "$work/fastify" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1); then
        NODE_ENV=production node "$work/fastify/server.js" "$socket" fastify crosschip > "$work/port" 2>> "$work/fastify.log" &
        node=$!
        waited=0
        while [ ! -s "$work/port" ] && kill -0 "$node" 2> /dev/null && [ "$waited" -lt 300 ]; do
            sleep 0.1
            waited=$((waited + 1))
        done
        other=127.0.0.1:$(cat "$work/port")
    else
        tail -n 3 "$work/fastify/npm.log" >&2
    fi
fi
[ -n "$node" ] || echo "bench-ingest: without npm and its packages nothing is compared with Fastify" >&2

# Processor time in hundredths of a second: of the collector, and of all processes of its PostgreSQL.
cpu_of() { sed 's/(.*)/x/' "/proc/$1/stat" | awk '{ print $14 + $15 }'; }
cpu_of_server()
{
    cat /proc/[0-9]*/stat 2> /dev/null | sed 's/(.*)/x/' |
        awk -v p="$postmaster" '$4 == p { sum += $14 + $15 } $1 == p { sum += $14 + $15 + $16 + $17 } END { print sum + 0 }'
}
# Transactions that wrote, of the whole cluster: counters of statistics come up to ten seconds late.
commits() { sql crosschip "select pg_snapshot_xmax(pg_current_snapshot())"; }
add() { echo "$2" >> "$work/$1"; }
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"; }
created=0 others=0 limits=0
# one_load NAME CLIENTS ADDRESS
one_load()
{
    "$load" "$3" "$seconds" "$2" > "$work/line" || fail "load $1: $(cat "$work/line")"
    add "$1.rate" "$(word rate < "$work/line")"
    add "$1.p50" "$(word p50_ms < "$work/line")"
    add "$1.p99" "$(word p99_ms < "$work/line")"
    new=$(word created < "$work/line")
}
one_limit()
{
    "$limit" "$(uri limits)" "$seconds" "$2" "$3" > "$work/line" || fail "limit"
    add "$1.rate" "$(word rate < "$work/line")"
    add "$1.p50" "$(word p50_ms < "$work/line")"
    limits=$((limits + $(word stored < "$work/line")))
}
ratio() { awk -v a="$(tail -n 1 "$work/$1")" -v b="$(tail -n 1 "$work/$2")" 'BEGIN { print (b > 0 ? a / b : 0) }'; }

# Both sides once without counting: caches, prepared pages, the compiler of node.
"$load" "$at" 1 8 > "$work/line" && created=$((created + $(word created < "$work/line")))
"$limit" "$(uri limits)" 1 2 128 > "$work/line" && limits=$((limits + $(word stored < "$work/line")))
if [ -n "$node" ]; then "$load" "$other" 1 8 > "$work/line" && others=$((others + $(word created < "$work/line"))); fi
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    one_limit limit 2 128
    for clients in 64 256 8 1; do
        [ "$clients" = 8 ] && one_limit limit1 1 1
        before=$(commits) cpu=$(cpu_of "$pid") cpu_server=$(cpu_of_server)
        one_load "ours$clients" "$clients" "$at"
        created=$((created + new))
        if [ "$clients" = 64 ]; then
            cpu=$(($(cpu_of "$pid") - cpu)) cpu_server=$(($(cpu_of_server) - cpu_server))
            add cpu "$(awk -v c="$cpu" -v n="$new" 'BEGIN { print c * 10000 / n }')"
            add cpu_server "$(awk -v c="$cpu_server" -v n="$new" 'BEGIN { print c * 10000 / n }')"
            add cpu.ratio "$(ratio cpu cpu_server)"
            add grouping "$(awk -v c="$(($(commits) - before))" -v n="$new" 'BEGIN { print n / (c > 0 ? c : 1) }')"
            add p99.ratio "$(ratio ours64.p99 ours64.p50)"
            add before "$(resident)"
        fi
        [ "$clients" = 1 ] || add "ours$clients.ratio" "$(ratio "ours$clients.rate" limit.rate)"
    done
    add p50.ratio "$(ratio ours1.p50 limit1.p50)"
    if [ -n "$node" ]; then
        for clients in 8 64; do
            one_load "other$clients" "$clients" "$other"
            others=$((others + new))
            add "other$clients.ratio" "$(ratio "ours$clients.rate" "other$clients.rate")"
        done
    fi
done

# figure NAME VALUE-FILE UNIT BASELINE-FILE RATIO-FILE at-least|at-most GOAL
figure()
{
    awk -v name="$1" -v value="$(median < "$work/$2")" -v unit="$3" -v base="$(median < "$work/$4")" \
        -v ratio="$(median < "$work/$5")" -v how="$6" -v goal="$7" 'BEGIN {
        good = how == "at-least" ? ratio >= goal : ratio <= goal
        printf "%s %.4g %s baseline=%.4g ratio=%.3f goal=%s%s %s\n", name, value, unit, base, ratio,
            how == "at-least" ? ">=" : "<=", goal, good ? "ok" : "short" }'
}
figure ingest-64-clients ours64.rate submissions/s limit.rate ours64.ratio at-least 0.5
figure ingest-one-client-p50 ours1.p50 ms limit1.p50 p50.ratio at-most 1.5
figure ingest-64-clients-p99 ours64.p99 ms ours64.p50 p99.ratio at-most 3
echo 1 > "$work/one"
figure ingest-submissions-per-commit grouping submissions one grouping at-least 16
figure ingest-cpu cpu us/submission cpu_server cpu.ratio at-most 1
if [ -n "$node" ]; then
    figure ingest-8-clients-fastify ours8.rate submissions/s other8.rate other8.ratio at-least 2
    figure ingest-64-clients-fastify ours64.rate submissions/s other64.rate other64.ratio at-least 2
fi
for clients in 8 256; do
    echo "# $clients clients: $(median < "$work/ours$clients.rate") submissions/s, $(median < "$work/ours$clients.ratio") of the limit," \
        "p50 $(median < "$work/ours$clients.p50") ms, p99 $(median < "$work/ours$clients.p99") ms"
done
echo "# reading, checking and encoding one bundle: $("$TESTBIN/bench/ingest/check" 3000 | word cpu_us) us of one processor"
echo "# memory of the collector: $(sed -n 's/^VmHWM:[^0-9]*//p' "/proc/$pid/status") at most"

# ---- flat: the same rate with many stored
if [ "$stored" -gt 0 ]; then
    "$load" "$at" 36000 64 "$((stored > created ? stored - created : 0))" > "$work/line" || fail "filling"
    created=$((created + $(word created < "$work/line")))
    echo "# filled up to $created at $(word rate < "$work/line") submissions/s"
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        one_limit full 2 128
        one_load later64 64 "$at"
        created=$((created + new))
        add after "$(resident)"
        add later64.ratio "$(ratio later64.rate full.rate)"
    done
    median < "$work/ours64.ratio" > "$work/empty"
    median < "$work/later64.ratio" > "$work/full"
    add flat.ratio "$(ratio full empty)"
    figure ingest-flat full of-limit empty flat.ratio at-least 0.9
    median < "$work/before" > "$work/memory.empty"
    median < "$work/after" > "$work/memory.full"
    add memory.ratio "$(ratio memory.full memory.empty)"
    figure ingest-flat-memory after kB before memory.ratio at-most 1.25
fi

# ---- every answer has its rows, and no row is without an answer
# same DATABASE WANTED
same()
{
    got=$(sql "$1" "select count(*) from submission") rows=$(sql "$1" "select count(*) from measurement")
    if [ "$got" != "$2" ] || [ "$rows" != $(($2 * 20)) ]; then
        fail "$1: $2 submissions were answered with 201, $got are stored with $rows measurements"
    fi
}
same crosschip "$created"
same limits "$limits"
[ -z "$node" ] || same fastify "$others"
echo "# $created submissions answered and $created stored"
