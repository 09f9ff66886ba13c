#!/bin/sh
# What crosschip-submit puts on the wire, with whose token, and how it takes back. A real collector.
# Needs BIN (programs) and python3; prints TAP.
set -u
. tests/e2e/beside.sh
samples=$root/tests/data/samples
in_own_folder wire

state_of()
{
    submit status "$1" -s "$url" 2> /dev/null | cut -d' ' -f1
}

start 0 data
[ -n "$url" ]
ok $? "the collector is ready"

# The bytes shown are the bytes that arrive.
failed=0
for file in "$samples"/llama.cpp-apple/m1-max-24c.json "$samples"/llama.cpp-apple/m2-8c.json; do
    submit send --dry-run "$file" > shown 2> err
    id=$(submit send "$file" -s "$url" 2> err | cut -d' ' -f2)
    [ "sha256:$(sha256sum < shown | cut -d' ' -f1)" = "$id" ] && curl -sf "$url/v1/submissions/$id/bundle" | cmp -s - shown || failed=1
done
ok "$failed" "--dry-run prints the bytes that the collector keeps"
env https_proxy=http://user:secret@proxy.invalid:3128 "$bin/crosschip-submit" send --dry-run -s https://collector.invalid "$samples/llama.cpp-apple/m2-8c.json" > shown 2> err < /dev/null
grep -q 'proxy' err && grep -q 'proxy.invalid:3128' err && ! grep -q 'secret' err
ok $? "--dry-run names the proxy that would carry them, without its password"
submit send -s http://collector.invalid "$samples/llama.cpp-apple/m2-8c.json" > out 2> err
[ $? = 64 ]
ok $? "plain http to another machine is refused"

# Tokens.
"$bin/crosschip-collector" token add --data "$work/data" --json "First Lab" > token.json 2> err
token=$(grep -o 'cc1_[A-Za-z0-9_-]*' token.json | head -1)
printf '%s\n' "$token" | "$bin/crosschip-submit" login -s "$url" > out 2> err
status=$?
stored=$(find config/crosschip/tokens -type f)
[ "$status" = 0 ] && [ "$(stat -c %a "$stored")" = 600 ] && [ "$(cat "$stored")" = "$token" ] && ! grep -q "$token" out err
ok $? "login keeps the token in a file of mode 600 and prints it nowhere"
python3 "$root/tests/e2e/terminal.py" screen "$token" -- "$bin/crosschip-submit" login -s "$url" > out
[ $? = 0 ] && grep -q 'not shown' screen && ! grep -q "$token" screen
ok $? "typed at a terminal it is not shown"
echo nonsense | "$bin/crosschip-submit" login -s "$url" > out 2> err
[ $? = 65 ] && grep -q '^hint:' err && [ "$(cat "$stored")" = "$token" ]
ok $? "what is no token does not replace it"
# A running collector looks for new tokens once a second.
waited=0
while ! submit send "$samples/llama.cpp-apple/m3-max-30c.json" -s "$url" > out 2> err && [ "$waited" -lt 60 ]; do
    sleep 0.2
    waited=$((waited + 1))
done
id=$(cut -d' ' -f2 out)
[ "$(state_of "$id")" = accepted ]
ok $? "a submission with it is accepted"
chmod 640 "$stored"
submit send --again "$samples/llama.cpp-apple/m3-max-30c.json" -s "$url" > out 2> err
[ $? = 77 ] && grep -q '^hint:.*chmod 600' err
ok $? "a token that others may read is refused"
chmod 600 "$stored"
CROSSCHIP_TOKEN=cc1_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA submit send --again "$samples/llama.cpp-apple/m3-max-30c.json" -s "$url" > out 2> err
[ $? = 77 ] && grep -q '^queued' out && ! grep -q 'cc1_AAAA' err
ok $? "the variable CROSSCHIP_TOKEN stands above it; a token that nobody knows leaves the bundle in the queue"
submit queue flush -s "$url" > out 2> err
[ $? = 0 ] && grep -q '^accepted' out
ok $? "and with the right one it goes"
submit login --remove -s "$url" > out 2> err
[ ! -e "$stored" ] && ! submit login --remove -s "$url" > out 2> err && grep -q '^hint:' err
ok $? "login --remove forgets it"

