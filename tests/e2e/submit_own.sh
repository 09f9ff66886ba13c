#!/bin/sh
# A result is corrected, and a name is put to one later: crosschip-submit against a real collector, also when it is away
# meanwhile, killed, or asked by somebody else. Needs BIN (programs); prints TAP.
set -u
. tests/e2e/beside.sh
samples=$root/tests/data/samples/llama.cpp-apple
id=
code=
in_own_folder own

collector() { verb=$1; shift; "$bin/crosschip-collector" "$verb" "$@" --data "$work/data"; }
# sent FILE OPTION…: sets id and code (the exit status); what was said goes to err
sent()
{
    submit send "$@" -s "$url" > out 2> err
    code=$?
    id=$(sed -n 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/p' out)
}
state_of() { submit status "$1" -s "$url" 2> /dev/null | cut -d' ' -f1; }

start 0
sent "$samples/m1-8c.json" --note 'the wrong machine'
old=$id
is "$(state_of "$old")" accepted "a result is there"

# ---- corrected
submit send --dry-run "$samples/m1-8c.json" --replaces "$old" > bundle 2> err
is "$(grep -o '"replaces":"sha256:[0-9a-f]*"' bundle)" "\"replaces\":\"$old\"" "the bytes name the one that they correct"
grep -q "replaces  *$old" err
ok $? "and the preview says so"
sent "$samples/m1-8c.json" --replaces "$old"
new=$id
is "$new" "sha256:$(sha256sum < bundle | cut -c1-64)" "what --dry-run showed is what was sent"
is "$(state_of "$old") $(state_of "$new")" "withdrawn accepted" "the correction counts, the older one does not"
submit status "$old" -s "$url" | grep -q ", replaced by $new"
ok $? "the older one tells what took its place"
submit status "$new" -s "$url" | grep -q ", in place of $old"
ok $? "and the newer one whose place it took"
is "$(submit status "$old" -s "$url" --json | grep -c "\"replaced_by\": \"$new\"")" 1 "as JSON too"
[ "$(submit queue list | grep "$old" | cut -d' ' -f1)" = withdrawn ]
ok $? "the receipt of the older one knows it"
sent "$samples/m1-8c.json" --replaces "$old"
again=$id
is "$again $code" "$new 0" "the same again is no error"
sent "$samples/m1-8c.json" --replaces "$old" --again
again=$id
is "$again $code" "$new 0" "sent once more neither"
collector moderate show "$old" > shown
is "$(grep -c 'withdrawn.*secret.*replaced' shown)" 1 "the older one was withdrawn once, by the secret"

# ---- refused
sent "$samples/m1-8c.json" --replaces "$old" --note again
[ "$code" = 65 ] && grep -q "replaced already, by $new" err
ok $? "the older one is replaced once, and it is said by what"
sent "$samples/m1-8c.json" --replaces nonsense
is "$code" 64 "what is no id is refused"
sent "$samples/m1-8c.json" --replaces sha256:0000000000000000000000000000000000000000000000000000000000000000
[ "$code" = 65 ] && grep -q 'no receipt' err
ok $? "one that nobody knows is refused before anything is kept"
is "$(submit queue list | grep -c '^queued')" 0 "nothing waits"
sent "$samples/m1-8c.json" "$samples/m2-8c.json" --replaces "$new"
is "$code" 64 "one result corrects one"
is "$(state_of "$new")" accepted "nothing has changed"
submit send "$samples/m1-8c.json" --replaces "$new" --output text.md 2> err
is $? 64 "a text for an issue cannot replace anything"

