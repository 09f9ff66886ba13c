#!/bin/sh
# Names that the catalogue does not know: shown as what they are, given a meaning, read with it by crosschip-analyze, and
# taken back, while nothing that is stored changes. Needs BIN (programs); prints TAP.
set -u
. tests/e2e/beside.sh
in_own_folder names

# bundle NUMBER CHIP [MODEL]
bundle()
{
    cat <<END
{"crosschip":"1.0","consent":{"licence":"CC0-1.0","text":"I may share these results."},
"format":{"name":"manual","reader":1},"tool":{"name":"llama-bench","version":"b$1"},"device":{"chip":"$2"},
"runs":[{"workload":{"model":"${3:-Llama 2 7B}","quantization":"Q4_0","backend":"Metal","task":"tg128","parameters":{"generated_tokens":128}},
"metrics":[{"name":"generation_throughput","unit":"tok/s","direction":"higher","mean":6$1.25}]}]}
END
}
# send NUMBER TOKEN CHIP [MODEL]
send()
{
    bundle "$1" "$3" "${4:-}" > "$1.json"
    status=
    waited=0
    while [ "$status" != 201 ] && [ "$waited" -lt 60 ]; do
        status=$(curl -s -o answer -w '%{http_code}' -H 'Content-Type: application/json' ${2:+-H "Authorization: Bearer $2"} \
            --data-binary "@$1.json" "$url/v1/submissions")
        waited=$((waited + 1))
        [ "$status" = 201 ] || sleep 0.2
    done
}
collector() { verb=$1; shift; "$bin/crosschip-collector" "$verb" "$@" --data "$work/data"; }
token() { collector token add "$1" --json 2>> log.txt | sed 's/.*"token":"\([^"]*\)".*/\1/'; }
# The chips that a table names, and the model.
chips_of() { "$bin/crosschip-analyze" table --json --data "$work/data" 2>> log.txt | grep -o "\"chip\": \"[^\"]*\"" | sort | uniq -c | sed 's/^ *//'; }
publish() { "$bin/crosschip-analyze" publish --data "$work/data" "$1" > out 2>> log.txt; }

"$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > at.txt 2>> log.txt &
pid=$!
waited=0
while ! grep -q listening at.txt && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
url=$(sed -n 's/^listening on //p' at.txt)
ada=$(token Ada)
bea=$(token Bea)

cyrillic=$(printf '\320\220pple M1 Max')
blank=$(printf 'Apple\302\240M1\302\240Ultra2')
send 1 '' 'Apple M1 Max'
send 2 "$ada" 'Desk M1 Max'
send 3 "$bea" 'Desk M1 Max'
for i in 4 5 6; do send $i '' 'Loud Chip'; done
send 7 "$ada" "$cyrillic"
send 8 "$ada" 'desk M1 Max'
send 9 "$ada" 'Desk  M1 Max'
send 10 "$ada" "$blank"
send 11 "$bea" 'Apple M1 Max' 'my-own-7b'

# ---- what is not known
collector chips unmatched --json > list 2>> log.txt
is "$(grep -o '"name": "[^"]*"' list | head -n 1)" '"name": "Desk M1 Max"' "the name of most contributors comes first"
is "$(grep '"name": "Loud Chip"' -A 3 list | tr -d ' \n')" '"name":"LoudChip","contributors":1,"submissions":3,"nearest":null,' "all anonymous senders are one contributor"
is "$(grep -c '"name"' list)" 6 "a name that looks alike, or differs in case or blanks, is a name of its own"
is "$(grep -A 4 "\"name\": \"$cyrillic\"" list | grep -o 'U+[0-9A-F]*')" U+0410 "and one with foreign letters says which they are"
is "$(grep -A 4 "\"name\": \"$blank\"" list | grep -o 'U+[0-9A-F]*')" U+00A0 "or blanks"
is "$(collector chips unmatched --limit 1 --json 2>> log.txt | grep -c '"name"')" 1 "as many as are asked for"
is "$(collector models unmatched --json 2>> log.txt | grep -o '"name": "[^"]*"')" '"name": "my-own-7b"' "models too"
"$bin/crosschip-collector" export --data "$work/data" 2>> log.txt | sort > stored
publish before
ok $? "published"
chips_of > chips.before

# ---- given a meaning
collector chips alias 'Desk M1 Max' 'M1 Max' 2> err
is "$?" 64 "no decision without a reason"
collector chips alias 'Desk M1 Max' 'Apple M17' --reason x > out 2> err
[ $? = 65 ] && grep -q 'knows no chip' err
ok $? "only what the catalogue knows can be meant"
collector chips alias 'Apple M1 Max' 'Apple M1' --reason x > out 2> err
[ $? = 65 ] && grep -q 'Apple M1 Max' err
ok $? "and no name that it knows gets another meaning"
collector chips alias 'Desk M1 Max' 'Apple M1 Max' --variant nonsense --reason x > out 2> err
[ $? = 65 ] && grep -q 'no variant' err
ok $? "nor a variant that there is not"
is "$(collector chips alias 'Desk M1 Max' 'apple m1 max' --reason 'asked them' --by Eve 2>> log.txt)" "Desk M1 Max means Apple M1 Max" "a moderator decides"
collector models alias my-own-7b 'Llama 2 7B' --reason 'the same weights' > out 2>> log.txt
chips_of > chips.after
is "$(sed -n 's/^\([0-9]*\) "chip": "Desk M1 Max"/\1/p' chips.before) $(sed -n 's/^\([0-9]*\) "chip": "Desk M1 Max"/\1/p' chips.after)" "1 " "crosschip-analyze reads the name with its meaning"
is "$(grep -vc '"Apple M1 Max"' chips.after)" 5 "and no other"
publish after
grep -q 'Desk M1 Max' before/RESULTS.md && ! grep -q '\(^\|[^a-z]\)Desk M1 Max' after/RESULTS.md
ok $? "so does a publication"
grep -q 'my-own-7b' before/RESULTS.md && ! grep -q 'my-own-7b' after/RESULTS.md
ok $? "of models too"
is "$("$bin/crosschip-collector" export --data "$work/data" 2>> log.txt | sort | cksum)" "$(cksum < stored)" "what is stored is what it was"
collector verify > out 2>> log.txt
ok $? "verify finds nothing"

# ---- taken back
collector chips unalias 'desk M1 Max' --reason x > out 2> err
is "$?" 65 "what was not decided is not taken back"
is "$(collector chips unalias 'Desk M1 Max' --reason 'a mistake' 2>> log.txt)" "Desk M1 Max means nothing any more" "a decision is taken back"
collector models unalias my-own-7b --reason 'a mistake' > out 2>> log.txt
chips_of > chips.again
cmp -s chips.before chips.again
ok $? "and every name is read as before"
publish again
diff -r before again > out
ok $? "a publication has the same bytes again"
collector chips aliases --json > out 2>> log.txt
is "$(grep -o '"\(actor\|reason\|holds\)": "[^"]*"' out | tr '\n' ' ')" '"holds": "no" "actor": "moderator:Eve" "reason": "asked them" "holds": "taken back" "actor": "moderator:'"$(id -un)"'" "reason": "a mistake" ' "who decided what and why is kept"
collector chips other > out 2> err
is "$?" 64 "another action is not known"
echo "1..$number"
