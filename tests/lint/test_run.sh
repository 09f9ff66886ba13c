#!/bin/sh
# Gives tests/run.sh small test scripts and expects it to count them right.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-run-test.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
number=0

counts() { # STATUS LAST_LINE TEXT SCRIPT
    number=$((number + 1))
    echo "$4" > "$work/test.sh"
    sh "$here/../run.sh" "$work/test.sh" > "$work/out" 2>&1
    status=$?
    if [ "$status" -eq "$1" ] && [ "$(tail -n 1 "$work/out")" = "$2" ]; then
        echo "ok $number - $3"
    else
        echo "not ok $number - $3"
        tail -n 1 "$work/out" >&2
        failed=1
    fi
}
failed=0

counts 0 "2 passed, 0 failed" "two that pass" 'echo "ok 1 - one"; echo "ok 2 - two"'
counts 1 "1 passed, 1 failed" "one that fails" 'echo "ok 1 - one"; echo "not ok 2 - two"; exit 1'
counts 0 "1 passed, 0 failed, 1 skipped" "a skip as cmocka prints it" 'echo "ok 1 - one"; echo "not ok 2 # SKIP two"'
counts 0 "1 passed, 0 failed, 1 skipped" "a skip as TAP prints it" 'echo "ok 1 - one"; echo "ok 2 - two # SKIP no files here"'
counts 1 "0 passed, 0 failed, 1 skipped" "a script that is skipped as a whole, and a run of nothing else" 'echo "1..0 # SKIP no python3"'
counts 1 "0 passed, 1 failed" "a script that dies" 'exit 3'
counts 1 "0 passed, 1 failed" "a script without tests" ':'
exit $failed
