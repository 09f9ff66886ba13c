#!/bin/sh
# Every file of the hostile corpus over real HTTP gets what its manifest says: JSON plain and compressed, compressed
# bodies, strings in every field, raw requests whole and byte by byte. Nothing refused leaves a row, nothing is answered
# with 5xx, no second request is executed, memory stays bounded. Prints TAP; skips where the corpus is not there.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/hostile_client
corpus=../shared/corpus/hostile
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
    echo "ok 1 - # SKIP the hostile corpus is not beside the project"
    echo "1..1"
    exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-hostile.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    rm -rf "$work"
}
# is TEXT WANTED NAME
is()
{
    number=$((number + 1))
    if [ "$1" = "$2" ]; then
        echo "ok $number - $3"
    else
        echo "not ok $number - $3"
        echo "# got $1, wanted $2"
    fi
}
# none FILE NAME: nothing stands in FILE
none()
{
    is "$(wc -l < "$1")" 0 "$2"
    sed 's/^/# /' "$1" | head -n 20
}
stored() { "$collector" status --json --data "$work/data" | sed -n 's/^ *"submissions": \([0-9]*\),$/\1/p' | head -n 1; }
memory() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"; }
# files FOLDER: "EXPECT PATH" of the manifest
files() { awk -F'\t' -v folder="$1" -v corpus="$corpus" 'NR > 1 && index($1, folder) == 1 { print $4 "\t" corpus "/" $1 }' "$corpus/MANIFEST.tsv"; }
paths() { cut -f2; }
# judge EXPECTED ANSWERS: lines that are not as expected. Every document of the corpus is another than ours: even what
# is good JSON is refused, but as a document (422), never as a text (400).
judge()
{
    awk -F'\t' 'NR == FNR { want[$2] = $1; next } /^longest/ { next }
        { good = $1 >= 400 && $1 < 500
          if (want[$2] == "accept-as-JSON-text") good = $1 == 422
          if (want[$2] == "either" || want[$2] == "quarantine") good = ($1 >= 200 && $1 < 300) || ($1 >= 400 && $1 < 500)
          if (!good) print $1, want[$2], $2 }' "$1" "$2"
}

: > "$work/out"
"$collector" serve -v --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
before=$(memory)

# The raw ones beside all others: some of them wait for the time-out of idle connections.
files http/ | grep '\.http$' | grep -v 'pipeline_50' > "$work/http"
raw() { awk -F'\t' '{ print ($1 == "close" ? "-" : "") $2 }' "$work/http" | "$client" "$at" raw "$1" > "$work/raw-$1"; }
raw 1000000 &
whole=$!
raw 1 &
single=$!

files json/ > "$work/json"
paths < "$work/json" | "$client" "$at" bodies > "$work/plain"
judge "$work/json" "$work/plain" > "$work/bad"
none "$work/bad" "$(wc -l < "$work/json") JSON documents get what the manifest says"
mkdir "$work/gz"
i=0
while IFS='	' read -r expect path; do
    i=$((i + 1))
    ln -s "$PWD/$path" "$work/gz/$i.json"
    printf '%s\t%s\n' "$expect" "$work/gz/$i.json.gz" >> "$work/gz.list"
done < "$work/json"
gzip -f -k -n -S .gz "$work"/gz/*.json 2> "$work/gzip"
[ -e "$work/gz/1.json.gz" ] || for file in "$work"/gz/*.json; do gzip -n -c "$file" > "$file.gz"; done
paths < "$work/gz.list" | "$client" "$at" bodies gzip > "$work/packed"
judge "$work/gz.list" "$work/packed" > "$work/bad"
none "$work/bad" "the same documents gzipped"
cut -f1 "$work/plain" | grep -v longest > "$work/a"
cut -f1 "$work/packed" | grep -v longest > "$work/b"
paste "$work/a" "$work/b" "$work/json" | awk -F'\t' '$1 != $2 && $2 != 413' > "$work/bad"
none "$work/bad" "get the same status as plain, or 413 for the ratio"

files compressed/ > "$work/compressed"
grep '\.zst$' "$work/compressed" | paths | "$client" "$at" bodies zstd > "$work/zstd"
grep -v '\.zst$' "$work/compressed" | paths | "$client" "$at" bodies gzip > "$work/gzipped"
cat "$work/zstd" "$work/gzipped" > "$work/answers"
judge "$work/compressed" "$work/answers" > "$work/bad"
none "$work/bad" "$(wc -l < "$work/compressed") compressed bodies get what the manifest says"
is "$(stored)" 0 "nothing that was refused left a row"
case ${BUILD:-release} in
release | debug) is "$(($(memory) - before < 65536))" 1 "all that took less than 64 MiB" ;;
*)
    number=$((number + 1))
    echo "ok $number - # SKIP a sanitizer's memory is not the program's"
    ;;
esac
echo "# memory grew by $(($(memory) - before)) KiB"

"$client" "$at" strings "$corpus"/strings/*.json > "$work/strings"
sed 's/^/# strings: /' "$work/strings"
is "$(sed '/^longest/d; s/\t.*//; s/20[01]:[0-9]* //g; s/4[0-9][0-9]:[0-9]* //g' "$work/strings" | tr -d '\n ')" "" \
    "strings in six fields: taken or refused"
is "$(stored)" "$(sed -n 's/.*201:\([0-9]*\).*/\1/p' "$work/strings" | awk '{ sum += $1 } END { print sum + 0 }')" \
    "and there is a row for each that was taken"
rows=$(stored)

wait "$whole" "$single"
for piece in 1000000 1; do
    awk -F'\t' 'NR == FNR { want[$2] = $1; next } /^longest/ { next }
        { split($1, got, "/")
          good = got[3] == "closed"
          if (want[$2] == "reject" || want[$2] == "close") good = good && got[2] == 0
          if (want[$2] == "either1") good = good && got[1] == 1
          if (!good) print $1, want[$2], $2 }' "$work/http" "$work/raw-$piece" > "$work/bad"
    none "$work/bad" "$(wc -l < "$work/http") raw requests in pieces of $piece bytes"
    is "$(grep -vc '^longest' "$work/raw-$piece")" "$(wc -l < "$work/http")" "each of them came to its end"
done
is "$(grep -c 'smuggled' "$work/log")" 0 "no second request was executed"
is "$(stored)" "$rows" "and nothing was stored"
is "$(grep -c ' 5[0-9][0-9]$' "$work/log")" 0 "nothing was answered with 5xx"
kill -0 "$pid"
is $? 0 "the collector lives"
grep -h longest "$work/plain" "$work/packed" "$work/answers" "$work/strings" | sed 's/^/# /'
kill -TERM "$pid"
wait "$pid"
is $? 0 "and stops in order"
pid=
echo "1..$number"
