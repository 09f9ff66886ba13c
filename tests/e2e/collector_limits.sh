#!/bin/sh
# Who sends too much waits, whoever else sends does not; and the counters tell it all.
# Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-limits.XXXXXX") || exit 1
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
start()
{
    : > "$work/out"
    "$collector" serve -v --listen 127.0.0.1:0 --data "$work/data" "$@" > "$work/out" 2>> "$work/log" &
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
    code=$?
    pid=
}
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"Apple M1 Max","memory_bytes":34359738368},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":1.$1}]}]}
END
}
status_of() { cut -d' ' -f1; }
post() { "$client" "$at" post /v1/submissions "$@"; }
get() { "$client" "$at" get "$@"; }
for i in 1 2 3 4 5 6 7 8 9; do bundle $i > "$work/$i.json"; done

# ---- behind a proxy: the network is that of X-Forwarded-For
start --proxy 127.0.0.1 --burst-anonymous 3
answers=
for i in 1 2 3 4; do answers="$answers $(post "$work/$i.json" 'X-Forwarded-For: 203.0.113.7' | status_of)"; done
is "$answers" " 201 201 201 429" "a network sends its share and then waits"
is "$(post "$work/5.json" 'X-Forwarded-For: 203.0.113.99' | status_of)" 429 "all of the network"
is "$(post "$work/5.json" 'X-Forwarded-For: 203.0.113.7, 198.51.100.1' | status_of)" 201 "another network does not"
is "$(post "$work/6.json" 'X-Forwarded-For: 198.51.100.9, 203.0.113.8' | status_of)" 429 "what the client wrote itself is not believed"
is "$(post "$work/7.json" | status_of)" 201 "who comes without a proxy is of this machine"
token=$("$collector" token add 'Lab' --json --data "$work/data" | sed 's/.*"token":"\([^"]*\)".*/\1/')
waited=0
answer=
while [ "$answer" != 201 ] && [ "$waited" -lt 60 ]; do
    answer=$(post "$work/8.json" 'X-Forwarded-For: 192.0.2.1' "Authorization: Bearer $token" | status_of)
    waited=$((waited + 1))
    [ "$answer" = 201 ] || sleep 0.2
done
is "$answer" 201 "a token has a share of its own"
is "$(post "$work/9.json" 'X-Forwarded-For: 203.0.113.7' "Authorization: Bearer $token" | status_of)" 201 "also in a network that waits"
printf 'POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nX-Forwarded-For: 203.0.113.7\r\n\r\nabcde' > "$work/raw"
is "$("$client" "$at" raw "$work/raw" | head -n 1)" 429 "before the body is looked at"

# ---- counters: every request that began is counted once
get /metrics | sed '1s/^200 //' > "$work/metrics"
sum=$(sed -n 's/^crosschip_http_requests_total{.*} //p' "$work/metrics" | awk '{ s += $1 } END { print s + 0 }')
started=$(sed -n 's/^crosschip_http_requests_started_total //p' "$work/metrics")
flight=$(sed -n 's/^crosschip_http_requests_in_flight //p' "$work/metrics")
is "$((sum + flight))" "$started" "the sum of all outcomes and of what is in flight is what began"
is "$(sed -n 's/^crosschip_http_requests_total{method="POST",path="\/v1\/submissions",outcome="stored"} //p' "$work/metrics")" 7 "stored"
[ "$(sed -n 's/^crosschip_http_requests_total{method="POST",.*outcome="rate"} //p' "$work/metrics")" -ge 4 ]
ok $? "limited"
is "$(sed -n 's/^crosschip_submissions_total{outcome="stored"} //p' "$work/metrics")" 7 "the database counts the same"
is "$(sed -n 's/^crosschip_batch_submissions_sum //p' "$work/metrics")" 7 "in batches"
get /healthz > /dev/null
get /nothing > /dev/null
printf 'GET / HTTP/1.1\r\n\r\n' > "$work/raw"
"$client" "$at" raw "$work/raw" > /dev/null 2>&1
get /metrics | sed '1s/^200 //' > "$work/metrics"
awk '
/^#/ { if ($2 == "TYPE") type[$3] = $4; next }
{ name = $1; sub(/\{.*/, "", name); base = name; sub(/_(bucket|sum|count)$/, "", base)
  if (!(name in type) && type[base] != "histogram") print "no type: " name
  if (name ~ /_total$/ && type[name] != "counter") print "not a counter: " name
  if ($2 !~ /^[0-9.]+$/) print "not a number: " $0 }
' "$work/metrics" > "$work/wrong"
# Cumulative buckets, and the last one is the count.
sed -n 's/^crosschip_http_request_duration_seconds_bucket{method="GET",path="\/metrics",le=.*} //p' "$work/metrics" |
    awk 'NR > 1 && $1 < last { print "buckets fall" } { last = $1 }' >> "$work/wrong"
[ ! -s "$work/wrong" ]
ok $? "the page is what Prometheus reads"
[ -s "$work/wrong" ] && sed 's/^/# /' "$work/wrong"
grep -q 'path="other",outcome="not_found"} 1' "$work/metrics"
ok $? "paths that are not there are counted together"
[ "$("$client" "$at" head /healthz | grep -c '^X-Request-Id: [0-9a-f]\{16\}$')" = 1 ]
ok $? "each answer has a request id"
stop
is "$code" 0 "it stops"
is "$(grep -c '203\.0\.113\|198\.51\|cc1_' "$work/log")" 0 "no address and no token in the log"

# ---- 1,000 who hold connections and send nothing, or little, do not keep a good client out
start
"$client" "$at" hold 500 6 > "$work/idle" 2>&1 &
idle=$!
"$client" "$at" hold 250 6 'POST /v1/submissions HTTP/1.1\nHost:' > "$work/heads" 2>&1 &
heads=$!
"$client" "$at" hold 250 6 'POST /v1/submissions HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 100000\n\n{' > "$work/bodies" 2>&1 &
bodies=$!
waited=0
while [ "$(cat "$work/idle" "$work/heads" "$work/bodies" | grep -c held)" -lt 3 ] && [ "$waited" -lt 100 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
get /metrics > "$work/metrics"
[ "$(sed -n 's/^crosschip_http_connections //p' "$work/metrics")" -gt 900 ]
ok $? "a thousand connections are held"
bad=0
i=0
while [ "$i" -lt 30 ]; do
    [ "$(post "$work/1.json" | status_of)" = 200 ] || bad=$((bad + 1))
    [ "$(get /readyz)" = "200 ready" ] || bad=$((bad + 1))
    i=$((i + 1))
done
is "$bad" 0 "a good client is served meanwhile, each time"
wait $idle $heads $bodies
is "$(tail -n 1 "$work/bodies")" "0 open" "bodies that do not come are cut off before their time is over"
stop
is "$code" 0 "and it stops"
start --limit-local --connections-each 3
hold=
for i in 1 2 3; do
    "$client" "$at" idle 2 'GET' > /dev/null 2>&1 &
    hold="$hold $!"
done
sleep 0.5
get /healthz > "$work/answer" 2>/dev/null
is "$(cat "$work/answer")" "000 no answer" "the fourth connection of an address is not taken"
for waiting in $hold; do wait "$waiting" 2>/dev/null; done
sleep 0.3
is "$(get /healthz)" "200 ok" "when the others are gone it is"
stop
echo "1..$number"
