#!/bin/sh
# crosschip-submit run: output passed through, conditions in the bundle, the status of the command, signals, files.
# Needs BIN (programs); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-run.XXXXXX") || exit 1
number=0
trap 'cd /; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export XDG_DATA_HOME="$work/home" CROSSCHIP_CONFIG=/dev/null
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE
cd "$work" || exit 1
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
run()
{
    "$bin/crosschip-submit" run "$@"
}
result='[{"metric":"memory_bandwidth","unit":"GB/s","value":12.5,"task":"read"}]'
printf '%s\n' "$result" > result.json

run -q -o bundle.json -- sh -c "cat result.json; echo note >&2" > out.txt 2> err.txt
ok $? "a benchmark that works gives a bundle"
head -n 1 out.txt | cmp -s - result.json && grep -qx note err.txt
ok $? "stdout and stderr of the command go through, apart"
grep -q '"load_before":' bundle.json && grep -q '"watched_s":' bundle.json
ok $? "the bundle says in what state the machine was"
grep -q '"run_id":"[0-9a-f]\{32\}"' bundle.json && grep -q '"ran_at":"20' bundle.json
ok $? "the bundle has the id and the time of the run"

run -q -o - -- cat result.json > bundle2.json 2> err.txt
ok $? "with --output - the bundle alone is on stdout"
head -c 12 bundle2.json | grep -q '{"crosschip"' && grep -q '12.5' err.txt
ok $? "then the output of the command is on stderr"

run -q --output none.json -- sh -c 'cat result.json; exit 7' > out.txt 2> err.txt
status=$?
[ "$status" = 7 ] && [ ! -e none.json ] && grep -q 'status 7; nothing is sent' err.txt
ok $? "a command that fails is not sent, and its status is kept"
run -q --output none.json -- sh -c 'cat result.json; kill -SEGV $$' > out.txt 2> err.txt
status=$?
[ "$status" = 139 ] && [ ! -e none.json ] && grep -q 'signal 11' err.txt
ok $? "neither is one that a signal ended: 128 + its number"
run -q -- ./not-there > out.txt 2> err.txt
[ $? = 69 ] && grep -q '^hint:' err.txt
ok $? "a command that is not there is an error of its own"
run -q --deadline soon -- touch started > out.txt 2> err.txt
[ $? = 64 ] && [ ! -e started ]
ok $? "what the options have wrong comes to light before the run"

run -q -o err.json -- sh -c 'echo starting; cat result.json >&2' > out.txt 2> err.txt
[ $? = 0 ] && grep -q '"value\\":12.5\|"mean":12.5' err.json
ok $? "results on stderr are found, too"
run -q -- echo nothing to be read > out.txt 2> err.txt
[ $? = 65 ] && grep -qx 'nothing to be read' crosschip-run-*.txt && grep -q 'crosschip-run-' err.txt
ok $? "output that cannot be read is kept in a file"
run -q -- sh -c 'head -c 70000000 /dev/zero | tr "\\0" x' > out.txt 2> err.txt
[ $? = 65 ] && [ "$(wc -c < out.txt)" = 70000000 ] && grep -q 'more than 64 MiB' err.txt
ok $? "too much output goes through, and is refused afterwards"
rm -f crosschip-run-*.txt out.txt
run -q -- true > out.txt 2> err.txt
[ $? = 65 ] && grep -q 'printed nothing' err.txt
ok $? "a command that prints nothing says how to name its file"

run -q -o files.json --results 'res-*.json' -- cp result.json res-1.json > out.txt 2> err.txt
[ $? = 0 ] && grep -q '"load_before"' files.json
ok $? "the files that the command writes are sent with --results"
touch -d '1 hour ago' res-1.json
run -q -o none.json --results 'res-*.json' -- true > out.txt 2> err.txt
[ $? = 65 ] && grep -q 'older than this run' err.txt
ok $? "a file of an earlier run is not"

"$bin/crosschip-submit" run -q -- sh -c 'trap "exit 5" TERM; touch up; while :; do sleep 0.05; done' > out.txt 2> err.txt &
pid=$!
waited=0
while [ ! -e up ] && [ "$waited" -lt 200 ]; do sleep 0.05; waited=$((waited + 1)); done
kill -TERM "$pid"
wait "$pid"
ok $(($? != 5)) "SIGTERM reaches the command, and its status comes back"

# A terminal: Ctrl-C reaches the command through the terminal, and the progress line is there and gone again.
cat > press.py <<'P'
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(sys.argv[1], [sys.argv[1], "run", "--", "sh", "-c",
             'trap "echo got it; exit 3" INT; echo up; while :; do sleep 0.05; done'])
seen, pressed = b"", False
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if b"running 0:0" in seen and not pressed:
        os.write(fd, b"\x03")
        pressed = True
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
P
timeout 30 python3 press.py "$bin/crosschip-submit" > terminal.txt
[ $? = 3 ] && grep -q 'got it' terminal.txt
ok $? "Ctrl-C on a terminal reaches the command"
grep -q 'running 0:01' terminal.txt && ! grep -q 'running' out.txt err.txt
ok $? "progress stands on a terminal, and nowhere else"

"$bin/crosschip-submit" bench -q --quick --duration 1 --json memory > bench.json 2> err.txt
ok $? "the built-in benchmark measures the memory"
"$bin/crosschip-submit" check --json bench.json > read.json
[ $? = 0 ] && grep -q '"task": *"triad"' read.json && grep -q '"backend": *"CPU"' read.json
ok $? "its document is read, with a triad of the CPU"
"$bin/crosschip-submit" bench -q --quick --duration 1 -o bundle3.json memory > out.txt 2> err.txt
[ $? = 0 ] && grep -q '"watched_s":' bundle3.json && grep -q '"run_id":' bundle3.json
ok $? "without --json the result goes the way of send"
case ${BUILD:-release} in
release | debug)
    # shellcheck disable=SC3045 # dash and bash both have it
    (ulimit -v 200000 && exec "$bin/crosschip-submit" bench -q --quick memory) > out.txt 2> err.txt
    [ $? = 74 ] && grep -q '^hint: close other programs' err.txt
    ok $? "too little memory is an error of its own"
    ;;
*)
    number=$((number + 1))
    echo "ok $number - # SKIP a sanitizer needs more address space than the limit leaves"
    ;;
esac
"$bin/crosschip-submit" bench everything > out.txt 2> err.txt
[ $? = 64 ] && grep -q 'memory, lm_head and together' err.txt
ok $? "an unknown part is wrong use, and the parts are named"
# The page about a run, by crosschip-analyze beside this program.
run -q -o bundle4.json --report page -- cat result.json > out.txt 2> err.txt
[ $? = 0 ] && [ -s bundle4.json ] && grep -q 'Memory bandwidth' page/report.html && grep -q '12.5' page/report.md
ok $? "a run can have its page at once"
cmp -s page/output.txt result.json
ok $? "what was printed stands beside it"
run -q -o bundle5.json --report page2 --results 'made*.json' -- cp result.json made1.json > out.txt 2> err.txt
[ $? = 0 ] && grep -q '12.5' page2/report.md
ok $? "a result file that the command wrote is reported, too"
mkdir alone && cp "$bin/crosschip-submit" alone/
PATH=/nowhere alone/crosschip-submit run -q -o none.json --report page3 -- /usr/bin/touch started3 > out.txt 2> err.txt
[ $? = 69 ] && [ ! -e started3 ] && grep -q 'report needs crosschip-analyze' err.txt
ok $? "without crosschip-analyze nothing is started"
echo "1..$number"
