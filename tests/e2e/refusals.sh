#!/bin/sh
# What crosschip-collector, crosschip-analyze and crosschip-plot say of bad input: exit code, error: and hint: lines,
# nothing half-written. Needs BIN (programs), no server; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-refusals.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
collector=$BIN/crosschip-collector
analyze=$BIN/crosschip-analyze
plot=$BIN/crosschip-plot
number=0
failed=0

refused() { # STATUS WORDS TEXT COMMAND…: both lines, the words, nothing on stdout
    wanted=$1 words=$2 text=$3
    shift 3
    number=$((number + 1))
    timeout 20 "$@" > "$work/stdout" 2> "$work/stderr" < /dev/null
    status=$?
    if [ "$status" -eq "$wanted" ] && grep -q '^error: ' "$work/stderr" && grep -q '^hint: ' "$work/stderr" &&
        grep -q "$words" "$work/stderr" && ! [ -s "$work/stdout" ]; then
        echo "ok $number - $text"
    else
        echo "not ok $number - $text (exit $status)"
        cat "$work/stderr" >&2
        failed=1
    fi
}

is_not_there() { # PATH TEXT
    number=$((number + 1))
    if [ -e "$1" ]; then
        echo "not ok $number - $2"
        failed=1
    else
        echo "ok $number - $2"
    fi
}

: > "$work/empty"
echo 'Dear all, it is very fast.' > "$work/letter.txt"
printf '[\n  {"build_commit": "3469684",\n   "n_pro' > "$work/cut.json"
printf '\377\376[\000' > "$work/wide.json"
printf 'chip,tg128\nM1,10\n' > "$work/chart.csv"
printf 'chip,tg128\nM1,many\n' > "$work/words.csv"

printf 'chip,tg128\n,10\n' > "$work/nameless.csv"
printf 'chip,tg128\nM1,1.7e308\nM2,-1.7e308\n' > "$work/huge.csv"

for verb in table audit coverage "publish $work/reports"; do
    # shellcheck disable=SC2086
    {
        refused 65 'no such file' "$verb: a file that is not there" "$analyze" $verb "$work/none.json"
        refused 65 'a folder' "$verb: a folder" "$analyze" $verb "$work"
        refused 65 empty "$verb: an empty file" "$analyze" $verb "$work/empty"
        refused 65 'no known' "$verb: a file of no known format" "$analyze" $verb "$work/letter.txt"
        refused 65 ':3:[0-9]*: ' "$verb: a truncated file has line and column" "$analyze" $verb "$work/cut.json"
    }
done
is_not_there "$work/reports" "a refused publication leaves no folder"

mkdir "$work/linked" && echo precious > "$work/victim" && ln -s ../victim "$work/linked/RESULTS.md"
refused 73 'linked/RESULTS.md' "publish: RESULTS.md is a link" "$analyze" publish "$work/linked" \
    tests/data/samples/llama.cpp-apple/m1-8c.json
is_not_there "$work/linked/data" "a refused link leaves no data"
"$analyze" publish -q "$work/taken" tests/data/samples/llama.cpp-apple/m1-8c.json
mv "$work/taken/charts" "$work/elsewhere" && ln -s ../elsewhere "$work/taken/charts"
refused 73 'taken/charts: this is a link' "publish: charts is a link" "$analyze" publish "$work/taken" \
    tests/data/samples/llama.cpp-apple/m1-8c.json
rm "$work/taken/charts" "$work/taken/feed.xml" && mkdir "$work/taken/feed.xml"
refused 73 'taken/feed.xml: this is no file' "publish: a folder where a file belongs" "$analyze" publish "$work/taken" \
    tests/data/samples/llama.cpp-apple/m1-8c.json
rm -r "$work/taken/site" && echo mine > "$work/taken/site"
refused 73 'taken/site: this is no folder' "publish: a file where a folder belongs" "$analyze" publish "$work/taken" \
    tests/data/samples/llama.cpp-apple/m1-8c.json

