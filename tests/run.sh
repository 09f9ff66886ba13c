#!/bin/sh
# Runs test programs and scripts one after the other, shows what failed, and closes with
# "N passed, N failed". cmocka programs and shell scripts both speak TAP.
# Usage: tests/run.sh TEST…      (JOBS=N runs N at a time; default 2)
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-tests.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
jobs=${JOBS:-2}

cat > "$work/one.sh" << 'SCRIPT'
test=$1
name=$(printf %s "$test" | tr / _)
case $test in
*.sh) timeout -k 5 600 sh "$test" > "$WORK/$name.out" 2> "$WORK/$name.err" ;;
/*) CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 600 "$test" > "$WORK/$name.out" 2> "$WORK/$name.err" ;;
*) CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 600 "./$test" > "$WORK/$name.out" 2> "$WORK/$name.err" ;;
esac
status=$?
awk -v test="$test" -v status="$status" '
    /^[ \t]*(not )?ok .*# *(SKIP|skip)/ { skipped++; next }  # cmocka skips as "not ok"
    /^1\.\.0 *# *(SKIP|skip)/ { skipped++; next }  # a script that needs what is not there
    /^[ \t]*ok / { passed++ }
    /^[ \t]*not ok / { failed++; behind = 1; print "FAILED " test ": " $0 > "/dev/stderr"; next }
    /^#/ && behind && shown < 100 { shown++; print > "/dev/stderr"; next }  # what the test said of it
    { behind = 0 }
    END {
        if (status != 0 && failed == 0) { failed++; print "FAILED " test ": exit status " status > "/dev/stderr" }
        if (passed + failed + skipped == 0) { failed++; print "FAILED " test ": ran no test" > "/dev/stderr" }
        printf "%d %d %d\n", passed, failed, skipped
    }' "$WORK/$name.out" > "$WORK/$name.count" 2> "$WORK/$name.bad"
set -- $(cat "$WORK/$name.count")
if [ "$2" -gt 0 ]; then
    { cat "$WORK/$name.bad"; echo "--- output of $test"; tail -n 60 "$WORK/$name.out"; tail -n 60 "$WORK/$name.err"; echo "---"; }
else
    skip=""; [ "$3" -gt 0 ] && skip=", $3 skipped"
    echo "ok   $test: $1 passed$skip"
fi
SCRIPT
export WORK="$work"
# What programs keep in mind from one run to the next is of one run of the tests.
export XDG_CACHE_HOME="$work/cache"
# What a sanitizer says of a program that a test starts and whose end it does not see must not be lost.
mkdir -p "$work/reports"
if [ -n "${ASAN_OPTIONS:-}" ]; then export ASAN_OPTIONS="$ASAN_OPTIONS:log_path='$work/reports/asan'"; fi
if [ -n "${TSAN_OPTIONS:-}" ]; then export TSAN_OPTIONS="$TSAN_OPTIONS:log_path='$work/reports/tsan'"; fi
if [ -n "${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" ]; then chmod 711 "$work" && chmod 1777 "$work/reports"; fi
for test in "$@"; do printf '%s\0' "$test"; done | xargs -0 -r -n 1 -P "$jobs" sh "$work/one.sh"
for report in "$work"/reports/*; do
    if [ ! -e "$report" ]; then continue; fi
    echo "FAILED a program under a sanitizer:"
    head -n 100 "$report"
    echo "0 1 0" > "$work/${report##*/}.count"
done
cat "$work"/*.count 2>/dev/null | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed", passed, failed
        if (skipped) printf ", %d skipped", skipped
        printf "\n"
        exit (failed > 0 || passed == 0)
    }'
