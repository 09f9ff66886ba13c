#!/bin/sh
# Hostile strings in every field of a result neither add nor change an element, link, row or file: RESULTS.md through
# cmark-gfm and every page through Chromium's parser, beside the same results with plain words. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-hostile.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
here=tests/browser
for program in node chromium cmark-gfm; do
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
export CROSSCHIP_CONFIG="$PWD/tests/data/samples/crosschip.conf" SOURCE_DATE_EPOCH=0
node $here/hostile.mjs make "$work" ../shared/corpus/hostile/strings || exit 1
for part in plain $(cd "$work" && ls -d [0-9]*); do
    "$BIN/crosschip-analyze" publish -q "$work/$part-out" "$work/$part"/*.json > /dev/null 2> "$work/err" || {
        echo "not ok 1 - the results of part $part are published"
        sed 's/^/# /' "$work/err"
        echo "1..1"
        exit 1
    }
    cmark-gfm --unsafe -e table -e autolink -e strikethrough -e footnotes "$work/$part-out/RESULTS.md" > "$work/$part-out/results.html"
done
node $here/hostile.mjs compare "$work"
