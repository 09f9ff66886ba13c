#!/bin/sh
# The fast tier's programs under memcheck: no error, nothing definitely or indirectly lost.
set -u
build=${O:-build}/debug
make BUILD=debug unit-tests || exit 1
bad=0
for test in "$build"/tests/unit/test_*; do
    case $test in *.d) continue ;; esac
    if ! valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        --suppressions=tests/valgrind.supp "$test" > /tmp/crosschip-valgrind.$$ 2>&1; then
        bad=1
        echo "not ok - $test"
        tail -n 40 /tmp/crosschip-valgrind.$$
    else
        echo "ok - $test"
    fi
    rm -f /tmp/crosschip-valgrind.$$
done
exit $bad
