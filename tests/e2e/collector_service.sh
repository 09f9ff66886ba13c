#!/bin/sh
# The collector as a service: HTTPS, a certificate that is replaced, readiness for the service manager, logs for
# programs, the unit file. Needs BIN (programs), openssl and python3; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
collector=$BIN/crosschip-collector
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-service.XXXXXX") || exit 1
chmod 755 "$work"
pid=
manager=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null
    [ -n "$manager" ] && kill "$manager" 2>/dev/null
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
    "$collector" serve -v --data "$work/data" "$@" > "$work/out" 2>> "$work/log" &
    pid=$!
    waited=0
    while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    at=$(sed -n 's,^listening on [a-z]*://,,p' "$work/out")
}
stop()
{
    begun=$(date +%s)
    kill -TERM "$pid"
    wait "$pid"
    code=$?
    seconds=$(($(date +%s) - begun))
    pid=
}
# wait_for PATTERN FILE
wait_for()
{
    waited=0
    while ! grep -q "$1" "$2" 2>/dev/null && [ "$waited" -lt 100 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    grep -q "$1" "$2"
}
if ! command -v openssl > /dev/null || ! command -v python3 > /dev/null; then
    echo "1..0 # SKIP no openssl or no python3"
    exit 0
fi
# certificate NAME: NAME.crt and NAME.key for 127.0.0.1
certificate()
{
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
        -addext 'subjectAltName=IP:127.0.0.1' -keyout "$work/$1.key" -out "$work/$1.crt" 2> /dev/null
    chmod 640 "$work/$1.key"
    chmod 644 "$work/$1.crt"
    # Root's collector reads it as postgres.
    [ "$(id -u)" != 0 ] || chown postgres "$work/$1.key"
}
# ask PATH [HEADER]: over TLS, the certificate checked; prints what came
ask()
{
    printf 'GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$1" |
        openssl s_client -quiet -verify_return_error -CAfile "$work/now.crt" -connect "$at" 2> /dev/null
}
# What is shown in the handshake.
shown() { openssl s_client -connect "$at" < /dev/null 2> /dev/null | sed -n 's/^subject=//p' | tr -d ' '; }

certificate first
certificate second
cp -p "$work/first.crt" "$work/now.crt"
cp -p "$work/first.key" "$work/now.key"

# ---- what is refused
"$collector" serve --listen 127.0.0.1:0 --tls-cert "$work/now.crt" --data "$work/other" > /dev/null 2> "$work/refused"
is $? 64 "a certificate without a key is usage"
"$collector" serve --listen 127.0.0.1:0 --tls-cert "$work/now.crt" --tls-key "$work/none" --data "$work/other" > /dev/null 2> "$work/refused"
is "$? $(grep -c '^error: .*none: --tls-key names no file' "$work/refused")" "64 1" "a key that is not there is told"
[ ! -e "$work/other" ]
ok $? "before a database is made"
"$collector" serve --listen 127.0.0.1:0 --log-format xml --data "$work/other" > /dev/null 2>&1
is $? 64 "an unknown log format is usage"
"$collector" serve --listen 127.0.0.1:0 --proxy example.org --data "$work/other" > /dev/null 2>&1
is $? 64 "a proxy that is no address is usage"

# ---- HTTPS
start --listen 127.0.0.1:0 --tls-cert "$work/now.crt" --tls-key "$work/now.key" --log-format json
grep -q '^listening on https://127\.0\.0\.1:' "$work/out"
ok $? "it says https"
ask /readyz > "$work/answer"
is "$(head -n 1 "$work/answer" | tr -d '\r')" "HTTP/1.1 200 OK" "a client that checks the certificate is served"
is "$(tail -n 1 "$work/answer")" ready "with its answer"
python3 tests/e2e/http_edges.py "$at" tls > "$work/edges" 2>&1
ok $? "heads that do not fit are answered"
sed 's/^/# /' "$work/edges"
printf 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' |
    openssl s_client -quiet -tls1_1 -cipher 'ALL:@SECLEVEL=0' -connect "$at" > "$work/answer" 2> /dev/null
[ ! -s "$work/answer" ]
ok $? "TLS 1.1 is not spoken"
printf 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' > "$work/plain"
python3 - "$at" "$work/plain" << 'END' > "$work/answer" 2>&1
import socket, sys
host, port = sys.argv[1].rsplit(":", 1)
s = socket.create_connection((host, int(port)), 5)
s.sendall(open(sys.argv[2], "rb").read())
s.settimeout(5)
try:
    print(s.recv(1000).startswith(b"HTTP/1.1 200"))
except OSError:
    print(False)
END
is "$(cat "$work/answer")" False "plain HTTP gets no answer there"
is "$(shown)" "CN=first" "the certificate is shown"

# ---- SIGHUP
cp "$work/second.crt" "$work/now.crt"
cat "$work/second.key" > "$work/now.key"
kill -HUP "$pid"
wait_for 'read again' "$work/log"
ok $? "SIGHUP reads it again"
is "$(shown)" "CN=second" "the next handshake has the new one"
ask /healthz > "$work/answer"
is "$(tail -n 1 "$work/answer")" ok "and it works"
echo broken > "$work/now.crt"
kill -HUP "$pid"
wait_for 'still the one before' "$work/log"
ok $? "a broken one is told"
is "$(shown)" "CN=second" "and the one before stays"
cat "$work/first.crt" > "$work/now.crt"
: > "$work/mark"
before=$(wc -l < "$work/log")
kill -HUP "$pid"
waited=0
while ! tail -n "+$((before + 1))" "$work/log" | grep -q 'still the one before' && [ "$waited" -lt 100 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
tail -n "+$((before + 1))" "$work/log" | grep -q 'is not that of the certificate'
ok $? "a key of another certificate is told"
stop
is "$code" 0 "SIGTERM: exit 0"
[ "$seconds" -lt 10 ]
ok $? "within 10 s"

# ---- the log is JSON, line by line, without addresses
python3 - "$work/log" << 'END' > "$work/answer" 2>&1
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) > 5 and all({"time", "level", "message"} <= set(line) for line in lines)
assert {line["level"] for line in lines} >= {"info", "debug", "error", "warning"}
asked = [line["message"] for line in lines if line["message"].startswith("request=")]
assert len({message.split()[0] for message in asked}) == len(asked) > 1
assert not [line for line in lines if "127.0.0.1" in line["message"]]
print("good")
END
is "$(tail -n 1 "$work/answer")" good "every line of the log is JSON with time, level and message"
[ "$(tail -n 1 "$work/answer")" = good ] || sed 's/^/# /' "$work/answer"

# ---- a key that everybody may read
chmod 644 "$work/first.key"
"$collector" serve --listen 127.0.0.1:0 --tls-cert "$work/first.crt" --tls-key "$work/first.key" --data "$work/data" > /dev/null 2> "$work/refused"
is $? 77 "a key that everybody may read is refused"

# ---- the service manager
python3 - "$work" << 'END' &
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1] + "/notify")
os.chmod(sys.argv[1] + "/notify", 0o777)
out = open(sys.argv[1] + "/told", "w", buffering=1)
while True:
    print(s.recv(1000).decode().replace("\n", " "), file=out)
