#!/bin/sh
# PostgreSQL dies while `serve` starts: it is started again, a few times; then serve ends with an error that says so.
# Needs BIN; prints TAP. The moments of the kills are spread over the whole start, from recovery to the last connection.
set -u
BIN=${BIN:-build/release/bin}
collector=$BIN/crosschip-collector
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-start.XXXXXX") || exit 1
chmod 755 "$work"
pid=
killer=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$killer" ] && kill "$killer" 2> /dev/null
    [ -n "$pid" ] && kill -9 "$pid" 2> /dev/null
    "$collector" status -q --data "$work/data" > /dev/null 2>&1
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
# kill_postgres DELAY [TIMES]: each postmaster of the folder, DELAY after its file is there; TIMES 0 = for ever
kill_postgres()
{
    python3 - "$work/data/pgdata/postmaster.pid" "$1" "${2:-1}" << 'END' &
import os, signal, sys, time
path, delay, times = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
done, last, end = 0, 0, time.monotonic() + 120
while (times == 0 or done < times) and time.monotonic() < end:
    try:
        pid = int(open(path).readline())
        if pid != last and pid < 1 << 22 and os.readlink("/proc/%d/exe" % pid).split("/")[-1].startswith("postgres"):
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            last, done = pid, done + 1
    except (OSError, ValueError):
        pass
    time.sleep(0.001)
END
    killer=$!
}
start()
{
    : > "$work/out"
    "$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
    pid=$!
}
wait_listening()
{
    waited=0
    while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    grep -q listening "$work/out"
}
if ! command -v python3 > /dev/null; then
    echo "1..0 # SKIP no python3"
    exit 0
fi

# A database, so that what follows is a start and no making of one.
start
wait_listening
ok $? "it serves"
kill -TERM "$pid"
wait "$pid"
ok $? "and stops"

for delay in 0 0.03 0.06 0.09 0.12 0.16 0.2 0.3; do
    kill_postgres "$delay" 2
    start
    wait_listening
    listening=$?
    [ "$listening" = 0 ] || sed 's/^/# /' "$work/log"
    ok "$listening" "killed ${delay} s after its start, twice: it serves all the same"
    kill "$killer" 2> /dev/null
    wait "$killer" 2> /dev/null
    killer=
    kill -TERM "$pid" 2> /dev/null
    wait "$pid"
    ok $? "and stops in order"
    pid=
done

# At once only: a later kill may find a PostgreSQL that serves already, and then it is started again without an end.
kill_postgres 0 0
start
wait "$pid"
code=$?
pid=
kill "$killer" 2> /dev/null
wait "$killer" 2> /dev/null
killer=
[ "$code" = 69 ] && grep -q '^error: .*PostgreSQL ' "$work/log" && grep -q '^detail: ' "$work/log" && grep -q '^hint: see .*postgres\.log' "$work/log"
bad=$?
[ "$bad" = 0 ] || sed 's/^/# /' "$work/log"
ok "$bad" "killed after every start: it ends with 69 (was $code), the reason and where to look"
echo "1..$number"
