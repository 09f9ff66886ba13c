#!/bin/sh
# Many clients at once: idle and slow ones beside good ones, more work than can be done, a long load. Acknowledged is
# stored, refused is told when to come again, memory stays bounded. Needs BIN and TESTBIN; prints TAP.
#
#   pressure.sh             short, in the fault tier: no time is judged
#   pressure.sh long        as issue and docs state it: 1,000 idle and 200 slow, overload, MINUTES (10) of 64 clients;
#                           figures as "NAME VALUE UNIT baseline=… ratio=… goal=… ok|short"; MINUTES=0 SECONDS_EACH=3
#                           goes through it in half a minute
#   pressure.sh tsan        COUNT (100000) requests to a collector under the thread sanitizer (BUILD=tsan)
#   pressure.sh valgrind    COUNT (1000) requests to a collector under memcheck
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
mode=${1:-short}
load=$TESTBIN/bench/ingest/load
idle=300 slow=60 seconds=3 overload=1200
under=
case $mode in
long) idle=1000 slow=200 seconds=${SECONDS_EACH:-20} overload=1024 ;; # four times the 256 whose rate is the peak
valgrind) under="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect --suppressions=tests/valgrind.supp" ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-pressure.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
created=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
word() { awk -v name="$1" '{ for (i = 1; i < NF; i += 2) if ($i == name) print $(i + 1) }' "$work/line"; }
# clients NAME ARGUMENT…: a load; what it acknowledged is counted
clients()
{
    name=$1
    shift
    "$load" "$at" "$@" > "$work/line" 2> "$work/errors"
    code=$?
    created=$((created + $(word created)))
    ok "$code" "$name: no answer failed"
    sed 's/^/# /' "$work/line"
    head -n 3 "$work/errors" | sed 's/^/# /'
}
# figure NAME VALUE UNIT BASELINE at-least|at-most GOAL: judged in the long form only
figure()
{
    [ "$mode" = long ] || return 0
    awk -v name="$1" -v value="$2" -v unit="$3" -v base="$4" -v how="$5" -v goal="$6" 'BEGIN {
        ratio = base > 0 ? value / base : 0
        good = how == "at-least" ? ratio >= goal : ratio <= goal
        printf "%s %.4g %s baseline=%.4g ratio=%.3f goal=%s%s %s\n", name, value, unit, base, ratio,
            how == "at-least" ? ">=" : "<=", goal, good ? "ok" : "short" }'
}
memory() { sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$pid/status"; }

: > "$work/out"
# shellcheck disable=SC2086
$under "$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 1200 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")

case $mode in
tsan) clients "${COUNT:=100000} requests under the thread sanitizer" 7200 64 "$COUNT" ;;
valgrind) clients "${COUNT:=1000} requests under memcheck" 7200 16 "$COUNT" ;;
*)
    clients "8 good clients" "$seconds" 8
    alone=$(word p99_ms)
    clients "8 good clients beside $idle idle and $slow slow ones" "$seconds" 8 0 "$idle" "$slow"
    figure pressure-good-clients-p99 "$(word p99_ms)" ms 200 at-most 1
    echo "# p99 $alone ms without the others"
    clients "256 clients" "$seconds" 256
    peak=$(word rate)
    clients "$overload clients" "$seconds" "$overload"
    figure pressure-overload-goodput "$(word rate)" submissions/s "$peak" at-least 0.8
    [ "$(word later)" -gt 0 ]
    ok $? "some of $overload were told to come later, with Retry-After"
    clients "8 clients afterwards" "$seconds" 8
    if [ "$mode" = long ] && [ "${MINUTES:=10}" -gt 0 ]; then
        before=$(memory VmRSS)
        clients "64 clients for $MINUTES minutes" $((MINUTES * 60)) 64
        figure pressure-memory-grown "$(memory VmRSS)" kB "$before" at-most 1.25
    fi
    [ "$(memory VmHWM)" -le 131072 ]
    ok $? "memory stays within 128 MiB ($(memory VmHWM) kB)"
    ;;
esac
kill -TERM "$pid"
wait "$pid"
code=$?
ok "$code" "it stops in order (exit $code)"
pid=
grep -q 'WARNING: ThreadSanitizer\|ERROR SUMMARY: [1-9]\|== Invalid\|definitely lost' "$work/log" && code=1
ok "$code" "and nothing was found"
[ "$code" = 0 ] || tail -n 60 "$work/log" | sed 's/^/# /'
stored=$("$BIN/crosschip-collector" status --json --data "$work/data" | sed -n 's/^ *"submissions": \([0-9]*\),$/\1/p' | head -n 1)
[ "$stored" = "$created" ]
ok $? "$created submissions were acknowledged and $stored are stored"
echo "1..$number"
