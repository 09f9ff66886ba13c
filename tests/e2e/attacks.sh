#!/bin/sh
# What somebody can try against the results of others, and what comes of it in the published figures: sending somebody
# else's public result first and withdrawing it, flooding one cell, ten thousand workloads in a bundle. (Claims and
# corrections without the secret: submit_own.sh. A lying peer: collector_pull.sh. Names that look alike: collector_names.sh.
# Invented runs beside a true original: tests/db/test_judge.c.) Needs BIN (programs) and python3; prints TAP.
set -u
. tests/e2e/beside.sh
sample=$(pwd)/tests/data/samples/llama.cpp-apple/m1-8c.json
id=
in_own_folder attacks

# sent WHO OPTION…: sends the sample as WHO (a client of its own); sets id
sent()
{
    who=$1
    shift
    XDG_DATA_HOME="$work/$who" "$bin/crosschip-submit" send "$sample" -s "$url" "$@" > out 2> err < /dev/null
    id=$(sed -n 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/p' out)
}
# answer to a POST of FILE [HEADER]
post() { curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' ${2:+-H "$2"} --data-binary "@$1" "$url/v1/submissions"; }
state_of() { "$bin/crosschip-submit" status "$1" -s "$url" 2> /dev/null | cut -d' ' -f1; }
# until_state ID STATE: the judge follows within seconds
until_state()
{
    waited=0
    while [ "$(state_of "$1")" != "$2" ] && [ "$waited" -lt 150 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
}
token() { "$bin/crosschip-collector" token add "$1" --json --data "$work/data" 2>> log.txt | sed 's/.*"token":"\([^"]*\)".*/\1/'; }
# cells TASK: "value devices contributors" of every row, sorted
cells()
{
    "$bin/crosschip-analyze" table --json --data "$work/data" 2>> log.txt | python3 -c '
import json, sys
for table in json.loads(sys.stdin.read() or "{\"tables\":[]}")["tables"]:
    if table["task"] == sys.argv[1]:
        metric = table["metrics"][0]["name"] + "_tok_s"
        for row in table["rows"]:
            print(row["chip"], row[metric], row["devices"], row["contributors"])
' "$1" | sort
}

if ! command -v python3 > /dev/null || ! command -v curl > /dev/null; then
    echo "ok 1 - attacks # SKIP no python3 or no curl"
    echo "1..1"
    exit 0
fi
"$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > at.txt 2>> log.txt &
pid=$!
waited=0
while ! grep -q listening at.txt && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
url=$(sed -n 's/^listening on //p' at.txt)
for name in Ada Bea Cem Mallory; do token "$name" > "$name.token"; done

# ---- somebody else's public result, sent first
sent mallory
stolen=$id
before=$(cells tg128)
sent ada
hers=$id
[ "$hers" != "$stolen" ] && [ "$(state_of "$hers")" = accepted ]
ok $? "whose result was sent by somebody else first sends it all the same"
is "$(cells tg128)" "$before" "one original counts once"
! XDG_DATA_HOME="$work/mallory" "$bin/crosschip-submit" withdraw "$hers" -s "$url" > out 2> err && [ "$(state_of "$hers")" = accepted ]
ok $? "another client's key withdraws nothing of hers"
XDG_DATA_HOME="$work/mallory" "$bin/crosschip-submit" withdraw "$stolen" -s "$url" > out 2> err
is "$(cells tg128)" "$before" "withdrawing the one that came first takes nothing away"
# The secret of the withdrawn one is public now.
waited=0
secret=
while [ -z "$secret" ] && [ "$waited" -lt 100 ]; do
    secret=$(curl -s "$url/v1/feed" | sed -n "s/.*\"id\":\"$stolen\".*\"secret\":\"\([0-9a-f]*\)\".*/\1/p")
    waited=$((waited + 1))
    [ -n "$secret" ] || sleep 0.1
done
is "${#secret}" 64 "the secret that proved it is public"
is "$(curl -s -o answer -w '%{http_code}' -X DELETE -H "X-Withdraw-Secret: $secret" "$url/v1/submissions/$hers")" 403 "and good for nothing of hers"
# One result, sent twice with another note: who learns the secret of the one that she withdrew has nothing of the other.
sent ada --again --note 'the first with a note'
noted=$id
sent ada --again --note 'a second one'
second=$id
XDG_DATA_HOME="$work/ada" "$bin/crosschip-submit" withdraw "$second" -s "$url" > out 2> err
waited=0
while ! curl -s "$url/v1/feed" | grep "$second" | grep -q '"secret"' && [ "$waited" -lt 100 ]; do
    waited=$((waited + 1))
    sleep 0.1
done
secret=$(curl -s "$url/v1/feed" | sed -n "s/.*\"id\":\"$second\".*\"secret\":\"\([0-9a-f]*\)\".*/\1/p")
is "${#secret} $(curl -s -o answer -w '%{http_code}' -X DELETE -H "X-Withdraw-Secret: $secret" "$url/v1/submissions/$noted") $(state_of "$noted")" \
    "64 403 accepted" "the public secret of one of two with one original withdraws nothing of the other"
is "$(curl -s -o answer -w '%{http_code}' -X POST -H "X-Withdraw-Secret: $secret" -H "Authorization: Bearer $(cat Mallory.token)" "$url/v1/submissions/$noted/claim")" 403 "and claims nothing"
XDG_DATA_HOME="$work/ada" "$bin/crosschip-submit" withdraw "$noted" -s "$url" > out 2> err
is "$(cat out)" "withdrawn $noted" "she withdraws that one with its own"
# Her very bytes, sent before her to another collector, are hers there too: they hold her commitment, not the thief's.
curl -s "$url/v1/submissions/$hers/bundle" > bytes
is "$(post bytes "Authorization: Bearer $(cat Mallory.token)")" 200 "her very bytes are her submission, whoever sends them"
is "$(curl -s -o answer -w '%{http_code}' -X DELETE -H "Authorization: Bearer $(cat Mallory.token)" "$url/v1/submissions/$hers")" 403 "and nobody else's token withdraws it"
XDG_DATA_HOME="$work/ada" "$bin/crosschip-submit" withdraw "$hers" -s "$url" > out 2> err
is "$(cells tg128)" "" "when she withdraws it, nothing is left"

# ---- one cell, flooded
# bundle NUMBER VALUE
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"manual","reader":1},"note":"number $1","device":{"chip":"Apple M1 Max","cores":10,"board":"machine $(($1 % 7))"},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg64"},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":$2}]}]}
END
}
number_sent=0
# flood COUNT VALUE [HEADER]
flood()
{
    for _ in $(seq "$1"); do
        number_sent=$((number_sent + 1))
        bundle "$number_sent" "$2" > flood.json
        post flood.json "${3:-}" > status
    done
}
flood 1 60 "Authorization: Bearer $(cat Ada.token)"
flood 1 61 "Authorization: Bearer $(cat Bea.token)"
flood 1 62 "Authorization: Bearer $(cat Cem.token)"
is "$(cells tg64)" "Apple M1 Max 61 3 3" "the median of three contributors"
flood 1 66
flood 1 66 "Authorization: Bearer $(cat Mallory.token)"
is "$(cells tg64)" "Apple M1 Max 62 5 5" "two more, one of them nobody"
flood 25 66
flood 25 66 "Authorization: Bearer $(cat Mallory.token)"
is "$(cells tg64 | cut -d' ' -f1-4)" "Apple M1 Max 62" "fifty more of these two, from seven machines each, move nothing"
is "$(cells tg64 | cut -d' ' -f6)" 5 "they are still two contributors"

