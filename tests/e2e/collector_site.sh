#!/bin/sh
# The published folder over HTTP: tags, ranges, gzip, headers, no way out of it; a new publication is seen at once; the page
# of a submission that was just accepted. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-site.XXXXXX") || exit 1
chmod 755 "$work"
pid=
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
export CROSSCHIP_CONFIG="$PWD"/tests/data/samples/crosschip.conf SOURCE_DATE_EPOCH=0
samples=tests/data/samples/anemll-bench
umask 022
"$BIN/crosschip-analyze" publish -q "$work/public" $samples/m1-max.json $samples/m2.json 2> /dev/null
echo secret > "$work/secret.csv"
echo secret > "$work/public/.hidden.csv"
ln -s ../secret.csv "$work/public/link.csv"
: > "$work/out"
"$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" --site "$work/public" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's/^listening on //p' "$work/out")
get() { # get PATH [HEADER…]: the headers to $work/head, the body to $work/body
    path=$1
    shift
    for header in "$@"; do set -- "$@" -H "$header"; shift; done
    curl -sS --max-time 20 --path-as-is -D "$work/head" -o "$work/body" "$@" "$at$path" 2> "$work/curl" && tr -d '\r' < "$work/head" > "$work/plain"
}
status() { sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/plain"; }
head_is() { grep -qix "$1: $2" "$work/plain"; }
answers() { # answers STATUS PATH [HEADER…]
    wanted=$1
    shift
    get "$@"
    [ "$(status)" = "$wanted" ] || { echo "# $1 gave $(status)"; return 1; }
}

check "/ leads to the pages" answers 302 /
check "by its address" head_is Location /site/index.html
check "a page" answers 200 /site/index.html
check "is HTML" head_is Content-Type 'text/html; charset=utf-8'
check "its bytes are those of the file" cmp -s "$work/body" "$work/public/site/index.html"
check "it may not be framed" grep -qi "^content-security-policy: frame-ancestors 'none'" "$work/plain"
check "its type is not guessed" head_is X-Content-Type-Options nosniff
tag=$(sed -n 's/^[Ee][Tt]ag: //p' "$work/plain")
check "who has it gets 304" answers 304 /site/index.html "If-None-Match: $tag"
check "gzip where it is taken" answers 200 /site/index.html 'Accept-Encoding: gzip'
check "says so" head_is Content-Encoding gzip
check "and holds the same" sh -c "gzip -dc '$work/body' | cmp -s - '$work/public/site/index.html'"
check "with another tag" sh -c "! grep -qi '^etag: $tag\$' '$work/plain'"
check "gzip that is refused is not sent" answers 200 /site/index.html 'Accept-Encoding: gzip;q=0'
check "but the plain file" sh -c "! grep -qi '^content-encoding' '$work/plain'"
check "a range" answers 206 /site/index.html 'Range: bytes=0-14'
check "holds its bytes" test "$(cat "$work/body")" = '<!DOCTYPE html>'
check "and says which" grep -qi '^content-range: bytes 0-14/' "$work/plain"
check "the last bytes" answers 206 /site/index.html 'Range: bytes=-8'
check "are the end of the file" test "$(cat "$work/body")" = '</html>'
check "a range behind the end" answers 416 /site/index.html 'Range: bytes=99999999-'
check "a range of an older file gives the whole" answers 200 /site/index.html 'Range: bytes=0-3' 'If-Range: "old"'
check "a malformed range gives the whole" answers 200 /site/index.html 'Range: bytes=5-2'
chart=$(cd "$work/public" && find charts -name "*-light.svg" | LC_ALL=C sort | head -n 1)
check "an SVG" answers 200 "/$chart"
check "may load and run nothing" grep -qi "^content-security-policy: default-src 'none'; style-src 'unsafe-inline'" "$work/plain"
bad=""
for path in /../secret.csv /site/../../secret.csv /%2e%2e/secret.csv /site/..%2f..%2fsecret.csv /link.csv /.hidden.csv //etc/passwd /etc/passwd \
    /site /site/index.html/ /site/index.html/x.csv /site%00/index.html /data /nothing.html '/site\..\..\secret.csv'; do
    get "$path"
    case $(status) in
    404 | 400 | 302) ;;
    *) bad="$bad $path:$(status)" ;;
    esac
    grep -q secret "$work/body" 2> /dev/null && bad="$bad $path:read"
done
check "nothing leads out of the folder" test -z "$bad"
[ -z "$bad" ] || echo "#$bad"
"$BIN/crosschip-analyze" publish -q "$work/public" $samples/m1-max.json $samples/m4-pro.json 2> /dev/null
page=$(cd "$work/public" && ls site/chip-apple-m4-pro-*)
check "a new publication is seen at once" answers 200 "/$page"
check "a page that is gone" answers 404 /site/chip-gone-00000000.html
check "is told as a page, with a way on" sh -c "grep -q '<h1>There is no such page</h1>' '$work/body' && grep -q 'href=\"/site/find.html\"' '$work/body' && ! grep -q '<script' '$work/body'"
check "the interface is still there" answers 200 /v1/chips
check "unknown paths of it are still JSON" answers 404 /v1/nothing

"$BIN/crosschip-submit" send -q --elsewhere --server "$at" --key "$work/key" --spool "$work/spool" $samples/m4-pro.json > "$work/sent" 2> "$work/err"
id=$(sed -n 's/^\(accepted\|quarantined\) \(sha256:[0-9a-f]*\).*/\2/p' "$work/sent" | head -n 1)
check "a submission just sent has a page" answers 200 "/submissions/$id"
check "with its state" grep -q '<h1>Submission accepted</h1>' "$work/body"
check "when it came, to the minute" grep -Eq '<dd>20[0-9-]+ [0-9:]+ UTC</dd>' "$work/body"
check "and what happens next" grep -q 'What happens next' "$work/body"
check "that allows its own style only" sh -c "grep -q \"default-src 'none'\" '$work/body' && ! grep -q '<script' '$work/body'"
check "an unknown one is not there" answers 404 "/submissions/sha256:0000000000000000000000000000000000000000000000000000000000000000"
check "and that is a page too" grep -q '<h1>No such submission</h1>' "$work/body"
check "what is no id is told" answers 400 /submissions/x
"$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data2" --site "$work/none" > /dev/null 2> "$work/err"
check "a folder that is not there is told" test $? -eq 64 -a "$(grep -c '^hint: ' "$work/err")" -eq 1
echo "1..$number"
