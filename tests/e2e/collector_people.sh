#!/bin/sh
# Tokens, moderation and withdrawal through the programs and over real HTTP.
# Needs BIN (programs) and TESTBIN (http_client); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
collector=$BIN/crosschip-collector
client=$TESTBIN/e2e/http_client
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-people.XXXXXX") || exit 1
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
# start OPTION…: serves $work/data on a free port; sets pid and at.
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
secret=00000000000000000000000000000000000000000000000000000000000000aa
# The SHA-256 of the 32 bytes of $secret.
commitment=$({ printf '\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\252'; } | sha256sum | cut -c1-64)
# bundle NUMBER [MODEL]
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},"withdraw":"$commitment",
"format":{"name":"llama-bench-json","reader":1},"tool":{"name":"llama-bench","version":"b$1"},
"device":{"chip":"Apple M1 Max","cores":10,"gpu_cores":32,"memory_bytes":34359738368,"architecture":"arm64"},
"runs":[{"workload":{"model":"Llama 2 7B","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":61.$1}]}]}
END
}
id_of() { echo "sha256:$(sha256sum < "$1" | cut -c1-64)"; }
status_of() { cut -d' ' -f1; }
post() { "$client" "$at" post /v1/submissions "$@"; }
get() { "$client" "$at" get "$@"; }
delete() { "$client" "$at" method DELETE "$@"; }
state_of() { get "/v1/submissions/$1" | sed 's/.*"state":"\([a-z]*\)".*/\1/'; }
token() { "$collector" token --data "$work/data" "$@"; }
moderate() { "$collector" moderate --data "$work/data" "$@"; }
new_token() { token add --json "$@" | sed 's/.*"token":"\([^"]*\)".*/\1/'; }

for i in 1 2 3 4 5 6 7 8; do bundle $i > "$work/$i.json"; done
start --anonymous quarantine

# ---- tokens
token add 'Lab 3' > "$work/shown"
lab=$(sed -n 's/^  \(cc1_[A-Za-z0-9_-]*\)$/\1/p' "$work/shown")
is "${#lab}" 56 "a new token is shown on a line of its own"
other=$(new_token 'Lab 4')
reader=$(new_token 'Lab 3' --scope withdraw)
guard=$(new_token 'Warden' --scope moderate)
is "$(token list --json | grep -c '"token_id"')" 4 "token list shows them"
token list --json > "$work/list"
grep -q -- "$(echo "$lab" | cut -c14-)" "$work/list"
is $? 1 "but never the secret"
token add "$(printf 'a\033[31m')" > /dev/null 2>&1
is $? 64 "a name with control characters is refused"
token add x --days 366 > /dev/null 2>&1
is $? 64 "a token holds a year at most"
# The line that is shown keeps it for this collector alone: no other one may see it.
mkdir "$work/home"
sed -n "s|^  \(crosschip-submit.*\) https://ADDRESS|$BIN/\1 http://$at|p" "$work/shown" > "$work/paste"
echo "$lab" | env -u XDG_CONFIG_HOME HOME="$work/home" sh "$work/paste" 2> "$work/said"
is "$(cat "$work/home/.config/crosschip/tokens/"*)" "$lab" "the line to paste keeps the token"
is "$(stat -c %a "$work/home/.config/crosschip/tokens/"*)" 600 "for its owner only"
# A running collector looks once a second.
answer=
waited=0
while [ "$answer" != 201 ] && [ "$waited" -lt 60 ]; do
    post "$work/1.json" "Authorization: Bearer $lab" > "$work/answer"
    answer=$(status_of < "$work/answer")
    waited=$((waited + 1))
    [ "$answer" = 201 ] || sleep 0.2
