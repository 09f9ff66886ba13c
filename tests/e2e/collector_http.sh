#!/bin/sh
# The collector over real HTTP with its private PostgreSQL: statuses, exactly once, kills, hostile framing.
# Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
corpus=../shared/corpus/hostile/http
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-http.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null
    # A collector that was killed leaves PostgreSQL running: the next program that closes the folder stops it.
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

# start: serves $work/data on a free port; sets pid and at.
start()
{
    : > "$work/out"
    "$collector" serve -v --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2>> "$work/log" &
    pid=$!
    waited=0
    while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    at=$(sed -n 's,^listening on http://,,p' "$work/out")
}
# stop: SIGTERM; sets code and seconds.
stop()
{
    begun=$(date +%s)
    kill -TERM "$pid"
    wait "$pid"
    code=$?
    seconds=$(($(date +%s) - begun))
    pid=
}

# bundle NUMBER [MORE]: a small valid bundle; MORE are further members.
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},${2:-}
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"Apple M1 Max","cores":10,"gpu_cores":32,"memory_bytes":34359738368,"architecture":"arm64"},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":61.19}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$1" | cut -c1-64)"; }
status_of() { cut -d' ' -f1; }
stored() { "$collector" status --json --data "$work/data" | sed -n 's/^ *"submissions": \([0-9]*\),$/\1/p' | head -n 1; }
post() { "$client" "$at" post /v1/submissions "$@"; }
get() { "$client" "$at" get "$@"; }

for i in 1 2 3 4 5 6 7 8; do bundle $i > "$work/$i.json"; done
id=$(id_of "$work/1.json")

start
is "$(wc -l < "$work/out")" 1 "serve prints one line when it is ready"
is "$(get /healthz)" "200 ok" "/healthz"
is "$(get /readyz)" "200 ready" "/readyz asks the database"

post "$work/1.json" > "$work/first"
is "$(status_of < "$work/first")" 201 "a new submission is 201"
grep -q "\"id\":\"$id\",\"state\":\"accepted\",\"received_at\":\"20" "$work/first"
ok $? "the answer names id, state and time"
post "$work/1.json" "Idempotency-Key: $id" > "$work/second"
is "$(cut -d' ' -f2- "$work/second")" "$(cut -d' ' -f2- "$work/first")" "the same bytes get the same answer"
is "$(status_of < "$work/second")" 200 "with status 200"
is "$(get "/v1/submissions/$id" | status_of)" 200 "a submission can be asked for"
get "/v1/submissions/$id" | grep -q '"runs":1,"measurements":1'
ok $? "and says how many runs it has"
get "/v1/submissions/$id/bundle" | sed '1s/^200 //' > "$work/back"
cmp -s "$work/back" "$work/1.json"
ok $? "its exact bytes come back"

"$client" "$at" twice /v1/submissions "$work/2.json" | status_of | sort | tr '\n' ' ' > "$work/pair"
is "$(cat "$work/pair")" "200 201 " "two of the same at one moment: one 201, one 200"
is "$(stored)" 2 "and one row"
"$client" "$at" keep /v1/submissions "$work/3.json" "$work/4.json" "$work/3.json" > "$work/kept"
is "$(status_of < "$work/kept" | tr '\n' ' ')" "201 201 200 reused " "a connection serves several submissions"

unknown=sha256:0000000000000000000000000000000000000000000000000000000000000000
is "$(get "/v1/submissions/$unknown" | status_of)" 404 "an unknown id is 404"
is "$(get /v1/submissions/sha256:xyz | status_of)" 400 "a malformed id is 400"
get /submissions/sha256:xyz > "$work/page"
is "$(head -c 4 "$work/page")$(grep -c '<h1>No such submission</h1>' "$work/page")" "400 1" "and a page for people"
is "$(get "/submissions/$unknown" | grep -c 'Nothing with this name')" 1 "an unknown one too"
is "$(get /v1/nothing | status_of)" 404 "an unknown path is 404"
is "$("$client" "$at" method DELETE /v1/submissions | status_of)" 405 "a wrong method is 405"
is "$("$client" "$at" method POST /v1/submissions | status_of)" 411 "no length is 411"
is "$(post "$work/1.json" "Content-Type: text/plain" | status_of)" 415 "another media type is 415"
is "$(post "$work/1.json" "Content-Encoding: br" | status_of)" 415 "an unknown coding is 415"
is "$(post "$work/1.json" "Authorization: Bearer x" | status_of)" 401 "an unknown token is 401"
is "$(post "$work/1.json" "Idempotency-Key: $unknown" | status_of)" 422 "a key that is not the hash is 422"
is "$(post "$work/1.json" "Idempotency-Key: ../x" | status_of)" 400 "a malformed key is 400"
printf '{"crosschip":"1.0",' > "$work/cut.json"
post "$work/cut.json" > "$work/answer"
is "$(status_of < "$work/answer")" 400 "a truncated document is 400"
grep -q '"line":1,"column":' "$work/answer"
ok $? "with line and column"
bundle 9 | sed 's/61.19/"fast"/' > "$work/type.json"
post "$work/type.json" > "$work/answer"
is "$(status_of < "$work/answer")" 422 "a wrong type is 422"
grep -q '"path":"runs\[0\]' "$work/answer"
ok $? "with the path of the field"
bundle 9 | sed 's/"crosschip":"1.0"/"crosschip":"7.0"/' > "$work/version.json"
post "$work/version.json" > "$work/answer"
is "$(sed 's/.*"error":"\([a-z_]*\)".*/\1/' "$work/answer")" bundle_version "a newer bundle is bundle_version"
printf 'POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n' > "$work/large"
is "$("$client" "$at" raw "$work/large")" 413 "too long is 413 before anything is read"
is "$(stored)" 4 "nothing refused was stored"

