#!/bin/sh
# Intervals that were resampled for the last publication are not resampled again, and decide about time only: a
# publication of what changed is byte for byte the one that is made without any cache, also when the cache is damaged or
# of another program. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-intervals.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
program=$BIN/crosschip-analyze

# result CHIP FACTOR VERSION: twelve samples each of two models.
result()
{
    awk -v chip="$1" -v factor="$2" -v version="$3" 'BEGIN {
        printf "{\"crosschip\": 1, \"tool\": {\"name\": \"bench\", \"version\": \"%s\"}, \"device\": {\"chip\": \"%s\"}, \"results\": [", version, chip
        for (model = 1; model <= 2; model++) {
            printf "%s{\"model\": \"model-%d\", \"metric\": \"generation_throughput\", \"unit\": \"tok/s\", \"samples\": [", (model > 1 ? ", " : ""), model
            for (i = 0; i < 12; i++)
                printf "%s%.2f", (i > 0 ? ", " : ""), factor * (100 + 7 * model + i * i % 7)
            printf "]}"
        }
        print "]}"
    }'
}
result "Apple M1" 1 1 > "$work/a.json"
result "Apple M1 Max" 1.5 1 > "$work/b.json"
result "Apple M2" 1.2 1 > "$work/c.json"
result "Apple M2 Max" 1.8 1 > "$work/d.json"
result "Apple M1" 1.1 2 > "$work/e.json"
publish() { folder=$1; shift; "$program" publish -v "$work/$folder" "$@" 2> "$work/err"; }
old() { publish "$1" "$work/a.json" "$work/b.json" "$work/c.json" "$work/e.json"; }
new() { publish "$1" "$work/a.json" "$work/b.json" "$work/c.json" "$work/e.json" "$work/d.json"; }
made() { # made RESAMPLED KEPT: patterns
    grep -Eq "^debug: $1 intervals resampled, $2 as they were" "$work/err" || { sed 's/^/# /' "$work/err"; return 1; }
}
same() { diff -r "$work/$1" "$work/$2" > "$work/diff" || { sed 's/^/# /' "$work/diff"; return 1; }; }
# What an own first publication has as well: all but what tells of the one before.
same_data()
{
    diff -r -x RESULTS.md -x manifest.json -x 'previous*' -x feed.xml "$work/$1" "$work/$2" > "$work/diff" || { sed 's/^/# /' "$work/diff"; return 1; }
}
several='[1-9][0-9]*'

check "a first publication" old kept
check "resamples every interval" made "$several" 0
cp -r "$work/kept" "$work/plain"
cache=$(find "$XDG_CACHE_HOME/crosschip/intervals" -type f)
cp "$cache" "$work/intervals.old"
check "one more result" new kept
check "resamples those that it is in" made "$several" "$several"
cp "$cache" "$work/intervals.new"
rm -rf "$XDG_CACHE_HOME"
check "without a cache" new plain
check "all of them are" made "$several" 0
check "with the same bytes" same kept plain
check "a publication into an empty folder" new fresh
check "has the same data, pages and charts" same_data kept fresh

# damaged TEXT COMMAND…: publishes again with an intervals file that the command made of the good one.
damaged()
{
    text=$1
    shift
    rm -rf "$work/again" "$XDG_CACHE_HOME"
    old again
    rm -rf "$XDG_CACHE_HOME/crosschip/published"
    cache=$(find "$XDG_CACHE_HOME/crosschip/intervals" -type f)
    "$@" < "$work/intervals.new" > "$cache"
    check "$text" new again
    check "nothing of it is taken" made "$several" 0
    check "and the bytes are the same" same kept again
}
flip() { sed '7s/ 3ff/ 3fe/; 7s/ 40/ 41/'; }
damaged "a file with another figure" flip
damaged "a file that was cut off" head -c 700
damaged "a file of another layout" sed '1s/1$/2/'
damaged "an empty file" head -c 0

rm -rf "$work/again" "$XDG_CACHE_HOME"
old again
cp "$program" "$work/other"
echo >> "$work/other"
program=$work/other
check "another program" new again
check "takes nothing that this one kept" made "$several" 0
program=$BIN/crosschip-analyze
rm -rf "$work/again" "$XDG_CACHE_HOME"
: > "$XDG_CACHE_HOME"
check "where no cache can be written" old again
check "all are resampled" made "$several" 0
check "once more" new again
check "as well" made "$several" 0
check "with the same bytes" same kept again
echo "1..$number"
