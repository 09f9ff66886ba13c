#!/bin/sh
# A publication that stands untouched is not made again; whatever a hand, an option, the settings, the data or the program
# changed is noticed, whatever the times of files say. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-standing.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cp tests/data/samples/crosschip.conf "$work/conf"
export CROSSCHIP_CONFIG="$work/conf" XDG_CACHE_HOME="$work/cache"
cp tests/data/samples/anemll-bench/m1-max.json "$work/a.json"
cp tests/data/samples/anemll-bench/m2.json "$work/b.json"
folder=$work/pages
program=$BIN/crosschip-analyze
# shellcheck disable=SC2120
publish() { "$program" publish -v "$folder" "$@" "$work/a.json" "$work/b.json" 2> "$work/err"; }
# Making it takes reading what stands: without that it was not made.
# The leak sanitizer cannot work under strace.
made() { ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -qq -f -o "$work/trace" -e trace=openat "$program" publish -q "$folder" "$work/a.json" "$work/b.json" && grep -q 'manifest.json' "$work/trace"; }
not_made() { ! made; }
wrote() { grep -Eq "RESULTS.md: $1 files written" "$work/err" || { sed 's/^/# /' "$work/err"; return 1; }; }
sums() { (cd "$folder" && find . -type f | LC_ALL=C sort | xargs sha256sum); }
same() { sums | cmp -s - "$work/sums"; }
index=$folder/site/index.html

check "a first publication" publish
check "is written" wrote '[1-9][0-9]*'
sums > "$work/sums"
check "the same again" publish
check "writes nothing" wrote 0
check "and stays the same" same
check "what it counts is what a publication counts" test "$(sed -n 's/.* 0 files written, \([0-9]*\) unchanged.*/\1/p' "$work/err")" -eq "$(($(wc -l < "$work/sums") - 1))"
if command -v strace > /dev/null && strace -o /dev/null true 2> /dev/null; then
    check "nothing was even made" not_made
    rm -r "$XDG_CACHE_HOME/crosschip/published"
    check "as it is where nothing is kept in mind" made
else
    number=$((number + 2))
    echo "ok $number - # SKIP strace cannot trace here"
fi
check "and again kept in mind" publish
cp -p "$index" "$work/stamp"
sed -i 's/Benchmark results/Benchmark RESULTS/' "$index"
touch -r "$work/stamp" "$index"
check "a page that a hand changed, with its old size and time" publish
check "is written anew" wrote 1
check "as it was" same
rm "$folder/data/findings.csv"
check "a file that a hand deleted" publish
check "is there again" same
ln -sf index.html "$folder/site/method.html"
publish
check "a file that became a link does not stand: it is refused" grep -q 'method.html: this is a link' "$work/err"
rm "$folder/site/method.html"
publish
check "without it, it is a file again" same
echo "Words of a hand." >> "$folder/RESULTS.md"
check "words of a hand" publish
check "survive" grep -q '^Words of a hand' "$folder/RESULTS.md"
sed -i '/^Words of a hand/d' "$folder/RESULTS.md"
publish
check "another baseline" publish --baseline "M2"
check "is another publication" wrote '[1-9][0-9]*'
check "a contact" publish --contact "M2"
check "is another publication too" wrote '[1-9][0-9]*'
check "the old one again" publish
check "is written" same
echo 'baseline.anemll-bench = M2' > "$work/conf"
check "other settings" publish
check "are another publication" wrote '[1-9][0-9]*'
cp tests/data/samples/crosschip.conf "$work/conf"
publish
sed -i 's/60\.45/61.45/' "$work/b.json"
check "another figure in a file" publish
check "is another publication" wrote '[1-9][0-9]*'
check "and is shown" grep -q '61\.5' "$folder/RESULTS.md"
cp tests/data/samples/anemll-bench/m2.json "$work/b.json"
publish
sums > "$work/sums"
check "a snapshot of what stands" publish --snapshot one
check "is made" test -e "$folder/snapshot.json"
check "without it" publish
check "it is gone" same
check "a dry run of what stands" publish --dry-run
check "says so" grep -q ' 0 files would be written' "$work/err"
cp "$BIN/crosschip-analyze" "$work/other"
echo >> "$work/other"
record=$(find "$XDG_CACHE_HOME/crosschip/published" -type f)
before=$(sed -n 2p "$record")
program=$work/other
check "another program" publish
check "does not believe what this one kept in mind" test "$(sed -n 2p "$record")" != "$before"
program=$BIN/crosschip-analyze
for rubbish in '' 'crosschip publication 1' 'rubbish' "$(head -n 2 "$record")" "$(sed '3s/^[0-9]*/1/' "$record")"; do
    printf '%s\n' "$rubbish" > "$record"
    rm -f "$folder/badges/"*
    publish
    same || echo "# believed: $rubbish"
done
check "a broken record is not believed" same
mkdir "$work/.pages.crosschip-new"
check "what a killed publication left" publish
check "is cleared also where nothing is made" test ! -e "$work/.pages.crosschip-new"
echo "1..$number"
