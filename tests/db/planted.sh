#!/bin/sh
# Are the random histories any good? Each file of planted/ is a bug of the sealer, the followers, the changes or the
# proofs. It is put into a copy of the sources, built, and must be found. Prints TAP, with the history that found it.
# Usage: planted.sh [NAME…]   `make histories-proof` runs it; HISTORIES (20) is how many are tried for each.
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-planted.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
mkdir "$work/copy"
git ls-files -z | xargs -0 cp --parents -t "$work/copy"
run()
{
    make -C "$work/copy" -j2 O=build BUILD=release WERROR= db-bin-histories > "$work/build.log" 2>&1 ||
        { tail -n 20 "$work/build.log"; return 2; }
    (cd "$work/copy" && CROSSCHIP_HISTORIES=${HISTORIES:-20} timeout 600 build/release/tests/db/test_histories) > "$work/out" 2>&1
}
if [ $# -eq 0 ]; then
    for patch in tests/db/planted/*.patch; do set -- "$@" "$(basename "$patch" .patch)"; done
fi
number=0
for name in "$@"; do
    number=$((number + 1))
    patch=$(pwd)/tests/db/planted/$name.patch
    if ! patch -s -p1 -d "$work/copy" < "$patch"; then
        echo "not ok $number - $name: the bug cannot be planted any more"
        patch -s -R -p1 -d "$work/copy" < "$patch"
        continue
    fi
    run
    status=$?
    if [ $status = 1 ] && grep -q 'FAILED.*test_random_histories' "$work/out"; then
        echo "# $name: $(grep '^history' "$work/out" | tail -n 1), $(grep -m 1 'ERROR\|: its \|differs' "$work/out")"
        echo "ok $number - $name is found"
    else
        tail -n 5 "$work/out" | sed 's/^/# /'
        echo "not ok $number - $name is not found (status $status)"
    fi
    patch -s -R -p1 -d "$work/copy" < "$patch"
done
echo "1..$number"
