#!/bin/sh
# The same tables from the database as straight from the files, and what crosschip-analyze says when something is wrong.
# Needs BIN (programs); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
analyze=$BIN/crosschip-analyze
samples=tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-analyze.XXXXXX") || exit 1
chmod 755 "$work"
export CROSSCHIP_CONFIG=$samples/crosschip.conf
pid=
number=0
finish() {
    [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
# status WANTED TEXT COMMAND…: exit status and an error with a hint
status() {
    wanted=$1 text=$2
    shift 2
    "$@" > "$work/out" 2> "$work/err"
    got=$?
    number=$((number + 1))
    if [ "$got" -eq "$wanted" ] && { [ "$wanted" -le 1 ] || grep -q '^error: ' "$work/err"; }; then
        echo "ok $number - $text"
    else
        echo "not ok $number - $text"
        echo "# got $got, wanted $wanted"
        sed 's/^/# /' "$work/err"
    fi
}
says() { grep -q -- "$1" "$work/err"; }

# ---- nothing there yet
status 2 "a folder without a database is nothing to compare" "$analyze" table --data "$work/none"
check "it says how to go on" says '^hint: '
check "and makes nothing" test ! -e "$work/none"
status 69 "a server that is not there" "$analyze" audit --database 'postgresql://127.0.0.1:1/x'

# ---- a collector with the samples
"$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/serve" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q '^listening on ' "$work/serve" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
server=$(sed -n 's/^listening on //p' "$work/serve")
status 2 "an empty database" "$analyze" table --data "$work/data"
cp $samples/demo.key "$work/key" && chmod 600 "$work/key"
find $samples/anemll-bench $samples/llama.cpp-gpu -name '*.json' | LC_ALL=C sort > "$work/files"
xargs "$BIN/crosschip-submit" send -q --elsewhere --server "$server" --key "$work/key" --spool "$work/spool" \
    < "$work/files" > "$work/sent"
"$analyze" table --json --data "$work/data" > "$work/database.json" 2> "$work/err"
xargs "$analyze" table --json < "$work/files" > "$work/files.json" 2>> "$work/err"
check "the database gives the tables of the files" cmp "$work/database.json" "$work/files.json"
check "with a row in them" grep -q 'Apple M4 Pro' "$work/database.json"
status 1 "audit finds the page that mixed two models" "$analyze" audit --data "$work/data"
check "13 times" test "$(grep -c '^bandwidth_time_bytes' "$work/out")" -eq 13
status 0 "coverage" "$analyze" coverage --json --data "$work/data"
status 0 "publish while the collector runs" "$analyze" publish -q --data "$work/data" "$work/reports"
cp -r "$work/reports" "$work/before"
status 64 "an unknown baseline" "$analyze" publish -q --data "$work/data" --baseline 'Apple M99' "$work/reports"
check "lists the chips" says 'Apple M1'
check "and changes nothing" diff -r "$work/reports" "$work/before"

# ---- without the collector: analyze starts and stops the database itself
kill -TERM "$pid" && wait "$pid"
pid=
status 0 "publish again without a collector" "$analyze" publish -q --data "$work/data" "$work/reports"
check "the same bytes" diff -r "$work/reports" "$work/before"
check "no server is left" sh -c "! find '$work/data/' /var/lib/crosschip -name postmaster.pid -newer '$work/files' 2>/dev/null | grep -q ."

# ---- a folder that cannot be written, words of people, a broken marker
: > "$work/file"
status 73 "a file where the folder should be" "$analyze" publish -q --data "$work/data" "$work/file"
printf 'Our words.\n' | cat - "$work/before/RESULTS.md" > "$work/reports/RESULTS.md"
status 0 "publish over words of people" "$analyze" publish -q --data "$work/data" "$work/reports"
check "they survive" sh -c "printf 'Our words.\n' | cat - '$work/before/RESULTS.md' | cmp - '$work/reports/RESULTS.md'"
sed '/crosschip:end summary/d' "$work/before/RESULTS.md" > "$work/reports/RESULTS.md"
cp "$work/reports/RESULTS.md" "$work/broken"
status 65 "a block that is not closed" "$analyze" publish -q --data "$work/data" "$work/reports"
check "is left as it was" cmp "$work/reports/RESULTS.md" "$work/broken"
echo "1..$number"
