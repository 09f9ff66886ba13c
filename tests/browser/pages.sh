#!/bin/sh
# Pages that tests/browser/site.sh does not see, in headless Chromium: two versions of a tool, the report of one result, and
# what a collector answers about a submission just sent, one that it never got, and a page that is gone. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-pages.XXXXXX") || exit 1
chmod 755 "$work"
pid=
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
here=tests/browser
for program in node npm chromium; do
    command -v $program > /dev/null || {
        echo "ok 1 - # SKIP no $program (make deps-test installs it)"
        echo "1..1"
        exit 0
    }
done
fail()
{
    echo "not ok 1 - $1"
    [ -s "$work/log" ] && tail -n 20 "$work/log" | sed 's/^/# /'
    echo "1..1"
    exit 1
}
sh $here/packages.sh "$work/log" || fail "the pinned packages of $here can be installed"
export CROSSCHIP_CONFIG=$PWD/tests/data/samples/crosschip.conf SOURCE_DATE_EPOCH=0
mkdir "$work/results"
node $here/pages.mjs results "$work/results" || fail "two results"
"$BIN/crosschip-analyze" publish -q "$work/public" "$work/results"/*.json 2> "$work/log" || fail "a publication of two versions"
versions=$(find "$work/public/site" -name 'versions-*.html' | head -n 1)
[ -n "$versions" ] || fail "two versions have a page"
"$BIN/crosschip-analyze" report -q -o "$work/report" "$work/results/build-4100.json" > "$work/log" 2>&1 || fail "a report"
: > "$work/out"
"$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" --site "$work/public" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's/^listening on //p' "$work/out")
cp tests/data/samples/demo.key "$work/key" && chmod 600 "$work/key"
"$BIN/crosschip-submit" send -q --elsewhere --server "$at" --key "$work/key" --spool "$work/spool" "$work/results/build-4000.json" > "$work/sent" 2> "$work/log"
id=$(sed -n 's/^accepted \(sha256:[0-9a-f]*\).*/\1/p' "$work/sent")
[ -n "$id" ] || fail "a submission is accepted"
none=sha256:0000000000000000000000000000000000000000000000000000000000000000
node $here/pages.mjs visit "$work/profile" "${SHOTS:-}" "versions=file://$versions" "report=file://$work/report/report.html" \
    "live=$at/submissions/$id" "unknown=$at/submissions/$none" "gone=$at/site/chip-gone-00000000.html"