# libmicrohttpd 0.9.75 with epoll stalls when 128 sockets of one thread become ready at once.
is "$("$client" "$at" many 256 /healthz)" "768 answered" "256 clients at one moment, three times"
is "$("$client" "$at" many 128 "/v1/submissions/$id")" "384 answered" "128 clients that need the database"

# ---- hostile framing: a second request must never be executed
smuggled='GET /v1/health?smuggled=1 HTTP/1.1\r\nHost: x\r\n\r\n'
raw_case()
{
    printf '%b' "POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n$2\r\n\r\n$3$smuggled" > "$work/raw-$1"
}
raw_case two-lengths 'Content-Length: 7\r\nContent-Length: 60' '{"a":1}'
raw_case length-and-coding 'Content-Length: 5\r\nTransfer-Encoding: chunked' '0\r\n\r\n'
raw_case blank-before-colon 'Content-Length: 5\r\nTransfer-Encoding : chunked' '0\r\n\r\n'
raw_case folded-coding 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 5' '0\r\n\r\n'
raw_case tabbed-coding 'Transfer-Encoding:\tchunked\r\nContent-Length: 5' '0\r\n\r\n'
raw_case refused-type 'Content-Type: text/plain\r\nContent-Length: 7' '{"a":1}'
for file in "$work"/raw-* "$corpus"/*.http; do
    [ -e "$file" ] || continue
    case $file in */pipeline_50.http) continue ;; esac
    for piece in 1000000 7; do
        "$client" "$at" raw "$file" $piece 2>/dev/null > "$work/answers"
        grep -q '^2' "$work/answers" && echo "$file $piece" >> "$work/taken"
    done
done
[ ! -s "$work/taken" ]
ok $? "no hostile request was answered with 2xx"
[ -s "$work/taken" ] && sed 's/^/# /' "$work/taken"
is "$(grep -c 'smuggled' "$work/log")" 0 "no smuggled request was executed"
is "$(stored)" 4 "and nothing was stored"
[ -d "$corpus" ] || echo "# the hostile corpus is not beside the project: only the cases of this file were sent"
is "$(get /healthz)" "200 ok" "the collector still answers"

# ---- heads that do not fit, and clients that close their side early
python3 tests/e2e/http_edges.py "$at" > "$work/edges" 2>&1
ok $? "each head that does not fit is answered by 414 or 431, and whoever closed his side reads the answer"
sed 's/^/# /' "$work/edges"

# ---- compressed bodies
bundle 11 > "$work/11.json"
gzip -c "$work/11.json" > "$work/11.gz"
post "$work/11.gz" "Content-Encoding: gzip" > "$work/answer"
is "$(status_of < "$work/answer")" 201 "a gzip body is taken"
grep -q "\"id\":\"$(id_of "$work/11.json")\"" "$work/answer"
ok $? "its id is that of the document inside"
is "$(post "$work/11.json" | status_of)" 200 "and the same document plain is known"
get "/v1/submissions/$(id_of "$work/11.json")/bundle" | sed '1s/^200 //' | cmp -s - "$work/11.json"
ok $? "whose bytes come back plain"
is "$(post "$work/11.json" "Content-Encoding: gzip" | status_of)" 400 "what is no gzip is 400"
is "$(post "$work/11.gz" "Content-Encoding: gzip, gzip" | status_of)" 415 "two codings are 415"
dd if=/dev/zero bs=1M count=9 2> "$work/null" | gzip -c > "$work/bomb.gz"
is "$(post "$work/bomb.gz" "Content-Encoding: gzip" | status_of)" 413 "what grows too large is 413"
dd if=/dev/urandom bs=1k count=1025 2> "$work/null" > "$work/large.gz"
is "$(post "$work/large.gz" "Content-Encoding: gzip" | status_of)" 413 "more than 1 MiB compressed is 413"
{ bundle 12 | sed 's/]}]}$/]}],"original":{"encoding":"utf-8","text":"/' | tr -d '\n'; head -c 300000 /dev/zero | tr '\0' x; echo '"}}'; } > "$work/12.json"
is "$(post "$work/12.json" | status_of)" 201 "a large document is checked beside HTTP"
sed 's/61.19/"fast"/' "$work/12.json" > "$work/13.json"
is "$(post "$work/13.json" | status_of)" 422 "and refused there"

