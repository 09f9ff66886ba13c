#!/bin/sh
# The log over HTTP: signed heads and proofs, checked by a script that has nothing of ours; an older database is served
# to be read only until a new epoch begins. Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
here=$(dirname "$0")
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-log.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null
    "$collector" status --data "$work/data" >/dev/null 2>&1
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
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
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"Apple M2","memory_bytes":34359738368},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":1.$1}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$1" | cut -c1-64)"; }
status_of() { cut -d' ' -f1; }
get() { "$client" "$at" get "$@"; }
size() { get /v1/log | sed -n 's/.*"size":\([0-9]*\).*/\1/p'; }
# send FROM TO SIZE: one submission each, and waits until the log has SIZE entries
send()
{
    i=$1
    while [ "$i" -le "$2" ]; do
        bundle "$i" > "$work/$i.json"
        "$client" "$at" post /v1/submissions "$work/$i.json" > "$work/sent"
        i=$((i + 1))
    done
    until_size "$3"
}
until_size()
{
    waited=0
    while [ "$(size)" != "$1" ] && [ "$waited" -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
start()
{
    : > "$work/out"
    "$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2>> "$work/log" &
    pid=$!
    waited=0
    while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    at=$(sed -n 's,^listening on http://,,p' "$work/out")
}
stop()
{
    kill -TERM "$pid"
    wait "$pid"
    pid=
}
# check NAME [ID...]: by the independent script
check()
{
    name=$1
    shift
    if [ -z "$python" ]; then
        number=$((number + 1))
        echo "ok $number - $name # SKIP no python3 or no openssl that verifies Ed25519"
        return
    fi
    python3 "$here/check_log.py" "http://$at" "$work/seen" "$@" > "$work/checked" 2>&1
    ok $? "$name"
    sed 's/^/# /' "$work/checked"
}
python=
command -v python3 > /dev/null && openssl pkeyutl -help 2>&1 | grep -q rawin && python=yes

start
is "$(get /v1/log | sed 's/"key_id.*//')" '200 {"epoch":1,"size":0,"root":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","at":"1970-01-01T00:00:00Z",' "an empty log has the root of nothing"
send 1 5 5
one=$(id_of "$work/1.json")
five=$(id_of "$work/5.json")
check "head, keys and proofs hold for a stranger" "$one" "$five"
send 6 8 8
eight=$(id_of "$work/8.json")
check "and go on from what was seen before" "$one" "$eight"
is "$(get "/v1/log/inclusion?id=$eight&size=5" | status_of)" 404 "an event is not in a tree from before it"
is "$(get "/v1/log/inclusion?id=$one&revision=2" | status_of)" 404 "nor is one that did not happen"
get "/v1/log/inclusion?id=sha256%3a${one#sha256:}&revision=1&size=8" | grep -q '"revision":1,'
ok $? "an event by its revision, the id percent-encoded"
for bad in inclusion 'inclusion?id=x' "inclusion?id=$one&size=9" "inclusion?id=$one&size=0" "inclusion?id=$one&revision=0" \
    "inclusion?id=$one&other=1" consistency 'consistency?first=9' 'consistency?first=-1' 'consistency?first=3&size=2' 'consistency?first=x'; do
    [ "$(get "/v1/log/$bad" | status_of)" = 400 ] || echo "# $bad" >> "$work/unrefused"
done
[ ! -e "$work/unrefused" ]
ok $? "malformed questions are 400"
[ ! -e "$work/unrefused" ] || cat "$work/unrefused"

# ---- the feed
lines() { get "$1" | sed '1s/^200 //' | grep -c '^{"position"'; }
is "$(lines /v1/feed)" 8 "the feed has every entry"
is "$(lines '/v1/feed?after=1.5')/$(lines '/v1/feed?after=1.5&limit=1')" 2/1 "from a position on, as many as are wished"
is "$(get '/v1/feed?after=1.5&limit=1' | grep -o '"position":"[0-9.]*","id":"[^"]*","kind":"accepted","revision":1,"state":"accepted"')" \
    "$(get '/v1/feed?after=1.5&limit=1' | grep -o '"position":"1.6","id":"sha256:[0-9a-f]*","kind":"accepted","revision":1,"state":"accepted"')" "an entry is what it says"
is "$(get '/v1/feed?after=1.7' | tr -d ' \n')" 200 "nothing new is nothing"
for bad in after=1 after=1.8 after=2.0 after=1.-1 after=x limit=0 limit=5001 other=1; do
    [ "$(get "/v1/feed?$bad" | status_of)" = 400 ] || echo "# $bad" >> "$work/unrefused"
done
[ ! -e "$work/unrefused" ]
ok $? "malformed positions are 400"

# ---- all of it looked at again, while it serves
"$collector" verify --data "$work/data" > "$work/verified" 2>> "$work/log"
is "$?/$(cat "$work/verified")" "0/8 submissions, 8 entries of the log, 1 key: 0 differences" "verify finds nothing"

# ---- the next key
stop
"$collector" backup --data "$work/data" "$work/backup" > /dev/null 2>> "$work/log"
"$collector" key rotate --data "$work/data" > "$work/rotated" 2>> "$work/log"
is "$(wc -c < "$work/rotated" | tr -d ' ')" 17 "a key rotates"
start
is "$(get /v1/log | sed -n 's/.*"key_id":"\([0-9a-f]*\)".*/\1/p')" "$(cat "$work/rotated")" "and signs from then on"
send 9 12 12
check "the chain of keys holds" "$one" "$(id_of "$work/12.json")"
grep -q '^crosschip-head-1$' "$work/data/signing.key.head"
ok $? "the head stands beside the key"
stop

# ---- an older database: the backup of before in the place of today's, the signed head still there
mv "$work/data" "$work/newer"
"$collector" restore --data "$work/data" "$work/backup" > "$work/restored" 2>&1
cp -p "$work/newer/signing.key.head" "$work/data/"
start
is "$(get /readyz | sed -n 's/.*older than the log.*/behind/p')" behind "an older database is not ready and says why"
bundle 13 > "$work/13.json"
"$client" "$at" post /v1/submissions "$work/13.json" > "$work/refused"
is "$(status_of < "$work/refused" | head -n 1)" 503 "it takes nothing"
grep -q 'older than the log that was signed' "$work/refused"
ok $? "with the reason"
is "$(get /v1/log | status_of)" 503 "it signs nothing"
is "$(get "/v1/submissions/$one" | status_of)" 200 "it can be read"
"$collector" verify --json --data "$work/data" > "$work/verified" 2>> "$work/log"
is "$?/$(grep -c 'entries are missing' "$work/verified")" 1/1 "verify says what is behind"
"$collector" key new-epoch --data "$work/data" > "$work/early" 2>&1
is "$?" 69 "a new log does not begin while the collector runs"
stop
"$collector" key new-epoch --data "$work/data" > "$work/epoch" 2>&1
is "$(cat "$work/epoch")" "the log goes on as epoch 2" "a new log begins"
"$collector" key new-epoch --data "$work/data" > "$work/again" 2>&1
is "$?" 1 "and not another one without a reason"
start
until_size 9
is "$(size)" 9 "it holds all events that are left"
is "$(get '/v1/feed?after=1.3&limit=1' | grep -o '"position":"2.0","id":null,"kind":"epoch","revision":0,"state":null')" \
    '"position":"2.0","id":null,"kind":"epoch","revision":0,"state":null' "the feed goes on with the new one"
"$client" "$at" post /v1/submissions "$work/13.json" > "$work/taken"
is "$(status_of < "$work/taken" | head -n 1)" 201 "and takes new ones"
until_size 10
check "which proofs show" "$one" "$(id_of "$work/13.json")"
"$collector" verify --data "$work/data" > "$work/verified" 2>> "$work/log"
is "$?/$(cat "$work/verified")" "0/9 submissions, 10 entries of the log, 1 key: 0 differences" "and verify finds nothing"
stop
echo "1..$number"