# Receipts.
id=$(submit send "$samples/llama.cpp-apple/m2-10c.json" -s "$url" 2> err | cut -d' ' -f2)
grep -q '"check":"verified"' "home/crosschip/spool/sent/$id.receipt" && ! grep -q '^warning' err && [ ! -e "home/crosschip/spool/sent/$id" ]
ok $? "a receipt is verified with the key that was seen first"
python3 - "$url" "home/crosschip/spool/sent/$id.receipt" > shown 2>&1 << 'CHECK'
import hashlib, json, sys, urllib.request
keys = json.load(urllib.request.urlopen(sys.argv[1] + "/v1/key"))["keys"]
receipt = json.loads(open(sys.argv[2]).readline())
key = [k for k in keys if k["key_id"] == receipt["key_id"]][0]
assert hashlib.sha256(bytes.fromhex(key["public_key"])).hexdigest()[:16] == key["key_id"]
assert len(bytes.fromhex(receipt["signature"])) == 64
CHECK
ok $? "and names a key that the collector shows"
# A collector at the same address that lost all it had, its key too.
port=${url##*:}
kill -TERM "$pid"
wait "$pid" 2> /dev/null
start "$port" data2
submit send "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" > out 2> err
status=$?
id=$(cut -d' ' -f2 out)
[ "$status" = 0 ] && grep -q "^accepted $id" out && grep -q '^warning:.*does not lead' err && grep -q '^hint:.*--server-key' err
ok $? "a collector that lost its key still takes submissions, with a warning and exit 0"
[ "sha256:$(sha256sum < "home/crosschip/spool/sent/$id" | cut -d' ' -f1)" = "$id" ] && submit queue list 2> err | grep "$id" | grep -q unverified
ok $? "the bytes are kept beside the unverified receipt, and queue list shows it"
key=$(curl -sf "$url/v1/key" | sed 's/.*"public_key": *"\([0-9a-f]*\)".*/\1/')
submit send --again "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" --server-key "$key" > out 2> err
[ $? = 0 ] && grep -q '"check":"verified"' "home/crosschip/spool/sent/$id.receipt" && [ ! -e "home/crosschip/spool/sent/$id" ]
ok $? "with --server-key the receipt holds"
grep -q '^warning: .*this call only' err && grep -q '^hint: .*crosschip-submit trust' err && ! submit trust | grep -q "$key"
ok $? "which counts for one call: the pinned key stays, and it is said how to see and forget it"
submit send --again "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" 2> err > out
grep -q '^warning:.*does not lead' err
ok $? "so that the next call checks by the pinned one again"
submit trust --forget 2> err
[ $? = 64 ]
ok $? "what is forgotten is named"
old=$(submit trust --json | sed -n 's/.*"key": *"\([0-9a-f]*\)".*/\1/p' | head -1)
submit trust --forget -s "$url" 2> err && [ -z "$(submit trust 2> err)" ] && ! submit trust --forget -s "$url" 2> err
ok $? "trust --forget forgets it, once"
wrong=$(printf '%s' "$old" | tr 0-9 1-90)
submit send --again "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" --server-key "$wrong" > out 2> err
[ $? = 0 ] && grep -q '^warning:.*does not lead' err && [ -z "$(submit trust 2> err)" ]
ok $? "a mistyped key is pinned by nothing"
submit send --again "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" --server-key "$key" > out 2> err
[ "$(submit trust | grep -c "^  $key  pinned")" = 1 ] && ! grep -q '^warning' err
ok $? "one by which a receipt holds is pinned"
submit send --again "$samples/llama.cpp-apple/m2-pro-16c.json" -s "$url" --server-key nonsense > out 2> err
[ $? = 64 ]
ok $? "what is no key is a wrong call"

# Many at once: enough for longer than a progress bar waits before it shows.
mkdir many
i=0
while [ "$i" -lt 480 ]; do
    sed "s/\"avg_ts\": *\([0-9.]*\)/\"avg_ts\": \1000$i/" "$samples/llama.cpp-apple/m2-8c.json" > "many/$i.json"
    i=$((i + 1))
done
submit -q send many > out 2> err
[ $? = 75 ] && [ "$(find home/crosschip/spool/queue -type f | wc -l)" = 480 ] && [ "$(grep -c '^error:' err)" = 1 ]
ok $? "without a collector all wait, and the trouble is told once"
# The leak sanitizer cannot work under strace.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
    python3 "$root/tests/e2e/terminal.py" screen -- strace -f -qq -o trace -e trace=connect \
    "$bin/crosschip-submit" queue flush -s "$url" > out
status=$?
[ "$status" = 0 ] && [ "$(grep -c '^accepted' out)" = 480 ] && [ -z "$(find home/crosschip/spool/queue home/crosschip/spool/dead -type f)" ]
ok $? "queue flush sends them all"
[ "$(grep -c "sin_port=htons(${url##*:})" trace)" = 1 ] || grep -q 'not permitted' trace
ok $? "over one connection"
grep -q 'sending  \[' screen && grep -q '480 in all: 480 accepted' screen
ok $? "with a progress bar on a terminal"

# Taking back.
id=$(submit send "$samples/llama.cpp-apple/m1-8c.json" -s "$url" 2> err | cut -d' ' -f2)
submit withdraw "$id" --key other.key > out 2> err
[ $? != 0 ] && [ "$(state_of "$id")" = accepted ] && grep -q '^hint:.*--key' err
ok $? "without the key it was sent with nothing is withdrawn"
submit withdraw "$id" > out 2> err
[ $? = 0 ] && [ "$(cat out)" = "withdrawn $id" ] && [ "$(state_of "$id")" = withdrawn ]
ok $? "withdraw asks the collector of the receipt and shows the secret of this client"
submit queue list > list
[ "$(grep -c "^withdrawn  *$id" list)" = 1 ] && submit status "$id" | grep -q '^withdrawn ' &&
    [ "$(submit send "$samples/llama.cpp-apple/m1-8c.json" -s "$url" 2> err)" = "withdrawn $id (sent before)" ]
ok $? "the receipt no longer calls it accepted, and neither does sending the file again"
submit withdraw "$id" --json > out 2> err
[ $? = 0 ] && grep -q '"state": "withdrawn"' out
ok $? "the same again gives the same"
id=$(submit send "$samples/llama.cpp-apple/m2-max-30c.json" -s "$url" 2> err | cut -d' ' -f2)
submit withdraw "$id" --spool elsewhere -s "$url" > out 2> err
[ $? = 0 ] && [ "$(state_of "$id")" = withdrawn ]
ok $? "without a receipt the collector's copy tells what to prove"
submit withdraw sha256:0000000000000000000000000000000000000000000000000000000000000000 -s "$url" > out 2> err
[ $? != 0 ] && grep -q '^error:' err && grep -q '^hint:' err
ok $? "an id that nobody has is an error with a hint"
submit withdraw nonsense -s "$url" > out 2> err
[ $? = 64 ]
ok $? "what is no id is a wrong call"
echo "1..$number"