refused 65 'no such file' "chart of a file that is not there" "$plot" chips -o "$work/x.png" "$work/none.csv"
refused 65 'a folder' "chart of a folder" "$plot" chips -o "$work/x.png" "$work"
refused 65 empty "chart of an empty file" "$plot" chips -o "$work/x.png" "$work/empty"
refused 65 'cut.json:\|cut.json.*:3:' "chart of truncated JSON names the file" "$plot" chips -o "$work/x.png" "$work/cut.json"
refused 65 'save the file as UTF-8\|UTF-8' "chart of UTF-16" "$plot" chips -o "$work/x.png" "$work/wide.json"
refused 65 'not a number' "chart of words" "$plot" chips -o "$work/x.png" "$work/words.csv"
printf 'M1,10\nM2,20\n' > "$work/headless.csv"
printf 'chip;tg128\nM1;10,5\n' > "$work/semicolons.csv"
refused 65 'headless.csv:1: the first line is no header' "chart of a table without a header" "$plot" chips \
    -o "$work/x.png" "$work/headless.csv"
refused 65 'semicolons.csv:1: .*semicolons' "chart of a table with semicolons" "$plot" chips -o "$work/x.png" \
    "$work/semicolons.csv"
refused 65 'no name' "chart of a row without a name" "$plot" chips -o "$work/x.png" "$work/nameless.csv"
refused 65 'cannot be drawn' "chart of values beyond every axis" "$plot" chips -o "$work/x.png" "$work/huge.csv"
refused 73 'cannot be written' "chart into a folder that is not there" "$plot" chips -o "$work/none/x.png" \
    "$work/chart.csv"
is_not_there "$work/x.png" "a refused chart leaves no picture"

refused 69 'connect' "a database that is not there" "$collector" serve -l 127.0.0.1:0 \
    --database 'postgresql://127.0.0.1:1/none'
refused 69 'no database here' "counting a folder without a database" "$collector" status --data "$work/none"
refused 73 'Not a directory' "a file as data folder" "$collector" serve -l 127.0.0.1:0 --data "$work/empty"
refused 73 'the socket' "a socket in a folder that is not there" "$collector" serve -l "unix:$work/none/s" \
    --data "$work/data"
number=$((number + 1))
# shellcheck disable=SC2016 # for the shell inside
hide='for place in /usr/lib/postgresql /usr/local/bin; do ! [ -d $place ] || mount -t tmpfs none $place || exit 9; done'
# shellcheck disable=SC2016
if unshare -m sh -c "$hide; ! command -v initdb && ! command -v postgres" > "$work/stdout" 2>&1; then
    # shellcheck disable=SC2016
    unshare -m sh -c "$hide"'; exec "$@"' sh "$(cd "$BIN" && pwd)/crosschip-collector" serve -l 127.0.0.1:0 \
        --data "$work/data" > "$work/stdout" 2> "$work/stderr"
    if [ $? -eq 69 ] && grep -q 'are missing' "$work/stderr" && ! [ -e "$work/data" ]; then
        echo "ok $number - without PostgreSQL's programs no data folder is made"
    else
        echo "not ok $number - without PostgreSQL's programs no data folder is made"
        cat "$work/stderr" >&2
        failed=1
    fi
else
    echo "ok $number - without PostgreSQL's programs no data folder is made # SKIP they cannot be hidden here"
fi
refused 64 '107' "a socket path over 107 bytes" "$collector" serve \
    -l "unix:$work/$(printf '%0120d' 0).sock" --data "$work/data"
refused 77 'loopback' "an address that the network sees" "$collector" serve -l 0.0.0.0:0 --data "$work/data"
is_not_there "$work/data" "a refused start leaves no data folder"
cat > "$work/fonts.conf" << 'CONF'
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/nowhere/fonts</dir></fontconfig>
CONF
printf 'chip,speed\nA,1\nB,2\n' > "$work/two.csv"
refused 69 'no font for letters' "a chart without any font" env "FONTCONFIG_FILE=$work/fonts.conf" "$plot" chips \
    -o "$work/fontless.png" "$work/two.csv"
is_not_there "$work/fontless.png" "a chart without any font is not written"
mkdir "$work/broken" "$work/fontcache"
head -c 4096 /dev/zero > "$work/broken/broken.ttf"
printf '<?xml version="1.0"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' \
    "$work/broken" "$work/fontcache" > "$work/broken.conf"
refused 69 'no font for letters' "a chart with fonts that cannot be read" env "FONTCONFIG_FILE=$work/broken.conf" \
    "$plot" chips -o "$work/fontless.svg" "$work/two.csv"
