#!/bin/sh
# Charts are drawn again only where what they show, the program or the fonts changed, and never stale: a chart that a hand
# changed or a cache that lies is noticed. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-again.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export CROSSCHIP_CONFIG="$PWD/tests/data/samples/crosschip.conf" XDG_CACHE_HOME="$work/cache"
samples=tests/data/samples/anemll-bench
folder=$work/pages
publish() { "$BIN/crosschip-analyze" publish -v "$folder" "$@" 2> "$work/err"; }
old() { publish $samples/m1-max.json $samples/m2.json; }
new() { publish $samples/m1-max.json $samples/m2.json $samples/m4-pro.json; }
drew() { grep -q "$1 chart files drawn, $2 as they stood" "$work/err" || { sed 's/^/# /' "$work/err"; return 1; }; }
same() { (cd "$folder" && find . -type f | LC_ALL=C sort | xargs sha256sum) | cmp -s - "$work/sums"; }

check "a first publication" old
check "draws all" drew 10 0
(cd "$folder" && find . -type f | LC_ALL=C sort | xargs sha256sum) > "$work/sums"
check "the same again" old
check "draws nothing" drew 0 10
check "and gives the same bytes" same
chart=$(find "$folder/charts" -name '*-light.svg' | head -n 1)
echo "<!-- a hand -->" >> "$chart"
check "after a hand changed a chart" old
check "that one is drawn again" drew 5 5
check "as it was" same
cache=$(find "$XDG_CACHE_HOME/crosschip/charts" -type f)
printf 'x' > "$chart"
sed -i "s|^\(charts/$(basename "$chart") [0-9a-f]*\) .*|\1 $(printf x | sha256sum | cut -d ' ' -f 1)|" "$cache"
cp "$chart" "$work/forged"
check "after somebody changed chart and cache alike" old
check "the account's own cache is believed" cmp -s "$chart" "$work/forged"
rm -r "$XDG_CACHE_HOME/crosschip/published"
echo rubbish > "$cache"
check "a broken cache" old
check "is not believed" drew 10 0
check "and nothing is lost" same
rm -rf "$XDG_CACHE_HOME"
: > "$XDG_CACHE_HOME"
check "where no cache can be written" old
check "all is drawn" drew 10 0
check "with the same bytes" same
rm -f "$XDG_CACHE_HOME"
old
check "one more chip" new
check "draws the charts that show it" drew 10 0
cp "$BIN/crosschip-analyze" "$work/other"
echo >> "$work/other"
"$work/other" publish -v "$folder" $samples/m1-max.json $samples/m2.json $samples/m4-pro.json 2> "$work/err"
check "another program draws anew" drew 10 0
# A pipe that is slow, as many files are.
mkfifo "$work/slow"
# Whoever opens it for writing waits for the reader, and only then begins to be slow.
(exec 3> "$work/slow" && sleep 0.8 && cat $samples/m1-max.json >&3) &
TERM=xterm python3 tests/e2e/terminal.py "$work/screen" -- "$BIN/crosschip-analyze" table "$work/slow" $samples/m2.json > "$work/out"
check "reading that takes its time is counted on a terminal" grep -q 'reading files .* 1/2' "$work/screen"
echo "1..$number"
