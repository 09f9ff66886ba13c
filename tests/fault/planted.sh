#!/bin/sh
# Is the harness any good? Each file of planted/ is a bug that loses, doubles or strands submissions. It is put into a
# copy of the sources, built, and must be found. Prints TAP, with how many kills it took.
# Usage: planted.sh [NAME…]   Needs TESTBIN (the harness); `make torture-proof` runs it.
set -u
. tests/fault/torture.sh
TESTBIN=$(cd "$TESTBIN" && pwd) || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-planted.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
mkdir "$work/copy"
git ls-files -z | xargs -0 cp --parents -t "$work/copy"
build()
{
    make -C "$work/copy" -j2 O=build BUILD=release WERROR= build/release/bin/crosschip-submit \
        build/release/bin/crosschip-collector > "$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; return 1; }
}
if [ $# -eq 0 ]; then
    for patch in tests/fault/planted/*.patch; do set -- "$@" "$(basename "$patch" .patch)"; done
fi
number=0
for name in "$@"; do
    number=$((number + 1))
    patch=$(pwd)/tests/fault/planted/$name.patch
    if ! patch -s -p1 -d "$work/copy" < "$patch" || ! build; then
        echo "not ok $number - $name: the bug cannot be planted any more"
        patch -s -R -p1 -d "$work/copy" < "$patch"
        continue
    fi
    BIN=$work/copy/build/release/bin TORTURE_QUIET=yes torture ${TORTURE:-0 250 50 20 40 40 10} > "$work/out"
    status=$?
    grep '^# ' "$work/out" | sed "s/^# /# $name: /"
    if [ $status = 1 ] && grep -q '^# FOUND' "$work/out"; then
        echo "ok $number - $name is found"
    else
        echo "not ok $number - $name is not found (status $status)"
    fi
    patch -s -R -p1 -d "$work/copy" < "$patch"
done
echo "1..$number"
