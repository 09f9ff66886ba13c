#!/bin/sh
# An older backup is restored and the collector goes on: its log does not fork, another collector goes on by the ids, and
# what the backup did not have comes back from there. Needs BIN (programs); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-restore.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
XDG_DATA_HOME=$work/home
export XDG_DATA_HOME
cd "$work" || exit 1

finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    for one in a b; do collector status --data "$work/$one" > /dev/null 2>&1; done
    cd /
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
collector() { "$bin/crosschip-collector" "$@"; }
# start FOLDER PORT
start()
{
    : > at.txt
    "$bin/crosschip-collector" serve --listen "127.0.0.1:$2" --data "$work/$1" > at.txt 2>> log.txt &
    pid=$!
    waited=0
    while ! grep -q listening at.txt && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    url=$(sed -n 's/^listening on //p' at.txt)
}
stop()
{
    kill -TERM "$pid"
    wait "$pid"
    pid=
}
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"manual","reader":1},"note":"number $1","device":{"chip":"Apple M2"},
"runs":[{"workload":{"model":"Llama 2 7B","task":"tg128"},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":1.$1}]}]}
END
}
# send NUMBER…: one submission each
send()
{
    for i; do
        bundle "$i" > "$i.json"
        curl -s -o answer -H 'Content-Type: application/json' --data-binary "@$i.json" "$url/v1/submissions"
    done
}
until_size()
{
    waited=0
    while [ "$(curl -s "$url/v1/log" | sed -n 's/.*"size":\([0-9]*\).*/\1/p')" != "$1" ] && [ "$waited" -lt 300 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
# The ids and bytes that are accepted somewhere.
kept() { collector export --data "$work/$1" 2> /dev/null | sed 's/"received_at":"[^"]*"//; s/"origin":"[a-z]*"//' | sort; }
# pull INTO: "exit status: new, already there"
pull()
{
    collector pull "$url" --data "$work/$1" > pulled 2> why
    echo "$?: $(sed 's/.*log, \(.*\), 0 refused.*/\1/' pulled)"
}

start b 0
stop
start a 0
at=${url#http://127.0.0.1:}
send 1 2 3
until_size 3
collector backup --data a saved > out 2>> log.txt
send 4 5
until_size 5
is "$(pull b)" "0: 5 new, 0 already there" "another collector has everything"
stop

# ---- the older backup in its place, and the signed head is still there
mv a lost
collector restore --data a saved > out 2> err
grep -q 'hint:.*key new-epoch' err
ok $? "restore says how the log goes on"
cp -p lost/signing.key.head a/
start a "$at"
send 6
is "$(grep -o '"error":"[a-z_]*"' answer)" '"error":"retry"' "until then it takes nothing"
is "$(pull b | cut -d: -f1)" 75 "and hands out no head that others could take for a fork"
stop
collector key new-epoch --data a > out 2>> log.txt
start a "$at"
send 6
until_size 5
is "$(pull b)" "0: 1 new, 3 already there" "another collector goes on by the ids"
is "$(kept b | wc -l)" 6 "and keeps what the backup did not have"
is "$(pull b)" "0: 0 new, 0 already there" "once"
collector verify --data a > out 2>> log.txt
ok $? "verify finds nothing at the restored one"
collector verify --data b > out 2>> log.txt
ok $? "nor at the other"
stop

# ---- what was lost comes back
start b 0
until_size 6
is "$(pull a)" "0: 2 new, 4 already there" "what the backup did not have comes back"
stop
kept a > a.kept
kept b > b.kept
cmp -s a.kept b.kept
ok $? "both hold the same, byte for byte"

# ---- restored elsewhere, where no signed head is
collector restore --data c saved > out 2> err
grep -q 'hint:.*signing.key.head.*new-epoch --always' err
ok $? "restored elsewhere the hint names the file to bring along"
start c "$at"
send 7
until_size 4
is "$(pull b | cut -d: -f1)" 65 "a log that goes on from the backup is refused by who saw a newer one"
grep -q 'older than the one that was seen before' why
ok $? "who says why"
stop
collector key new-epoch --always --data c > out 2>> log.txt
start c "$at"
until_size 5
curl -s "$url/v1/log" > head.json
is "$(grep -o '"epoch":[0-9]*' head.json)" '"epoch":2' "new-epoch --always begins a log there"
stop
collector status --data "$work/c" > /dev/null 2>&1
echo "1..$number"
