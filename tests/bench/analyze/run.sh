#!/bin/sh
# make bench-analyze: full tables from PostgreSQL beside the SQL that somebody would write (percentile_cont with joins) and
# beside the least that it takes (COPY of cell and value, sorted in C). All in one run on the same rows, interleaved;
# medians over ROUNDS (3). ROWS (1000000) measurements. Then, once: everything is published into a new folder, and again
# after 100 new submissions of one chip, and after 100 that touch every cell, so that every figure changes.
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. Publications stand beside the first one. The tables carry their intervals, so both goals
# are 1.5 times what they are without. Needs BIN (programs) and TESTBIN (floor).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-3}
rows=${ROWS:-1000000}
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
    echo "bench-analyze: $1" >&2
    [ -s "$work/log" ] && tail -n 5 "$work/log" >&2
    exit 1
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
# timed FILE COMMAND…: milliseconds, appended
timed()
{
    file=$1
    shift
    begun=$(date +%s%N)
    "$@" || fail "$1 fails"
    awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN { printf "%.1f\n", (b - a) / 1e6 }' >> "$work/$file"
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
"$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "create database tables owner crosschip" || fail "no database"
uri="postgresql:///tables?host=$socket&user=crosschip"
"$collector" migrate --database "$uri" > /dev/null || fail "no schema"
sql() { "$bin/psql" -qAtX -h "$socket" -U crosschip tables "$@"; }
generate() { sql -f tests/bench/analyze/generate.sql "$@" > "$work/log" 2>&1 || fail "no rows"; }
generate -v submissions=$((rows / 20))
stored=$(sql -c "select count(*) from measurement")

cell="hashtextextended(r.chip_name || r.workload_key || m.metric, 0)"
from="measurement m join run r using (submission_id, run_no) join submission s using (submission_id) where s.state = 'accepted'"
by_sql()
{
    sql -c "select r.chip_name, r.workload_key, m.metric, count(*), avg(m.mean), stddev(m.mean), min(m.mean), max(m.mean),
        percentile_cont(array[0.05, 0.25, 0.5, 0.75, 0.95]) within group (order by m.mean) from $from group by 1, 2, 3" > "$work/sql"
}
by_floor()
{
    sql -c "copy (select $cell, m.mean from $from) to stdout (format binary)" | "$TESTBIN/bench/analyze/floor" > "$work/floor.out"
}
by_analyze()
{
    "$BIN/crosschip-analyze" table --csv --database "$uri" > "$work/table" 2>> "$work/log"
}
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    timed sql.ms by_sql
    timed floor.ms by_floor
    timed analyze.ms by_analyze
done
cells=$(wc -l < "$work/sql")
figures=$(($(wc -l < "$work/table") - 1))
[ "$cells" = "$figures" ] || fail "$figures figures, but SQL finds $cells cells"

XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME
by_publish() { "$BIN/crosschip-analyze" publish -q --database "$uri" "$work/pages" 2>> "$work/log"; }
timed all.ms by_publish
generate -v submissions=100 -v first=$((rows / 20 * 20)) -v step=20
timed one_chip.ms by_publish
generate -v submissions=100 -v first=$((rows / 20 * 20 + 4000))
timed all_chips.ms by_publish

report() # report NAME FILE BASELINE GOAL
{
    awk -v name="$1" -v ours="$(median "$work/$2")" -v other="$(median "$work/$3")" -v goal="$4" 'BEGIN {
        ratio = ours / other
        printf "%s %.0f ms baseline=%.0f ratio=%.2f goal=%.2f %s\n", name, ours, other, ratio, goal, (ratio <= goal) ? "ok" : "short"
    }'
}
echo "$stored measurements, $cells cells"
report table_beside_sql analyze.ms sql.ms 0.75
report table_beside_copy_and_sort analyze.ms floor.ms 2.25
report publish_100_new_of_one_chip one_chip.ms all.ms 0.05
report publish_100_new_of_all_chips all_chips.ms all.ms 0.05
