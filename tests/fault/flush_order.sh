#!/bin/sh
# Order on disk: strace sees the collector and its PostgreSQL while submissions come in. Between the arrival of each
# request and its 2xx a flush of the write-ahead log must have begun and returned. Needs strace; prints TAP.
# ACKS=N takes N submissions (default 200).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
acks=${ACKS:-200}
number=0
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
if ! strace -f -o /dev/null true 2> /dev/null; then
    echo "ok 1 - order on disk # SKIP strace is missing or may not trace here"
    echo "1..1"
    exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-order.XXXXXX") || exit 1
chmod 755 "$work"
pid=
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null
    [ -n "${tracer:-}" ] && wait "$tracer" 2> /dev/null
    rm -rf "$work"
}
# The folder of the data first: making it under strace takes long.
"$BIN/crosschip-collector" import --key "$work/key" --data "$work/data" - < /dev/null > "$work/null" 2>&1
strace -f -y -s 24 -o "$work/trace" -e trace=fdatasync,fsync,recvfrom,sendto,sendmsg,writev \
    "$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
tracer=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$tracer" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
folder=$(cat "$work/data/cluster" 2> /dev/null || echo "$work/data")
pid=$(sed -n 's/^\([0-9][0-9]*\).*/\1/p' "$folder/collector" | head -n 1)
half=$((acks / 2))
"$TESTBIN/bench/ingest/load" "$at" 120 1 "$half" > "$work/one"
ok $? "$half submissions one after the other"
"$TESTBIN/bench/ingest/load" "$at" 120 16 "$half" > "$work/many"
ok $? "$half submissions of 16 clients at once"
kill -TERM "$pid"
wait "$tracer"
ok $? "the collector stops in order under strace"
tracer=
pid=
created=$(cat "$work/one" "$work/many" | awk '{ for (i = 1; i < NF; i += 2) if ($i == "created") sum += $(i + 1) } END { print sum + 0 }')

# Lines are in the order of time; a call that another line interrupts has two of them. For each connection: the line of
# its request. For the log: the line where the flush that returned last had begun (begun), of all that have returned.
cat > "$work/judge.awk" << 'AWK'
function is_log(text) { return text ~ /pg_wal/ }
{ process = $1 }
/f(data)?sync\(/ && is_log($0) {
    if ($0 ~ /unfinished/) { pending[process] = NR; next }
    if ($0 ~ /= 0$/) { begun = NR }
}
/<\.\.\. f(data)?sync resumed/ && process in pending {
    if ($0 ~ /= 0$/ && pending[process] > begun) begun = pending[process]
    delete pending[process]
}
# The request: its head comes in one piece.
/recvfrom\(/ && /"POST/ { match($0, /recvfrom\([0-9]+/); asked[substr($0, RSTART + 9, RLENGTH - 9)] = NR }
/recvfrom\(/ && /unfinished/ { match($0, /recvfrom\([0-9]+/); reading[process] = substr($0, RSTART + 9, RLENGTH - 9) }
/recvfrom resumed/ && /"POST/ && process in reading { asked[reading[process]] = NR }
/"HTTP\/1\.1 20[01] / {
    match($0, /(sendto|sendmsg|writev)\([0-9]+/)
    split(substr($0, RSTART, RLENGTH), part, "(")
    answers++
    if (!(part[2] in asked)) unknown++
    else if (begun <= asked[part[2]]) early++
    delete asked[part[2]]
}
END { printf "%d %d %d\n", answers, early, unknown }
AWK
awk -f "$work/judge.awk" "$work/trace" > "$work/verdict"
read -r answers early unknown < "$work/verdict"
[ "$answers" = "$created" ] && [ "$created" = "$acks" ] && [ "$unknown" = 0 ]
ok $? "strace saw each of the $created acknowledgements ($answers, $unknown without a request)"
[ "$early" = 0 ]
ok $? "and a flush of the log before each ($early early)"
# The judge must see what it looks for: with the flushes taken out everything is early.
grep -v 'sync' "$work/trace" | awk -f "$work/judge.awk" > "$work/blind"
read -r answers early unknown < "$work/blind"
[ "$early" = "$answers" ] && [ "$answers" -gt 0 ]
ok $? "without the flushes each would count as early"
echo "1..$number"