# ---- ten thousand workloads in one bundle
python3 - > many.json <<'END'
import json
print(json.dumps({"crosschip": "1.0", "consent": {"licence": "CC0-1.0", "text": "I may share these results."},
    "format": {"name": "manual", "reader": 1}, "device": {"chip": "Apple M1 Max"},
    "runs": [{"workload": {"model": f"made up {i}", "task": "tg64"}, "metrics": [
        {"name": "generation_throughput", "unit": "tok/s", "direction": "higher", "mean": 10}]} for i in range(10000)]}))
END
many=sha256:$(sha256sum < many.json | cut -c1-64)
is "$(post many.json "Authorization: Bearer $(cat Mallory.token)")" 201 "ten thousand workloads in a bundle are stored"
until_state "$many" quarantined
is "$(state_of "$many")" quarantined "and held"
"$bin/crosschip-collector" moderate show "$many" --data "$work/data" > shown 2>> log.txt
grep -q 'many_workloads.*10000 workloads that nobody else has' shown
ok $? "by the rule that says so"
"$bin/crosschip-submit" status "$many" -s "$url" > shown 2>> log.txt
is "$(head -n 1 shown | cut -d' ' -f1) $(sed -n '2s/^  2[0-9TZ:-]* //p' shown)" \
    "quarantined quarantined by the rule many_workloads: 10000 workloads that nobody else has" "status tells the sender which"
is "$("$bin/crosschip-submit" status "$many" -s "$url" --json 2>> log.txt | grep -c '"rule": "many_workloads"')" 1 "as JSON too"
is "$(curl -s "$url/submissions/$many" | grep -c '<code>many_workloads</code>): 10000 workloads')" 1 "and its page"
is "$("$bin/crosschip-submit" status "$hers" -s "$url" --json 2>> log.txt | grep -c '"verdicts": \[\]')" 1 "of others none is told"
is "$("$bin/crosschip-analyze" table --json --data "$work/data" 2>> log.txt | grep -c 'made up')" 0 "none of them is published"
sed 's/"runs": \[{/"runs": [{"workload":{},"metrics":[]},{/' many.json > more.json
is "$(post more.json)" 413 "one more is too many"
"$bin/crosschip-collector" verify --data "$work/data" > out 2>> log.txt
ok $? "verify finds nothing"
echo "1..$number"
