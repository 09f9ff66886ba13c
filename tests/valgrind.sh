#!/bin/sh
# The fast tier's programs under memcheck: no error, nothing definitely or indirectly lost.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${O:-build}/debug
processors=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
make -j"$processors" BUILD=debug unit-tests || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-valgrind.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

cat > "$work/one.sh" << 'SCRIPT'
test=$1
log=$WORK/$(basename "$test")
if valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect \
    --suppressions=tests/valgrind.supp "$test" > "$log" 2>&1; then
    echo "ok - $test"
else
    { echo "not ok - $test"; tail -n 40 "$log"; } > "$log.bad"
    cat "$log.bad"
fi
SCRIPT
export WORK="$work" CROSSCHIP_TEST_PATIENCE=60
for source in tests/unit/test_*.c; do
    test=${source##*/}
    [ -x "$build/tests/unit/${test%.c}" ] && printf '%s\0' "$build/tests/unit/${test%.c}"
done | xargs -0 -n 1 -P "$processors" sh "$work/one.sh"
for bad in "$work"/*.bad; do
    if [ -e "$bad" ]; then exit 1; fi
done