# ---- by somebody else
XDG_DATA_HOME=$work/stranger
sent "$samples/m2-8c.json" --replaces "$new"
[ "$code" != 0 ] && [ "$(state_of "$new")" = accepted ]
ok $? "another client replaces nothing"
printf '{"crosschip":"1.0","replaces":"%s",%s\n' "$new" "$(sed '1s/^{"crosschip":"1.1",//; s/"replaces":"[^"]*",//' bundle)" > forged
status=$(curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @forged "$url/v1/submissions")
is "$status $(grep -o '"path":"[a-z]*"' answer)" '403 "path":"replaces"' "without a secret it is 403"
status=$(curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' -H "X-Withdraw-Secret: $(printf '%064d' 7)" --data-binary @forged "$url/v1/submissions")
is "$status $(grep -o '"path":"[a-z]*"' answer)" '403 "path":"replaces"' "with another secret too"
status=$(curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' -H 'X-Withdraw-Secret: 7' --data-binary @forged "$url/v1/submissions")
is "$status" 400 "a malformed one is 400"
XDG_DATA_HOME=$work/home

# ---- the collector is away meanwhile
at=${url#http://127.0.0.1:}
stop
sent "$samples/m1-8c.json" --replaces "$new" --note 'third try'
newer=$id
[ "$code" = 75 ] && [ "$(submit queue list | grep -c '^queued')" = 1 ]
ok $? "a correction waits in the queue"
start "$at"
submit queue flush > out 2> err
is "$?" 0 "and flush sends it with its proof"
newer=$(sed -n 's/^accepted \(sha256:[0-9a-f]*\).*/\1/p' out)
is "$(state_of "$new") $(state_of "$newer")" "withdrawn accepted" "then it takes the place"
# Its answer was lost: the same bytes come again.
submit send bundle -s "$url" --again > out 2> err
is "$(state_of "$newer")" accepted "an older correction that comes again changes nothing"
stop
sent "$samples/m2-8c.json"
submit send "$samples/m2-8c.json" --replaces "$(submit queue list | sed -n 's/^queued  *\(sha256:[0-9a-f]*\).*/\1/p')" --note x > out 2> err
[ $? = 75 ] && grep -q 'waits in the queue' err
ok $? "what no collector has yet is not replaced"
start "$at"
submit queue flush > out 2> err
# Another key: the collector refuses, and the bundle waits for the right one.
second=$(sed -n 's/^accepted \(sha256:[0-9a-f]*\).*/\1/p' out)
submit send "$samples/m2-8c.json" --replaces "$second" --key other.key -s "$url" > out 2> err
[ $? = 77 ] && grep -q 'hint:.*--key' err
ok $? "with another key it is refused, and the hint names --key"
submit queue flush > out 2> err
is "$? $(state_of "$second")" "0 withdrawn" "the right key proves it later"
sed -n 's/^accepted \(sha256:[0-9a-f]*\).*/\1/p' out > second.id

# ---- withdraw of either
submit withdraw "$second" -s "$url" > out 2> err
is "$(cat out)" "withdrawn $second" "withdrawing what was replaced is no error"
submit withdraw "$newer" > out 2> err
is "$? $(cat out)" "0 withdrawn $newer" "a correction is withdrawn with the key that made it"
is "$(state_of "$newer") $(state_of "$new")" "withdrawn withdrawn" "and then none of them counts"
rm -rf "$work/home/crosschip/spool/sent"
third=$(cat second.id)
submit withdraw "$third" -s "$url" --key other.key > out 2> err
is "$? $(cat out)" "0 withdrawn $third" "also without its receipt, from what the collector shows"
sent "$samples/m1-8c.json" --replaces "$third" --key other.key
[ "$code" = 65 ]
ok $? "what was withdrawn is not replaced"

# ---- the secret as FORMAT.md makes it by hand, and bundles that were sent before it was made so
awk '/^## / { here = $0 == "## Withdrawing" } /^```/ { code = here && /^```sh/; next } code' "$root/schema/bundle/FORMAT.md" > page.sh
if command -v python3 > /dev/null; then
    sent "$samples/m1-max-24c.json"
    byhand=$id
    submit send --dry-run "$samples/m1-max-24c.json" > bundle 2> err
    cp "$work/home/crosschip/client.key" client.key
    is "sha256:$(sha256sum < bundle | cut -c1-64)" "$byhand" "the bytes that --dry-run showed"
    sh -eu page.sh > secret 2> err
    is "$(curl -s -o answer -w '%{http_code}' -X DELETE -H "X-Withdraw-Secret: $(cat secret)" "$url/v1/submissions/$byhand")" 200 "the secret that is made by hand withdraws it"
    python3 - bundle client.key > older <<'END'
import hashlib, hmac, json, sys
document = json.load(open(sys.argv[1]))
message = hashlib.sha256(document["original"]["text"].encode()).digest()
secret = hmac.digest(bytes.fromhex(open(sys.argv[2]).read()), message, "sha256")
document.update(crosschip="1.0", withdraw=hashlib.sha256(secret).hexdigest())
print(json.dumps(document))
END
    sent older
    is "$(state_of "$id")" accepted "a bundle of version 1.0 is taken"
    submit withdraw "$id" > out 2> err
    is "$(cat out)" "withdrawn $id" "and withdrawn with the secret as it was then"
    sed 's/^{"crosschip"/{ "crosschip"/' older > oldest
    sent oldest
    rm -rf "$work/home/crosschip/spool/sent"
    submit withdraw "$id" -s "$url" > out 2> err
    is "$(cat out)" "withdrawn $id" "also without its receipt"
    submit send "$samples/m1-max-24c.json" --note 'for an issue' --output letter.md > out 2> err
    sent letter.md
    submit withdraw "$id" > out 2> err
    is "$(cat out)" "withdrawn $id" "what was written for an issue first is withdrawn too"
else
    ok 0 "the secret by hand # SKIP no python3"
fi

# ---- claimed
sent "$samples/m1-max-24c.json" --note mine
mine=$id
submit claim "$mine" 2> err
[ $? = 77 ] && grep -q 'login' err
ok $? "without a token nothing is claimed"
collector token add 'Ada L.' > shown 2>> log.txt
sed -n 's/^  \(cc1_[A-Za-z0-9_-]*\)$/\1/p' shown > token
chmod 600 token
waited=0
submit claim "$mine" --token-file token > out 2> err
while [ "$(cat out)" != "claimed $mine for Ada L." ] && [ "$waited" -lt 50 ]; do
    sleep 0.2
    waited=$((waited + 1))
    submit claim "$mine" --token-file token > out 2> err
done
is "$(cat out)" "claimed $mine for Ada L." "the secret and a token put a name to it"
submit claim "$mine" --token-file token --json > out 2> err
is "$? $(grep -c '"contributor": "Ada L."' out)" "0 1" "the same again is no error"
collector moderate show "$mine" > shown
is "$(grep -c '^from  *Ada L.$' shown) $(grep -c 'claimed.*token:' shown)" "1 1" "it was claimed once, and is his"
! submit claim "$mine" --token-file token --key wrong.key > out 2> err && ! grep -q claimed out
ok $? "without the key that made it nothing is claimed"
status=$(curl -s -o answer -w '%{http_code}' -X POST -H "Authorization: Bearer $(cat token)" "$url/v1/submissions/$mine/claim")
is "$status" 401 "a token alone claims nothing"
status=$(curl -s -o answer -w '%{http_code}' -X POST -H "X-Withdraw-Secret: $(printf '%064d' 7)" -H "Authorization: Bearer $(cat token)" "$url/v1/submissions/$mine/claim")
is "$status" 403 "nor does another secret"
submit withdraw "$mine" > out 2> err
submit claim "$mine" --token-file token > out 2> err
[ $? = 65 ] && grep -q 'withdrawn or deleted' err
ok $? "what is gone cannot be claimed"

# ---- everything above stands in the log
collector verify > out 2>> log.txt
is $? 0 "verify finds nothing"
is "$(grep -c "$(cut -c1-20 token)" log.txt)" 0 "no token in the log"
echo "1..$number"
