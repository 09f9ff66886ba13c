#!/bin/sh
# Runs the blocks of schema/bundle/FORMAT.md, "Verifying a publication and a receipt", as they stand there: they find
# everything good, and each lie that is put in. Needs BIN (programs), curl, openssl and python3; prints TAP.
set -u
. tests/e2e/beside.sh
samples=$root/tests/data/samples
in_own_folder by-hand

ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; sed 's/^/# /' said; fi
}
for program in curl openssl python3; do
    if ! command -v $program > /dev/null; then
        echo "ok 1 - by hand # SKIP no $program"
        echo "1..1"
        exit 0
    fi
done
# The lines between ```sh and ``` of that section.
awk '/^## / { here = $0 == "## Verifying a publication and a receipt" } /^```/ { code = here && /^```sh/; next } code' \
    "$root/schema/bundle/FORMAT.md" > page.sh
: > said
[ "$(wc -l < page.sh)" -gt 60 ]
ok $? "the page is found"
# follow: the blocks as they stand; stops at the first that fails
follow()
{
    rm -rf hand
    mkdir hand
    (cd hand && url=$url folder=$folder receipt=$receipt sh -eu ../page.sh) > said 2>&1
}
# finds NAME WORDS: something is wrong, and it is this
finds()
{
    ! follow && grep -q "$2" said
    ok $? "$1"
}

"$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > at.txt 2>> log.txt &
pid=$!
waited=0
while ! grep -q listening at.txt && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
url=$(sed -n 's/^listening on //p' at.txt)
"$bin/crosschip-submit" send --elsewhere -s "$url" "$samples"/llama.cpp-apple/m1*.json > sent.txt 2> err
first=$(sed -n '1s/.*\(sha256:[0-9a-f]*\).*/\1/p' sent.txt)
second=$(sed -n '2s/.*\(sha256:[0-9a-f]*\).*/\1/p' sent.txt)
"$bin/crosschip-submit" withdraw "$second" > out 2> err
"$bin/crosschip-collector" moderate reject "$(sed -n '3s/.*\(sha256:[0-9a-f]*\).*/\1/p' sent.txt)" --reason test --data data > out 2> err
sleep 2.5 # the sealer's rounds: what is published stands in the log
"$bin/crosschip-analyze" publish --snapshot test --data data published > out 2>> log.txt
receipt=$work/home/crosschip/spool/sent/$first.receipt
folder=$work/published
follow && grep -q '^good: ' said && [ "$(grep -c 'Signature Verified Successfully' said)" = 2 ]
ok $? "a stranger finds everything good"
# The log has gone on since.
"$bin/crosschip-submit" send --elsewhere -s "$url" "$samples/llama.cpp-apple/m2-8c.json" > out 2> err
sleep 2.5
follow
ok $? "also when the log has gone on"

# lie FILE SED: a copy of the publication with a change, its hashes made to fit
lie()
{
    rm -rf lie
    cp -r published lie
    sed "$2" "published/$1" > "lie/$1"
    old=$(sha256sum < "published/$1" | cut -c1-64)
    new=$(sha256sum < "lie/$1" | cut -c1-64)
    [ "$1" = snapshot.json ] || sed "s/$old/$new/" published/snapshot.json > lie/snapshot.json
    folder=$work/lie
}
rm -rf lie
cp -r published lie
echo more >> lie/RESULTS.md
folder=$work/lie
finds "a file that was changed" 'RESULTS.md: FAILED'
lie snapshot.json 's/"root": "./"root": "0/; s/"root": "0\([0-9a-f]\{63\}\)"/"root": "\1f"/'
finds "another log" 'names another log'
lie data/submissions.json "s/$second/sha256:$(printf '%064d' 1)/"
finds "a submission that there is not, and one that is left out" 'other submissions or states'
lie data/submissions.json '0,/"state": "rejected"/s//"state": "accepted"/'
finds "another state" 'other submissions or states'
lie data/measurements.json 's/"mean": \([0-9]\)/"mean": 1\1/'
finds "another figure" AssertionError
folder=$work/published
sed 's/"received_at":"20/"received_at":"21/' "$work/home/crosschip/spool/sent/$first.receipt" > forged.json
receipt=$work/forged.json
finds "a receipt of another time" 'Verification Failure'
sed "s/$first/sha256:$(printf '%064d' 1)/" "$work/home/crosschip/spool/sent/$first.receipt" > forged.json
finds "a receipt of another submission" 'Verification Failure'
echo "1..$number"
