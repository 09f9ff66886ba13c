#!/bin/sh
# make bench-submit, the sending: one file, and a thousand, beside what the network and the disk cost alone and beside
# what somebody would write instead. All in one run, interleaved, against one real collector; medians.
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. Needs BIN (programs), TESTBIN (race, disk,
# loop), curl and python3 with requests. ROUNDS (40) of one file, BULK_ROUNDS (3) of FILES (1000).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-40}
bulk=${BULK_ROUNDS:-3}
files=${FILES:-1000}
bin=$(cd "$BIN" && pwd) || exit 1
tools=$(cd "$TESTBIN/bench/submit" && pwd) || exit 1
sample=$(pwd)/tests/data/samples/llama.cpp-apple/m1-max-24c.json
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-submit.XXXXXX") || exit 1
chmod 755 "$work"
pid=
trap 'finish' EXIT
trap 'exit 130' INT TERM
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE CROSSCHIP_TOKEN CROSSCHIP_SERVER_KEY
XDG_CONFIG_HOME=$work/config
XDG_DATA_HOME=$work/home
export XDG_CONFIG_HOME XDG_DATA_HOME
cd "$work" || exit 1
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    cd /
    rm -rf "$work"
}
fail()
{
    echo "bench-submit: $1" >&2
    exit 1
}
# figure NAME VALUE UNIT BASELINE GOAL least|most: the ratio is baseline over value for "least", else value over it.
figure()
{
    awk -v name="$1" -v value="$2" -v unit="$3" -v baseline="$4" -v goal="$5" -v way="$6" 'BEGIN {
        ratio = way == "least" ? baseline / value : value / baseline
        good = way == "least" ? ratio >= goal : ratio <= goal
        printf "%s %.4g %s baseline=%.4g ratio=%.3f goal=%s%s %s\n", name, value, unit, baseline, ratio,
            way == "least" ? ">=" : "<=", goal, good ? "ok" : "short" }'
}

"$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > at.txt 2> log.txt &
pid=$!
waited=0
while ! grep -q listening at.txt && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
url=$(sed -n 's/^listening on //p' at.txt)
[ -n "$url" ] || fail "the collector does not start"
for python in python3 /usr/bin/python3; do
    "$python" -c 'import requests' 2> /dev/null && break
    python=
done
cat > post.py << 'POST'
import requests, sys
with open(sys.argv[2], "rb") as file:
    answer = requests.post(sys.argv[1], data=file, headers={"Content-Type": "application/json"})
sys.exit(0 if answer.status_code == 201 else 1)
POST

# make FOLDER COUNT SALT: outputs that differ in the last digits, and make_bundles the bundles of others.
make()
{
    mkdir -p "$1"
    awk -v folder="$1" -v count="$2" -v salt="$3" '{ text = text $0 "\n" } END {
        for (i = 0; i < count; i++) {
            changed = text
            gsub(/"avg_ts": *[0-9.]*/, "&000" salt i "1", changed)
            printf "%s", changed > (folder "/" i ".json")
            close(folder "/" i ".json")
        } }' "$sample"
}
make_bundles()
{
    make "$1.raw" "$2" "$3"
    mkdir -p "$1"
    # Each bundle as --output writes it; one call a file, before the clock runs.
    i=0
    while [ "$i" -lt "$2" ]; do
        "$bin/crosschip-submit" -q send --output "$1/$i" "$1.raw/$i.json" > /dev/null < /dev/null || fail "no bundle"
        i=$((i + 1))
    done
}
make one "$rounds" 1
make_bundles curl "$rounds" 2
make_bundles requests "$rounds" 3
: > timed.txt
"$bin/crosschip-submit" -q send "$sample" -s "$url" > /dev/null < /dev/null || fail "the collector takes nothing"
if [ -n "$python" ]; then
    "$tools/race" "$rounds" "$bin/crosschip-submit" -q send "one/{}.json" -s "$url" \
        /// curl -sSf -o /dev/null -H "Content-Type: application/json" --data-binary "@curl/{}" "$url/v1/submissions" \
        /// "$tools/disk" disk "curl/{}" \
        /// "$python" post.py "$url/v1/submissions" "requests/{}" > timed.txt || fail "a program fails"
else
    "$tools/race" "$rounds" "$bin/crosschip-submit" -q send "one/{}.json" -s "$url" \
        /// curl -sSf -o /dev/null -H "Content-Type: application/json" --data-binary "@curl/{}" "$url/v1/submissions" \
        /// "$tools/disk" disk "curl/{}" > timed.txt || fail "a program fails"
fi
ours=$(sed -n 1p timed.txt)
curl=$(sed -n 2p timed.txt)
disk=$(sed -n 3p timed.txt)
echo "# one file: curl $curl ms, the disk alone $disk ms; median of $rounds"
figure send_one_file "$ours" ms "$(awk "BEGIN { print $curl + $disk }")" 1.3 most
if [ -n "$python" ]; then
    figure send_one_file_requests "$ours" ms "$(sed -n 4p timed.txt)" 8 least
else
    echo "# python3 has no requests: that comparison is left out (make deps-bench)"
fi

round=0
: > many.ours
: > many.loop
while [ "$round" -lt "$bulk" ]; do
    make "many$round" "$files" "4$round"
    make_bundles "loop$round" "$files" "5$round"
    "$tools/race" 1 "$bin/crosschip-submit" -q send "many$round" -s "$url" --spool "spool$round" \
        /// "$tools/loop" "$url/v1/submissions" "disk$round" "loop$round/" "$files" > timed.txt || fail "a program fails"
    sed -n 1p timed.txt >> many.ours
    sed -n 2p timed.txt >> many.loop
    [ "$(find "spool$round/sent" -name '*.receipt' | wc -l)" = "$files" ] || fail "not all $files were sent"
    round=$((round + 1))
done
middle() { sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
figure "send_${files}_files" "$(awk "BEGIN { print $(middle many.ours) / 1000 }")" s "$(awk "BEGIN { print $(middle many.loop) / 1000 }")" 1.3 most