END
manager=$!
waited=0
while [ ! -S "$work/notify" ] && [ "$waited" -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
export NOTIFY_SOCKET="$work/notify"
start --listen 127.0.0.1:0 --proxy 127.0.0.1
wait_for '^READY=1' "$work/told"
ok $? "the manager is told when it is ready"
kill -HUP "$pid"
wait_for '^RELOADING=1 MONOTONIC_USEC=[0-9]' "$work/told"
ok $? "and when it reads its files again"
# Behind a proxy strangers get here: what nobody proved is looked at first.
cat > "$work/bundle.json" << 'END'
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b1"},"device":{"chip":"Apple M1 Max"},
"runs":[{"workload":{"model":"Llama 2 7B","task":"tg128"},"metrics":[{"name":"generation_throughput","unit":"tok/s","mean":61.1}]}]}
END
{ printf 'POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %s\r\n\r\n' "$(wc -c < "$work/bundle.json" | tr -d ' ')"; cat "$work/bundle.json"; } > "$work/post"
python3 - "$at" "$work/post" << 'END' > "$work/answer" 2>&1
import socket, sys
host, port = sys.argv[1].rsplit(":", 1)
s = socket.create_connection((host, int(port)), 10)
s.sendall(open(sys.argv[2], "rb").read())
data = b""
while True:
    more = s.recv(65536)
    if not more:
        break
    data += more
print(data.decode())
END
grep -q '"state":"quarantined"' "$work/answer"
ok $? "with a proxy in front anonymous submissions are quarantined by default"
stop
wait_for '^STOPPING=1' "$work/told"
ok $? "and when it stops"
kill "$manager"
manager=
unset NOTIFY_SOCKET

# ---- the unit file
unit=collector/package/crosschip-collector.service
for wanted in Type=notify KillMode=mixed NoNewPrivileges=yes ProtectSystem=strict SystemCallFilter= MemoryMax= 'ExecReload=/bin/kill -HUP'; do
    grep -q "^$wanted" "$unit" || echo "$wanted" >> "$work/lacking"
done
[ ! -e "$work/lacking" ]
ok $? "the unit file has what protects the machine"
if command -v systemd-analyze > /dev/null; then
    sed "s,@PREFIX@/bin,$(cd "$BIN" && pwd)," "$unit" > "$work/crosschip-collector.service"
    systemd-analyze verify --man=no "$work/crosschip-collector.service" > "$work/verified" 2>&1
    ! grep -q 'crosschip-collector\.service:[0-9]' "$work/verified"
    ok $? "systemd understands the unit file"
    grep 'crosschip-collector\.service:[0-9]' "$work/verified" | sed 's/^/# /'
fi
echo "1..$number"
