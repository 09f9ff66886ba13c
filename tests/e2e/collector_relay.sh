#!/bin/sh
# A withdrawal reaches who holds the submission through collectors that never held it, and whoever makes withdrawals up
# changes nothing and takes no room from others. a, where it is withdrawn; b and c take nothing but what is told; d has
# the submission from elsewhere and asks c alone. Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
here=$(dirname "$0")
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-relay.XXXXXX") || exit 1
chmod 755 "$work"
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    for name in a b c d; do
        [ -f "$work/$name.pid" ] && kill "$(cat "$work/$name.pid")" 2>/dev/null
    done
    wait
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
# The secrets are the digit, 64 times.
secret() { printf '%064d' 0 | tr 0 "$1"; }
bundle()
{
    commitment=$(secret "$1" | sed 's/../\\x&/g' | xargs -0 printf | sha256sum | cut -c1-64)
    cat <<END
{"crosschip":"1.1","consent":{"licence":"CC0-1.0","text":"I may share these results."},"withdraw":"$commitment",
"format":{"name":"manual","reader":1},"device":{"chip":"Apple M2"},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","task":"tg128"},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":2$1}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$work/$1.json" | cut -c1-64)"; }
at() { sed -n 's,^listening on http://,,p' "$work/$1.at"; }
listens()
{
    waited=0
    while ! grep -q listening "$1" && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
until_size()
{
    waited=0
    while ! "$client" "$(at "$1")" get /v1/log | grep -q "\"size\":$2," && [ "$waited" -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
# pull WHO URL: asks it; what came of it goes to pulled, what was said to why. All but d take over nobody's results.
pull()
{
    who=$1
    from=$2
    set --
    [ "$who" = d ] || set -- --contributor 0000000000000000
    "$collector" pull "$from" --json --data "$work/$who" "$@" > "$work/pulled" 2> "$work/why"
}
figure() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/pulled"; }
told() { "$client" "$(at "$1")" get "/v1/withdrawals?limit=5000${2:-}" | sed '1s/^200 //' | grep -c '"secret"'; }
state_of() { "$client" "$(at "$1")" get "/v1/submissions/$(id_of "$2")" | sed -n 's/.*"state":"\([a-z]*\)".*/\1/p' | head -n 1; }
withdraw() { "$client" "$(at "$1")" method DELETE "/v1/submissions/$(id_of "$2")" "X-Withdraw-Secret: $(secret "$2")" > "$work/withdrawn"; }

if ! command -v python3 > /dev/null; then
    echo "ok 1 - relay # SKIP no python3"
    echo "1..1"
    exit 0
fi
for name in a b c d; do
    "$collector" serve --listen 127.0.0.1:0 --data "$work/$name" > "$work/$name.at" 2>> "$work/log" &
    echo $! > "$work/$name.pid"
done
for name in a b c d; do listens "$work/$name.at"; done
for i in 1 2 3; do
    bundle $i > "$work/$i.json"
    "$client" "$(at a)" post /v1/submissions "$work/$i.json" > "$work/sent"
done
"$client" "$(at d)" post /v1/submissions "$work/1.json" > "$work/sent"
"$client" "$(at d)" post /v1/submissions "$work/2.json" > "$work/sent"
until_size a 3
pull b "http://$(at a)"
is "$(figure entries) $(figure new)" "3 0" "one that takes over nobody's results"
withdraw a 1
until_size a 4
pull b "http://$(at a)"
is "$(told b) $("$client" "$(at b)" get /v1/log | grep -c '"size":0')" "1 1" "tells a withdrawal of what it never held, and has no event for it"
pull c "http://$(at b)"
is "$? $(figure entries) $(figure withdrawn) $(told c)" "0 0 0 1" "so does the next"
is "$("$client" "$(at c)" get /v1/withdrawals | grep -o "\"id\":\"$(id_of 1)\",\"secret\":\"$(secret 1)\",\"hops\":2")" \
    "\"id\":\"$(id_of 1)\",\"secret\":\"$(secret 1)\",\"hops\":2" "with the secret, one hop more"
is "$(state_of d 1)" accepted "who holds it does not know it yet"
pull d "http://$(at c)"
is "$? $(figure withdrawn) $(state_of d 1) $(state_of d 2)" "0 1 withdrawn accepted" "and withdraws it, when it is told"
pull d "http://$(at c)"
is "$? $(figure withdrawn)" "0 0" "once"
until_size d 3
pull c "http://$(at d)"
pull b "http://$(at c)"
is "$(told b)" 2 "what comes round is told by two and not by more"
pull c "http://$(at b)"
pull b "http://$(at c)"
is "$(told b) $(told c)" "2 2" "it comes to rest"

# ---- whoever makes them up
mkfifo "$work/hold"
# lies TRICK: c pulls through one that lies
lies()
{
    : > "$work/liar"
    python3 "$here/hostile_peer.py" "http://$(at a)" "$1" < "$work/hold" > "$work/liar" 2>> "$work/log" &
    liar=$!
    exec 9> "$work/hold"
    listens "$work/liar"
    pull c "$(sed -n 's,^listening on ,,p' "$work/liar")"
    echo "$?" > "$work/status"
    [ "$1" != flood ] || pull c "$(sed -n 's,^listening on ,,p' "$work/liar")"
    exec 9>&-
    wait "$liar" 2> /dev/null
}
lies back
is "$(cat "$work/status") $(grep -c 'no withdrawal' "$work/why")" "65 1" "numbers that do not rise are refused"
# Beside the two of before, that of the feed which came through each of these two liars.
lies far
is "$(cat "$work/status") $(told c)" "0 4" "what was told sixteen times before is not kept"
lies flood
is "$(cat "$work/status")" 0 "one that tells without end is heard so far"
count=0
after=0
while page=$("$client" "$(at c)" get "/v1/withdrawals?limit=5000&after=$after" | sed '1s/^200 //') && [ -n "$page" ]; do
    count=$((count + $(echo "$page" | grep -c '"secret"')))
    after=$(echo "$page" | sed -n '$s/.*"number":\([0-9]*\).*/\1/p')
    [ -n "$after" ] || break
done
# And those four.
[ "$count" = 10004 ]
ok $? "and of what it told only the newest ten thousand are kept"
withdraw a 2
until_size a 5
pull b "http://$(at a)"
pull c "http://$(at b)"
pull d "http://$(at c)"
pull d "http://$(at c)"
is "$(state_of d 2)" withdrawn "a true one passes through in spite of it"
is "$("$client" "$(at c)" get "/v1/withdrawals?after=-1" | cut -c1-3)" 400 "a number that is none is refused"
for name in b d; do
    "$collector" verify --data "$work/$name" > "$work/verified" 2>> "$work/log" || echo "$name" >> "$work/bad"
done
[ ! -e "$work/bad" ]
ok $? "verify finds nothing"
echo "1..$number"