done
is "$(sed 's/.*"state":"\([a-z]*\)".*/\1/' "$work/answer")" accepted "with a token it is accepted at once"
post "$work/2.json" > "$work/answer"
is "$(sed 's/.*"state":"\([a-z]*\)".*/\1/' "$work/answer")" quarantined "without one the policy holds it"
# shellcheck disable=SC2012
env -u XDG_CONFIG_HOME -u CROSSCHIP_TOKEN_FILE HOME="$work/home" XDG_DATA_HOME="$work/home/data" \
    "$BIN/crosschip-submit" send --server "http://$at" "$(ls tests/data/samples/llama.cpp-apple/* | head -n 1)" > "$work/sent" 2>&1
grep -q '^accepted sha256:' "$work/sent"
ok $? "and crosschip-submit sends with it"
is "$(post "$work/3.json" "Authorization: Bearer $reader" | status_of)" 403 "a token without the scope is 403"
is "$(post "$work/3.json" "Authorization: Bearer ${lab}x" | status_of)" 401 "an unknown token is 401"
is "$(post "$work/3.json" "Authorization: Basic $lab" | status_of)" 401 "another scheme is 401"

# ---- withdraw
one=$(id_of "$work/1.json")
two=$(id_of "$work/2.json")
is "$(delete "/v1/submissions/$one" | status_of)" 401 "withdrawing without a proof is 401"
is "$(delete "/v1/submissions/$one" "X-Withdraw-Secret: $commitment" | status_of)" 403 "a wrong secret is 403"
is "$(delete "/v1/submissions/$one" "X-Withdraw-Secret: xyz" | status_of)" 400 "a malformed secret is 400"
is "$(delete "/v1/submissions/$one" "Authorization: Bearer $other" | status_of)" 403 "somebody else's token is 403"
unknown=sha256:0000000000000000000000000000000000000000000000000000000000000000
is "$(delete "/v1/submissions/$unknown" "X-Withdraw-Secret: $secret" | status_of)" 404 "an unknown id is 404"
is "$(state_of "$one")" accepted "nothing has changed"
delete "/v1/submissions/$one" "Authorization: Bearer $lab" > "$work/first"
is "$(sed 's/.*"id":"\([^"]*\)","state":"\([a-z]*\)".*/\1 \2/' "$work/first")" "$one withdrawn" "the sender's token withdraws"
delete "/v1/submissions/$one" "X-Withdraw-Secret: $secret" > "$work/second"
is "$(cat "$work/second")" "$(cat "$work/first")" "the same again gets the same answer"
is "$(state_of "$one")" withdrawn "its state is shown"
is "$(get "/v1/submissions/$one/bundle" | status_of)" 410 "its bytes are gone"
is "$(post "$work/1.json" | status_of)" 410 "and sending them again is 410"
is "$(delete "/v1/submissions/$two" "X-Withdraw-Secret: $secret" | status_of)" 200 "the secret withdraws a quarantined one"

# ---- names
is "$(token rename 'Lab 4' 'Lab Four')" "Lab 4 is now Lab Four" "a contributor gets another name"
token rename 'Lab Four' 'Lab 3' > /dev/null 2> "$work/why"
is "$? $(grep -c '^error: another contributor has the name Lab 3$' "$work/why")" "65 1" "not one that another has"
token rename 'Lab Fuor' 'Lab 5' > /dev/null 2> "$work/why"
is "$? $(grep -c '^error: no contributor has the name Lab Fuor$' "$work/why")" "65 1" "nor one of a name that nobody has"
token rename 'Lab Four' "$(printf 'a\033[31m')" > /dev/null 2>&1
is $? 64 "nor one with control characters"
is "$(post "$work/5.json" "Authorization: Bearer $other" | status_of)" 201 "the token stays theirs"
is "$(token forget 'Lab Four' | sed 's/[0-9a-f]\{16\}$/KEY/')" "Lab Four is now contributor KEY" "and the name can go"
is "$(token list --json | grep -c 'Lab 4\|Lab Four') $("$collector" moderate list --state accepted --json --data "$work/data" | grep -c 'Lab Four')" \
    "0 0" "from every list"
token forget 'Lab Four' > /dev/null 2>&1
is $? 65 "a name that nobody has is told"
is "$(post "$work/5.json" "Authorization: Bearer $other" 'X-Contributor: Lab%204%20%C3%A9' | status_of)" 200 "a name travels beside a bundle"
is "$(token list --json | grep -c 'Lab 4 é')" 1 "and is that of the token's contributor"
post "$work/5.json" "Authorization: Bearer $other" 'X-Contributor: Lab%203' > /dev/null
is "$(token list --json | grep -c 'Lab 4 é')" 1 "not where another has it"
for name in '' '%' '%1b[31m' '%ff' "$(printf '%0129d' 1)"; do
    is "$(post "$work/5.json" "Authorization: Bearer $other" "X-Contributor: $name" | status_of)" 400 "no name: ${name:-nothing}"
done
is "$(post "$work/8.json" 'X-Contributor: Nobody' | status_of)" 201 "without a token it names nobody"
is "$(token list --json | grep -c 'Nobody')" 0 "and is not kept"
delete "/v1/submissions/$(id_of "$work/8.json")" "X-Withdraw-Secret: $secret" > /dev/null
printf '%s\n' "$other" > "$work/token"
chmod 600 "$work/token"
XDG_DATA_HOME="$work/home" "$BIN/crosschip-submit" send -q tests/data/samples/llama.cpp-apple/m1-7c.json --elsewhere \
    --contributor 'Lab Ω' --token-file "$work/token" -s "http://$at" > "$work/sent" 2>&1
ok $? "crosschip-submit sends it"
is "$(token list --json | grep -c 'Lab Ω')" 1 "so a contributor changes his name himself"
"$BIN/crosschip-analyze" publish "$work/published" --data "$work/data" > /dev/null 2>&1
is "$? $(grep -rl 'Lab [3Ω4]' "$work/published" | wc -l)" "0 0" "and no publication holds a name"
is "$(token forget 'Lab Ω' | sed 's/[0-9a-f]\{16\}$/KEY/')" "Lab Ω is now contributor KEY" "it goes too"

# ---- moderate
three=$(id_of "$work/3.json")
post "$work/3.json" > /dev/null
post "$work/4.json" > /dev/null
four=$(id_of "$work/4.json")
is "$(moderate list --json | grep -c '"id"')" 2 "two are held"
moderate list --limit 1 --json > "$work/page" 2> "$work/more"
grep -q '^1 more: go on with --after' "$work/more"
ok $? "a list says what it leaves out"
last=$(sed -n 's/.*"id": "\(sha256:[0-9a-f]*\)".*/\1/p' "$work/page")
is "$(moderate list --after "$last" --json | grep -c '"id"') $(moderate list --after "$last" --json | grep -c "$last")" \
    "1 0" "and goes on behind the last"
is "$(moderate list --rule anonymous --json | grep -c '"id"')" 2 "both by the rule that is asked for"
is "$(moderate list --rule other --json | grep -c '"id"')" 0 "and none by another"
is "$(moderate list --rule other)" "nothing is quarantined that the rule other found" "which is said"
is "$(moderate list --days 1)" "nothing is quarantined and so old" "none of them came a day ago"
is "$(moderate list | grep -c "^sha256:[0-9a-f]\{64\}  ")" 2 "a person sees ids that can be copied"
moderate accept "$three" > /dev/null 2> "$work/refused"
is $? 64 "no decision without a reason"
grep -q -- '--reason' "$work/refused"
ok $? "the hint says how"
is "$(moderate accept "$three" --reason 'looks right')" "accepted $three" "accept"
is "$(state_of "$three")" accepted "is seen over HTTP"
is "$(get "/v1/submissions/$three/bundle" | head -n 1 | status_of)" 200 "its bytes are shown"
moderate list --limit 1 > "$work/page" 2> "$work/more"
[ ! -s "$work/more" ]
ok $? "one is left, and nothing is left out"
moderate accept "$three" --reason 'twice' > /dev/null 2> "$work/refused"
is "$? $(sed -n 's/^error: .*: //p' "$work/refused")" "65 this submission is accepted already" "what is decided already is told"
moderate reject "$four" --reason 'invented' > /dev/null
is "$(state_of "$four")" rejected "reject"
moderate undo "$four" --reason 'a mistake' > /dev/null 2> "$work/undone"
is "$(state_of "$four") $(grep -c 'taken back: rejected by moderator:.* (invented);' "$work/undone")" "quarantined 1" "undo says what it takes back"
is "$(moderate undo "$four" --reason 'no mistake' 2> "$work/undone")" "rejected $four" "undo of an undo decides again"
is "$(grep -c 'taken back: quarantined by moderator:.* (a mistake);' "$work/undone")" 1 "and says so"
moderate undo "$four" --reason 'a mistake' > /dev/null 2>&1
moderate show "$four" > "$work/shown"
is "$(grep -c 'invented\|a mistake' "$work/shown")" 3 "show tells what was done and why"
grep -q 'anonymous' "$work/shown"
ok $? "and what the rules found"
moderate delete "$four" --reason 'asked for by mail' > /dev/null
moderate accept "$four" --reason 'again' > /dev/null 2> "$work/why"
is "$?/$(grep -c 'cannot become accepted' "$work/why")" 65/1 "what is deleted stays so, in the words of states"
is "$(state_of "$four")" deleted "delete"
is "$(post "$work/4.json" | status_of)" 410 "a deleted one is 410"
moderate accept "$four" --reason 'again' > /dev/null 2>&1
is $? 65 "what its state does not allow is exit 65"
moderate accept "$four" --reason 'again' 2>&1 | grep -q SQLSTATE
is $? 1 "told in words of ours"
moderate list --state lost > /dev/null 2>&1
is $? 64 "a state that there is not is refused"
moderate list "$unknown" > /dev/null 2>&1
is $? 64 "list does not pass over an ID"
moderate reject "$unknown" --reason 'x' > /dev/null 2>&1
is $? 65 "an unknown id is exit 65"
is "$(delete "/v1/submissions/$three" "Authorization: Bearer $guard" | status_of)" 200 "a moderator's token may withdraw"

if [ -e /dev/full ]; then
    token add 'Unseen' > /dev/full 2> "$work/why"
    is "$?/$(grep -c '^error: the token [A-Za-z0-9]* could not be shown and is revoked' "$work/why")" 74/1 \
        "a token that nobody saw is named and revoked"
    token revoke Unseen > /dev/null 2>&1
    is $? 65 "and holds no more"
fi

# ---- revocation holds within seconds, and nothing secret is in the log
token revoke 'Lab 3' > "$work/revoked"
is "$(wc -l < "$work/revoked")" 2 "revoke by name takes all its tokens"
waited=0
answer=200
while [ "$answer" != 401 ] && [ "$waited" -lt 50 ]; do
    answer=$(post "$work/5.json" "Authorization: Bearer $lab" | status_of)
    waited=$((waited + 1))
    [ "$answer" = 401 ] || sleep 0.2
done
is "$answer" 401 "a revoked token is 401 without a restart"
token revoke 'Lab 3' > /dev/null 2>&1
is $? 65 "there is nothing left to revoke"
stop
is "$code" 0 "it stops"
is "$(grep -c "$secret\|cc1_\|127\.0\.0\.1:[0-9]" "$work/log")" 0 "no secret, token or address of a client in the log"
is "$(grep -c 'all rights of the database login' "$work/log")" 0 "the private database serves by roles with few rights"
start --anonymous refuse
is "$(post "$work/6.json" | status_of)" 403 "the policy refuses anonymous submissions"
printf 'POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nabcde' > "$work/raw"
is "$("$client" "$at" raw "$work/raw" | head -n 1)" 403 "before the body is looked at"
is "$(post "$work/6.json" "Authorization: Bearer $other" | status_of)" 201 "and takes those with a token"
stop
echo "1..$number"