# ---- receipts: verified by another program than ours
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"; }
get /v1/key > "$work/keys"
is "$("$collector" key show --data "$work/data")" "$(cut -d' ' -f2- "$work/keys")" "key show and /v1/key agree"
is "$(member key_id "$work/first")" "$(member key_id "$work/keys")" "a receipt names the key"
bytes() { perl -e 'print pack "H*", shift' "$1"; }
bytes "302a300506032b6570032100$(member public_key "$work/keys")" > "$work/key.der"
sed -n 's/.*"receipt":{[^}]*"signature":"\([^"]*\)".*/\1/p' "$work/first" > "$work/hex"
bytes "$(cat "$work/hex")" > "$work/signature"
printf 'crosschip-receipt-1\n%s\n%s' "$id" "$(member received_at "$work/first")" > "$work/signed"
verify() { openssl pkeyutl -verify -pubin -inkey "$work/key.der" -keyform DER -rawin -in "$1" -sigfile "$work/signature" > "$work/null" 2>&1; }
if command -v openssl > "$work/null"; then
    verify "$work/signed"
    ok $? "the signature is Ed25519 over id and time"
    printf 'x' >> "$work/signed"
    ! verify "$work/signed"
    ok $? "and over nothing else"
fi
keyfile=$(cat "$work/data/cluster" 2>/dev/null || echo "$work/data")/signing.key
is "$(stat -c %a "$keyfile")" 600 "the secret key is for its owner only"

# ---- what cannot be started
port=${at##*:}
mkdir "$work/other"
chmod 777 "$work/other"
"$collector" serve --listen "127.0.0.1:$port" --data "$work/other/data" > /dev/null 2> "$work/refused"
is $? 69 "a port in use: exit 69"
grep -q '^hint: ' "$work/refused"
ok $? "with a hint"
[ ! -e "$work/other/data" ]
ok $? "and nothing was made"
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > /dev/null 2> "$work/refused"
is $? 69 "two collectors on one folder: exit 69"
grep -q "$pid" "$work/refused"
ok $? "the error names the first"
"$collector" serve --listen 192.0.2.1:0 --data "$work/other/data" > /dev/null 2> "$work/refused"
is $? 77 "an address that is not loopback is refused"
"$collector" serve --listen nowhere --data "$work/other/data" > /dev/null 2>&1
is $? 64 "no address at all: usage"
long=$(printf '%0120d' 0)
"$collector" serve --listen "unix:/tmp/$long" --data "$work/other/data" > /dev/null 2> "$work/refused"
is $? 64 "a socket path that is too long: usage"
"$collector" serve --anonymous perhaps --data "$work/other/data" > /dev/null 2>&1
is $? 64 "an unknown policy: usage"
sockets=$(sed -n 5p "$work/data/pgdata/postmaster.pid" 2>/dev/null)
"$collector" serve --listen 127.0.0.1:0 --database "postgresql:///postgres?host=$sockets&user=crosschip" > /dev/null 2> "$work/refused"
is $? 69 "a database without our schema is refused"
grep -q 'crosschip-collector migrate' "$work/refused"
ok $? "and the hint says migrate"
"$collector" serve --listen 127.0.0.1:0 --database "postgresql:///x?host=$work/none" > /dev/null 2> "$work/refused"
is $? 69 "a database that is not there: exit 69"

# ---- kill -9 while submissions come in: whatever was acknowledged is there afterwards
(
    i=100
    while [ $i -lt 400 ]; do
        bundle $i > "$work/load.json"
        "$client" "$at" post /v1/submissions "$work/load.json" 2>/dev/null > "$work/load.answer" || break
        case $(cat "$work/load.answer") in
        20*) id_of "$work/load.json" >> "$work/acknowledged" ;;
        *) break ;;
        esac
        i=$((i + 1))
    done
) &
load=$!
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
wait $load
start
lost=0
for acknowledged in $id $(cat "$work/acknowledged"); do
    get "/v1/submissions/$acknowledged" | grep -q '^200 ' || lost=$((lost + 1))
