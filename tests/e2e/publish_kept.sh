#!/bin/sh
# Pages of two chips or versions and parts of the measurements that would be made of the same runs as before are not made
# again; what a hand changed of them is noticed. A publication of what changed is byte for byte the one that is made
# without any cache. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-kept.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
program=$BIN/crosschip-analyze
mkdir "$work/in"

# result FILE CHIP VERSION COUNT: every file another one, of as many measurements of one model; more than 20,000 in all are
# published in parts.
result()
{
    files=$((${files:-0} + 1))
    awk -v seed="$files" -v chip="$2" -v version="$3" -v count="$4" 'BEGIN {
        printf "{\"crosschip\": 1, \"tool\": {\"name\": \"bench\", \"version\": \"%s\"}, \"device\": {\"chip\": \"%s\"}, \"results\": [", version, chip
        for (i = 0; i < count; i++)
            printf "%s{\"model\": \"model\", \"metric\": \"generation_throughput\", \"unit\": \"tok/s\", \"samples\": [%.2f]}", (i > 0 ? ", " : ""), 100 + seed / 7 + (i * i + version) % 17
        print "]}"
    }' > "$work/in/$1.json"
}
i=0
while [ "$i" -lt 45 ]; do
    result "m1-$i" "Apple M1" $((1 + i % 2)) 450
    i=$((i + 1))
done
result max "Apple M1 Max" 1 20
result m2 "Apple M2" 2 20
publish() { folder=$1; shift; "$program" publish -v "$work/$folder" "$work"/in/*.json "$@" 2> "$work/err"; }
kept() { # kept PATTERN: how many
    grep -Eq "^debug: $1 other files were not made again" "$work/err" || { sed 's/^/# /' "$work/err"; return 1; }
}
same() { diff -r "$work/$1" "$work/$2" > "$work/diff" || { sed 's/^/# /' "$work/diff"; return 1; }; }
several='[1-9][0-9]*'
add() { result "$1" "$2" 1 20; }
# without_cache NAME: the same publication over what stood before, of nothing that was kept in mind.
without_cache()
{
    rm -rf "$work/plain"
    cp -r "$work/before" "$work/plain"
    mv "$XDG_CACHE_HOME" "$work/aside"
    publish plain
    rm -rf "$XDG_CACHE_HOME"
    mv "$work/aside" "$XDG_CACHE_HOME"
}
remember() { rm -rf "$work/before"; cp -r "$work/pages" "$work/before"; }

check "a first publication" publish pages
check "makes everything" kept 0
check "measurements are published in parts" test "$(find "$work/pages/data" -name 'measurements-*.ndjson' | wc -l)" -gt 9
remember
add one "Apple M2"
check "one more result" publish pages
check "leaves what it is not in" kept "$several"
without_cache
check "with the bytes that are made without a cache" same pages plain

pair=$(ls "$work"/pages/site/compare-m1-vs-m1-max-*.html)
versions=$(ls "$work"/pages/site/versions-*.html)
part=$(find "$work/pages/data" -name 'measurements-*.ndjson' | sort | tail -n 1)
remember
for file in "$pair" "$part" "$versions"; do
    cp -p "$file" "$work/stamp"
    tr 'a' 'b' < "$work/stamp" > "$file"
    touch -r "$work/stamp" "$file"
done
add two "Apple M2"
check "with files that a hand changed, of their old size and time" publish pages
check "others are left" kept "$several"
without_cache
check "they are as they are without a cache" same pages plain
remember
rm "$pair" "$part"
add three "Apple M2"
check "with files that a hand deleted" publish pages
without_cache
check "they are there again" same pages plain
remember
add four "Apple M1"
check "a result of the chip that most have" publish pages
check "leaves the pages of others" kept "$several"
without_cache
check "and makes what it is in" same pages plain
remember
record=$(find "$XDG_CACHE_HOME/crosschip/charts" -type f)
cp "$record" "$work/record"
mv "$work/in/four.json" "$work/four"
check "a publication whose record of what files are made from is lost" publish pages
cp "$work/record" "$record"
mv "$work/four" "$work/in/four.json"
remember
check "and the data of the one before" publish pages
without_cache
check "do not mix up the two" same pages plain
remember
rm "$pair"
ln -s index.html "$pair"
add five "Apple M2"
publish pages
check "a link is no page that stands: it is refused" grep -q 'compare-m1-vs-m1-max-.*: this is a link' "$work/err"
rm "$pair"
remember
cp "$BIN/crosschip-analyze" "$work/other"
echo >> "$work/other"
program=$work/other
check "another program" publish pages
check "makes everything itself" kept 0
program=$BIN/crosschip-analyze
remember
rm "$work/in/max.json"
check "without a chip" publish pages
check "its page with another is gone" test ! -e "$pair"
without_cache
check "as it is without a cache" same pages plain
echo "1..$number"
