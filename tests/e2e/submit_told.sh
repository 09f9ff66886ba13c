#!/bin/sh
# What crosschip-submit tells of submissions that others have dealt with since, and what it does with changed options:
# a real collector. Needs BIN (programs); prints TAP.
set -u
. tests/e2e/beside.sh
samples=$(pwd)/tests/data/samples/llama.cpp-apple
in_own_folder told

collector() { verb=$1; shift; "$bin/crosschip-collector" "$verb" "$@" --data "$work/data" 2>> log.txt; }
# sent FILE OPTION…: sets id and code (the exit status); what was said goes to out and err
sent()
{
    submit send "$@" -s "$url" > out 2> err
    code=$?
    id=$(sed -n 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/p' out)
}
start

# ---- status
sent "$samples/m1-8c.json"
first=$id
submit status "$first" > out 2> err
is "$? $(cut -d' ' -f1 out) $(grep -c "says $url" out)" "0 accepted 1" "status asks the collector of the receipt"
collector moderate reject "$first" --reason 'invented' > /dev/null
is "$(submit status "$first" 2> err | cut -d' ' -f1)" rejected "and knows what a moderator decided since"
is "$(submit status "$first" --json 2> err | grep -c '"asked": true')" 1 "which JSON tells too"
collector moderate delete "$first" --reason 'invented' > /dev/null
is "$(submit status "$first" 2> err | cut -d' ' -f1)" deleted "also of what was deleted"

# ---- a file that was sent before, with other options
sent "$samples/m2-8c.json" --set n_batch=7
second=$id
sent "$samples/m2-8c.json" --set n_batch=7
is "$code $(cat out) $(grep -c '^warning' err)" "0 accepted $second (sent before) 0" "the same options again are the same bundle"
sent "$samples/m2-8c.json"
is "$code $(cat out) $(grep -c '^warning' err)" "0 accepted $second (sent before) 0" "and so is the file alone"
for option in '--set n_batch=8' '--note hello' '--cooling water' '--elsewhere --note hello'; do
    # shellcheck disable=SC2086
    sent "$samples/m2-8c.json" $option
    is "$code $(cat out) $(grep -c '^warning: .*nothing is sent' err) $(grep -c "^hint: .*--replaces $second.*--again" err)" \
        "0 accepted $second (sent before) 1 1" "$option does not go in silence"
done
sent "$samples/m2-8c.json" --note hello --again
[ "$code" = 0 ] && [ "$id" != "$second" ]
ok $? "--again sends it"
sent "$samples/m2-8c.json" --note third --replaces "$id"
third=$id
[ "$code" = 0 ] && [ "$(submit status "$third" | cut -d' ' -f1)" = accepted ]
ok $? "--replaces corrects it"
sent "$samples/m3-10c.json"
submit withdraw "$id" > out 2> err
gone=$id
sent "$samples/m3-10c.json" --note 'once more'
[ "$code" = 0 ] && [ "$id" != "$gone" ] && grep -q '^[a-z]* sha256:[0-9a-f]*$' out
ok $? "beside one that was withdrawn it is sent"

# ---- the list
touch -d '2026-01-02 03:04:05' "home/crosschip/spool/sent/$third.receipt"
submit send "$samples/m4-10c.json" > out 2> err
submit queue list > list
is "$(head -1 list | grep -c "$third")" 1 "the oldest stands first"
is "$(awk '{ print index($0, "sha256:") }' list | sort -u)" 14 "and the ids stand below each other, whatever became of them"
is "$(awk '{ print $3 }' list | sort -c 2>&1)" "" "in the order of time"

# ---- nobody answers
kill -TERM "$pid"
wait "$pid"
pid=
submit status "$first" > out 2> err
is "$? $(grep -c 'by the receipt of' out) $(grep -c '^warning: .*cannot be asked' err) $(grep -c '^warning: this only repeats the receipt' err)" \
    "0 1 1 1" "a receipt that is only repeated is called so"
is "$(submit status "$first" --json 2> err | grep -c '"asked": false')" 1 "in JSON too"
echo "1..$number"