done
is "$lost" 0 "kill -9 under load loses nothing of $(wc -l < "$work/acknowledged") acknowledged"
[ "$(wc -l < "$work/acknowledged")" -gt 5 ]
ok $? "and there was a load"
is "$(post "$work/1.json" | status_of)" 200 "after the restart the first submission is known"

# ---- PostgreSQL dies under the collector: 503 with Retry-After, then it is started again
kill -9 "$(head -n 1 "$work/data/pgdata/postmaster.pid")"
waited=0
answer=
while [ "$answer" != 201 ] && [ "$waited" -lt 30 ]; do
    bundle $((500 + waited)) > "$work/late.json"
    answer=$(post "$work/late.json" | status_of)
    echo "$answer" >> "$work/answers-late"
    waited=$((waited + 1))
    sleep 0.5
done
is "$answer" 201 "PostgreSQL killed with SIGKILL is started again"
is "$(grep -cv '^503$\|^201$' "$work/answers-late")" 0 "until then every answer is 503"
told=$(grep -c 'the database takes nothing: .' "$work/log")
again=$(grep -c 'the database takes submissions again' "$work/log")
if grep -q 503 "$work/answers-late"; then
    is "$((told >= 1 && told <= 3 && again >= 1))" 1 "the log says why, when that changes only, and when it is over"
else
    is "$told $again" "0 0" "no answer was 503, and the log tells of none"
fi
# Each connection of the pool finds out for itself that its server is gone: a 503 or two may still come.
answer=503
waited=0
while [ "$answer" = 503 ] && [ "$waited" -lt 20 ]; do
    answer=$(post "$work/1.json" | status_of)
    waited=$((waited + 1))
    sleep 0.2
done
is "$answer" 200 "and nothing is lost"

# ---- SIGTERM: requests in flight are answered, nobody is left behind
for i in 5 6 7 8; do post "$work/$i.json" > "$work/last-$i" & done
sleep 0.05
stop
wait
is "$code" 0 "SIGTERM: exit 0"
[ "$seconds" -lt 10 ]
ok $? "within 10 s"
acknowledged=0
for i in 5 6 7 8; do grep -q '^20' "$work/last-$i" && acknowledged=$((acknowledged + 1)); done
before=$(($(wc -l < "$work/acknowledged") + 4 + acknowledged))
[ "$(stored)" -ge "$before" ]
ok $? "what was answered with 2xx during the drain is stored"
[ ! -e "$work/data/pgdata/postmaster.pid" ]
ok $? "PostgreSQL has stopped"

# ---- a Unix socket, and a policy
: > "$work/out" # what the one before said must be gone before anybody looks
"$collector" serve --listen "unix:$work/other/socket" --data "$work/data" --anonymous quarantine > "$work/out" 2>> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do sleep 0.1; waited=$((waited + 1)); done
is "$(cat "$work/out")" "listening on unix:$work/other/socket" "a Unix socket is served"
at=unix:$work/other/socket
bundle 10 > "$work/10.json"
post "$work/10.json" > "$work/answer"
is "$(sed 's/.*"state":"\([a-z]*\)".*"rules":\(\[[^]]*\]\).*/\1 \2/' "$work/answer")" 'quarantined ["anonymous"]' "the policy quarantines"
is "$(get "/v1/submissions/$(id_of "$work/10.json")/bundle" | status_of)" 404 "quarantined bytes are not shown"
stop
is "$code" 0 "it stops too"

# ---- the signing key must be the one that the database knows
mv "$keyfile" "$work/kept.key"
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > /dev/null 2> "$work/refused"
is $? 65 "without its signing key it does not start"
grep -q '^hint: .*--signing-key' "$work/refused"
ok $? "and the hint says how to bring one"
[ ! -e "$keyfile" ]
ok $? "no other key was made"
mv "$work/kept.key" "$keyfile"

# ---- a disk that is nearly full: reading goes on
: > "$work/out"
"$collector" serve --listen "unix:$work/other/socket" --data "$work/data" --keep-free 2000000000 > "$work/out" 2>> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do sleep 0.1; waited=$((waited + 1)); done
waited=0
while get /readyz | grep -q '^200' && [ "$waited" -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
is "$(get /readyz | status_of)" 503 "without room on the disk it is not ready"
bundle 14 > "$work/14.json"
is "$(post "$work/14.json" | status_of)" 503 "and takes nothing"
is "$(get "/v1/submissions/$id" | status_of)" 200 "but answers"
stop
"$collector" migrate --data "$work/data" | grep -q '0 migrations applied'
ok $? "migrate has nothing left to do"
echo "1..$number"