is_not_there "$work/fontless.svg" "a chart with fonts that cannot be read is not written"
if [ -e /dev/full ]; then
    refused 73 'No space left' "a chart onto a full disk" sh -c "'$plot' chips '$work/two.csv' -o - > /dev/full"
    # Through links of our own: a device that was replaced would be gone for the whole machine.
    for name in full.png full.svg full.pdf full.json; do
        ln -s /dev/full "$work/$name"
        case $name in *.json) option=--layout-json ;; *) option=-o ;; esac
        refused 73 'No space left' "$name onto a full disk" "$plot" chips "$work/two.csv" $option "$work/$name"
        number=$((number + 1))
        if [ -c "$work/$name" ] && [ -h "$work/$name" ]; then
            echo "ok $number - $name is written to its device, not over it"
        else
            echo "not ok $number - $name is written to its device, not over it"
            failed=1
        fi
    done
fi
# A disk of 16 kB of our own, where that may be mounted.
mkdir "$work/disk"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=16k crosschip-test "$work/disk" 2> /dev/null; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    for name in small.png small.svg small.pdf; do
        head -c 16384 /dev/zero > "$work/disk/filling"
        refused 73 'No space left' "$name onto a disk that is full" "$plot" chips "$work/two.csv" -o "$work/disk/$name"
        rm -f "$work/disk/filling"
        is_not_there "$work/disk/$name" "$name on a full disk leaves nothing"
    done
    echo before > "$work/disk/kept.png"
    head -c 8192 /dev/zero > "$work/disk/filling"
    refused 73 'No space left' "a chart for which the disk is too small" "$plot" chips "$work/two.csv" \
        -o "$work/disk/kept.png"
    number=$((number + 1))
    if [ "$(cat "$work/disk/kept.png")" = before ] && [ "$(find "$work/disk" -type f | wc -l)" -eq 2 ]; then
        echo "ok $number - the chart before stays as it was, and nothing half-written beside it"
    else
        echo "not ok $number - the chart before stays as it was, and nothing half-written beside it"
        failed=1
    fi
    umount "$work/disk" && trap 'rm -rf "$work"' EXIT
else
    number=$((number + 1))
    echo "ok $number - a chart onto a small disk # SKIP none can be mounted"
fi
# Fonts that are there and may not be read: by an account for which that holds.
if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
    chmod 755 "$work"
    mkdir "$work/closed" "$work/theirs"
    cp "$plot" "$work/theirs/crosschip-plot"
    cp "$(find -L /usr/share/fonts -name '*.?tf' | head -n 1)" "$work/closed/" 2> /dev/null
    printf '<?xml version="1.0"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' "$work/closed" \
        "$work/theirs/cache" > "$work/theirs/closed.conf"
    chmod 700 "$work/closed"
    chmod 777 "$work/theirs"
    refused 69 'no font for letters' "a chart with a folder of fonts that may not be read" setpriv --reuid=65534 \
        --regid=65534 --clear-groups env HOME=/nonexistent "FONTCONFIG_FILE=$work/theirs/closed.conf" \
        "$work/theirs/crosschip-plot" chips -o "$work/theirs/x.png" "$work/two.csv"
    is_not_there "$work/theirs/x.png" "a chart with closed fonts is not written"
else
    number=$((number + 1))
    echo "ok $number - a chart with closed fonts # SKIP only root can become another account"
fi
{ echo chip,speed; seq 3000 | sed 's/.*/Chip &,&/'; } > "$work/many.csv"
refused 65 'the picture would be' "a picture higher than a surface" "$plot" chips --all --scale 4 -o "$work/high.png" \
    "$work/many.csv"
refused 65 'the page would be' "a page longer than readers take" "$plot" chips --all -o "$work/high.pdf" "$work/many.csv"
is_not_there "$work/high.png" "a picture that is too high is not written"
awk 'BEGIN { printf "chip,speed\nA"; for (i = 0; i < 100000; i++) printf "\314\201"; print ",1\nB,2" }' > "$work/marks.csv"
number=$((number + 1))
if timeout 20 "$plot" chips -o "$work/marks.png" "$work/marks.csv" && [ -s "$work/marks.png" ]; then
    echo "ok $number - a name of 100,000 combining marks is capped"
else
    echo "not ok $number - a name of 100,000 combining marks is capped"
    failed=1
fi
echo "1..$number"
exit $failed
