#!/bin/sh
# One collector takes over what another accepted: byte for byte, once, going on where it was interrupted, withdrawn with
# the contributor's secret, and nothing at all from one that lies. Needs BIN (programs) and TESTBIN (http_client).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
here=$(dirname "$0")
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-pull.XXXXXX") || exit 1
chmod 755 "$work"
pid=
liar=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM

finish()
{
    [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null
    [ -n "$liar" ] && kill "$liar" 2>/dev/null
    "$collector" status --data "$work/a" >/dev/null 2>&1
    "$collector" status --data "$work/b" >/dev/null 2>&1
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
secret=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
commitment=$(printf '\000\021\042\063\104\125\146\167\210\231\252\273\314\335\356\377\000\021\042\063\104\125\146\167\210\231\252\273\314\335\356\377' | sha256sum | cut -c1-64)
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},"withdraw":"$commitment",
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"Apple M2","memory_bytes":34359738368},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":1.$1}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$1" | cut -c1-64)"; }
size() { "$client" "$at" get /v1/log | sed -n 's/.*"size":\([0-9]*\).*/\1/p'; }
until_size()
{
    waited=0
    while [ "$(size)" != "$1" ] && [ "$waited" -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
send()
{
    bundle "$1" > "$work/$1.json"
    "$client" "$at" post /v1/submissions "$work/$1.json" > "$work/sent"
}
# pull [URL [OPTION…]]: "exit status: summary"
pull()
{
    from=${1:-http://$at}
    [ $# = 0 ] || shift
    "$collector" pull "$from" --data "$work/b" "$@" > "$work/pulled" 2> "$work/why"
    echo "$?: $(cat "$work/pulled")"
}
# The bytes and states of a collector, as export writes them.
dump() { "$collector" export --data "$work/$1" 2> /dev/null | sed 's/"received_at":"[^"]*"//; s/"origin":"[a-z]*"//' | sort; }

"$collector" serve --listen 127.0.0.1:0 --data "$work/a" > "$work/out" 2>> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
at=$(sed -n 's,^listening on http://,,p' "$work/out")
# A collector of its own that has served before: its database is there.
"$collector" serve --listen 127.0.0.1:0 --data "$work/b" > "$work/outb" 2>> "$work/log" &
other=$!
waited=0
while ! grep -q listening "$work/outb" && kill -0 "$other" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
kill -TERM "$other"
wait "$other"
for i in 1 2 3 4 5; do send $i; done
until_size 5
"$client" "$at" get /v1/log | sed 's/^200 //' > "$work/head5"
is "$(pull)" "0: 5 entries of the log, 5 new, 0 already there, 0 refused, 0 withdrawn, 0 decided otherwise there" "everything accepted comes over"
is "$(dump b)" "$(dump a)" "byte for byte"
is "$(pull)" "0: 0 entries of the log, 0 new, 0 already there, 0 refused, 0 withdrawn, 0 decided otherwise there" "once"
"$collector" pull "http://$at" --data "$work/a" > "$work/pulled" 2> "$work/why"
is "$?/$(cat "$work/pulled")/$(grep -c 'is the collector of this database itself' "$work/why")" 64//1 "it does not pull from itself"
is "$(pull "http://$at/nowhere" | cut -d: -f1)/$(grep -c -e 'refused the bundle' -e queue -e '--server' "$work/why")" 75/0 \
    "what another address answers is not told in the words of send"
is "$(pull "http://$at" --states lost)" "64: " "a wrong word prints no summary"
send 6
one=$(id_of "$work/1.json")
two=$(id_of "$work/2.json")
"$client" "$at" method DELETE "/v1/submissions/$one" "X-Withdraw-Secret: $secret" > "$work/withdrawn"
"$collector" moderate reject "$two" --reason "test" --data "$work/a" > /dev/null 2>> "$work/log"
until_size 8
is "$(pull)" "0: 3 entries of the log, 1 new, 0 already there, 0 refused, 1 withdrawn, 1 decided otherwise there" "what came later too"
"$collector" export --data "$work/b" 2> /dev/null > "$work/b.ndjson"
is "$(grep "$one" "$work/b.ndjson" | grep -o '"state":"[a-z]*"')" '"state":"withdrawn"' "a withdrawal travels with its secret"
is "$(grep "$two" "$work/b.ndjson" | grep -o '"state":"[a-z]*"')" '"state":"accepted"' "a moderator there decides nothing here"
! grep "$one" "$work/b.ndjson" | grep -q '"bundle"'
ok $? "the bytes of what was withdrawn are gone"

# ---- one that lies
if command -v python3 > /dev/null; then
    mkfifo "$work/hold"
    # lie TRICK [FILE]: pulls through it
    lie()
    {
        : > "$work/liar"
        python3 "$here/hostile_peer.py" "http://$at" "$@" < "$work/hold" > "$work/liar" 2>> "$work/log" &
        liar=$!
        exec 9> "$work/hold"
        waited=0
        while ! grep -q listening "$work/liar" && [ "$waited" -lt 100 ]; do
            sleep 0.1
            waited=$((waited + 1))
        done
        [ "$1" != old ] || pull "$(sed -n 's,^listening on ,,p' "$work/liar")" > "$work/first"
        pull "$(sed -n 's,^listening on ,,p' "$work/liar")" | sed 's/entries of the log.*//'
        exec 9>&-
        wait "$liar" 2> /dev/null
        liar=
    }
    dump b > "$work/before"
    is "$(lie none)" "0: 8 " "through one that does not lie it works"
    is "$(lie shorten)" "65: 7 " "a feed that ends early is not taken for the whole"
    for trick in omit change swap bytes other; do
        is "$(lie $trick)" "65: 0 " "nothing is taken of a page with a lie: $trick"
        grep -q '^error:' "$work/why"
        ok $? "and it is said: $(sed -n 's/^error: //p' "$work/why" | sed 's/#//g; s/sha256:[0-9a-f]*/ID/')"
    done
    is "$(lie state)" "0: 8 " "a wrong state brings nothing"
    is "$(lie secret)" "0: 8 " "a wrong secret withdraws nothing"
    dump b > "$work/after"
    cmp -s "$work/before" "$work/after"
    ok $? "all of that changed nothing here"
    # The head that was seen is kept: a log that became shorter since is none.
    is "$(lie old "$work/head5")" "65: 0 " "an older head is refused"
    is "$(cut -d' ' -f1,2 "$work/first")" "0: 8" "after the newer one was seen"
    grep -q 'does not continue' "$work/why"
    ok $? "and it is said that the log does not continue"
else
    number=$((number + 1))
    echo "ok $number - one that lies # SKIP no python3"
fi

# ---- whose, and which states
"$collector" token add Ada --json --data "$work/a" 2>> "$work/log" | sed 's/.*"token":"\([^"]*\)".*/\1/' > "$work/token"
bundle 8 > "$work/8.json"
waited=0
until "$client" "$at" post /v1/submissions "$work/8.json" "Authorization: Bearer $(cat "$work/token")" | grep -q '^201' || [ "$waited" -ge 60 ]; do
    sleep 0.2
    waited=$((waited + 1))
done
send 9
send 10
"$collector" moderate reject "$(id_of "$work/10.json")" --reason test --data "$work/a" > "$work/moderated" 2>> "$work/log"
until_size 12
ada=$("$client" "$at" get /v1/feed | sed -n "s/.*\"id\":\"$(id_of "$work/8.json")\".*\"contributor\":\"\([0-9a-f]*\)\".*/\1/p")
is "${#ada}" 16 "the feed tells the pseudonym of who sent it with a token"
is "$(pull "http://$at" --contributor "$ada")" "0: 12 entries of the log, 1 new, 0 already there, 0 refused, 1 withdrawn, 0 decided otherwise there" "only what she sent is taken, and withdrawals by secret"
is "$(pull "http://$at" --contributor "$ada")" "0: 0 entries of the log, 0 new, 0 already there, 0 refused, 0 withdrawn, 0 decided otherwise there" "the same again goes on"
is "$(pull "http://$at" --states rejected,withdrawn)" "0: 12 entries of the log, 0 new, 0 already there, 0 refused, 1 withdrawn, 1 decided otherwise there" "another policy begins again: only its word on what is here"
is "$(pull "http://$at" --states accepted)" "0: 12 entries of the log, 1 new, 5 already there, 0 refused, 1 withdrawn, 0 decided otherwise there" "only what it accepted"
is "$(pull | sed 's/.*refused, //')" "1 withdrawn, 1 decided otherwise there" "everything"
is "$(pull "http://$at" --states lost | cut -d: -f1)" 64 "a state that there is not is refused"
is "$(pull "http://$at" --contributor Ada | cut -d: -f1)" 64 "and a contributor who is none"
# Withdrawn there before it comes here by another way.
send 11
"$client" "$at" method DELETE "/v1/submissions/$(id_of "$work/11.json")" "X-Withdraw-Secret: $secret" > "$work/withdrawn"
until_size 14
is "$(pull | cut -d, -f1,2)" "0: 2 entries of the log, 0 new" "what was withdrawn there meanwhile is not taken"
"$collector" import "$work/11.json" --data "$work/b" > "$work/imported" 2>> "$work/log"
is "$(cut -d' ' -f1 "$work/imported")" 1 "it may come by another way"
is "$(pull | sed 's/.*refused, //')" "1 withdrawn, 0 decided otherwise there" "and is withdrawn then, by the secret that waited for it"
is "$(pull | sed 's/.*refused, //')" "0 withdrawn, 0 decided otherwise there" "once"
"$collector" moderate show "$two" --data "$work/b" > "$work/shown" 2>> "$work/log"
grep -q "^http://$at  *rejected" "$work/shown"
ok $? "a moderator sees what the other one decided"
is "$(head -n 1 "$work/shown")" "$two accepted" "and nothing follows from it"
is "$("$collector" moderate show "$(id_of "$work/8.json")" --data "$work/b" 2>> "$work/log" | grep -c '^from  *nobody')" 1 "what comes from another collector was sent by nobody who is known here"

# ---- the rest
"$collector" pull "http://$at" --data "$work/b" --anonymous other > /dev/null 2> "$work/why"
is "$?" 64 "an unknown policy is refused"
"$collector" verify --data "$work/b" > "$work/verified" 2>> "$work/log"
is "$?" 0 "verify finds nothing"
kill -TERM "$pid"
wait "$pid"
pid=
is "$(pull | cut -d: -f1)" 75 "one that does not answer is for later"
echo "1..$number"
