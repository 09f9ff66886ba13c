#!/bin/sh
# The published site in headless Chromium: what a script adds, what stands without one, keyboard, themes, phone, print,
# accessibility, valid HTML, and that no page asks for anything else. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-browser.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
here=tests/browser
for program in node npm chromium; do
    command -v $program > /dev/null || {
        echo "ok 1 - # SKIP no $program (make deps-test installs it)"
        echo "1..1"
        exit 0
    }
done
sh $here/packages.sh "$work/npm" || {
    echo "not ok 1 - the pinned packages of $here can be installed"
    sed 's/^/# /' "$work/npm" | tail -n 20
    echo "1..1"
    exit 1
}
export CROSSCHIP_CONFIG=tests/data/samples/crosschip.conf SOURCE_DATE_EPOCH=0
find tests/data/samples -name '*.json' | LC_ALL=C sort | xargs "$BIN/crosschip-analyze" publish -q "$work/publication" || exit 1
node $here/site.mjs "$work/publication/site" "$work/profile" "${SHOTS:-}"
