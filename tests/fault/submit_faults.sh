#!/bin/sh
# crosschip-submit under strace: killed at the Nth call of every kind that one submission makes, and calls that fail
# once or from then on. After each: the bundle is in one place at most, exactly one once it was promised; after healing
# it is sent, and at the end the database has each exactly once. Needs BIN (programs) and strace; prints TAP.
#
# SWEEP=all takes every call from the start of the program, further errors and further kinds of calls (minutes);
# without it the calls before the spool is opened are left out where they are many.
set -u
BIN=${BIN:-build/release/bin}
SWEEP=${SWEEP:-short}
bin=$(cd "$BIN" && pwd) || exit 1
sample=$(pwd)/tests/data/samples/llama.cpp-apple/m1-max-24c.json
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-fault.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
runs=0
kills=0
errors=0
bad=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE CROSSCHIP_TOKEN CROSSCHIP_SERVER_KEY
XDG_CONFIG_HOME=$work/config
export XDG_CONFIG_HOME
cd "$work" || exit 1

finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    cd /
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
if ! strace -o /dev/null true 2>/dev/null; then
    echo "ok 1 - faults # SKIP strace is missing or may not trace here"
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
[ -n "$url" ]
ok $? "the collector is ready"

# complain WHAT: of the run that `label` names.
complain()
{
    echo "# $label: $1"
    bad=$((bad + 1))
}
places()
{
    find home/crosschip/spool/queue home/crosschip/spool/dead -name 'sha256:*' ! -name '*.reason' 2>/dev/null
    find home/crosschip/spool/sent -name 'sha256:*.receipt' 2>/dev/null
}
# one INJECTION: a new client and a new file under this fault, then healing. Sets `status` to what the program ended
# with.
one()
{
    label=$1
    runs=$((runs + 1))
    rm -rf home
    sed "s/\"avg_ts\": *\([0-9.]*\)/\"avg_ts\": \1000$runs/" "$sample" > file.json
    XDG_DATA_HOME=$work/home
    export XDG_DATA_HOME
    strace -f -qq -o trace -e "trace=${1%%:*}" -e "inject=$1" \
        "$bin/crosschip-submit" -q send file.json -s "$url" > out 2> err < /dev/null
    status=$?
    [ "$status" != 137 ] || kills=$((kills + 1))
    ! grep -q INJECTED trace || errors=$((errors + 1))
    case $status in
    0 | 6[4-9] | 7[0-9] | 137) ;;
    127) grep -q 'shared librar\|shared object' err || complain "ends with 127" ;;
    *) complain "ends with $status" ;;
    esac
    promised=$(cut -d' ' -f2 out)
    # Any verb that opens the spool settles a move that was cut in two.
    "$bin/crosschip-submit" -q queue list > list 2> err2 || complain "the list fails: $(head -1 err2)"
    count=$(places | wc -l)
    [ "$count" -le 1 ] || complain "in $count places: $(places | tr '\n' ' ')"
    [ -z "$promised" ] || [ "$count" = 1 ] || complain "promised, and in no place"
    "$bin/crosschip-submit" -q queue flush -s "$url" > out2 2> err2 || complain "the flush fails: $(head -1 err2)"
    "$bin/crosschip-submit" -q send file.json -s "$url" > out3 2> err3 < /dev/null || complain "it cannot be sent again: $(head -1 err3)"
    id=$(sed -n 's/^accepted \(sha256:[0-9a-f]*\).*/\1/p' out3)
    [ -n "$id" ] || complain "it is not accepted: $(cat out3)"
    [ -z "$promised" ] || [ "$promised" = "$id" ] || complain "another id"
    [ "$(places)" = "home/crosschip/spool/sent/$id.receipt" ] || complain "not settled: $(places | tr '\n' ' ')"
    echo "$id" >> ids
}
# kill_at CALL FIRST: killed at each of these calls until the program comes through.
kill_at()
{
    at=$2
    before=$bad
    while [ "$at" -lt 2000 ]; do
        one "$1:signal=SIGKILL:when=$at"
        [ "$status" = 137 ] || break
        at=$((at + 1))
    done
    ok "$((bad - before))" "killed at each $1 from $2 to $((at - 1))"
}
# fail_at ERROR CALL FIRST LAST
fail_at()
{
    at=$3
    before=$bad
    while [ "$at" -le "$4" ]; do
        one "$2:error=$1:when=$at"
        # Interrupted for ever is no fault that a machine has, and is waited for until the time limit.
        [ "$1" = EINTR ] || one "$2:error=$1:when=$at+"
        at=$((at + 1))
    done
    ok "$((bad - before))" "$1 at each $2 from $3 to $4"
}
# How many calls of a kind one submission makes, and at which the spool is opened.
count_calls()
{
    rm -rf home
    sed "s/\"avg_ts\": *\([0-9.]*\)/\"avg_ts\": \10009$runs/" "$sample" > file.json
    runs=$((runs + 1))
    XDG_DATA_HOME=$work/home
    export XDG_DATA_HOME
    strace -f -qq -o trace -e "trace=$1" "$bin/crosschip-submit" -q send file.json -s "$url" > out 2> err < /dev/null
    cut -d' ' -f2 out >> ids
    calls=$(grep -c "$1(" trace)
    opens=$(grep "$1(" trace | grep -n 'crosschip/spool"' | head -1 | cut -d: -f1)
}

count_calls openat
first=${opens:-1}
if [ "$SWEEP" = all ]; then
    for call in write fsync fdatasync rename renameat renameat2 unlink unlinkat link mkdir mkdirat flock socket connect \
        sendto sendmsg recvfrom recvmsg poll close read getdents64 openat; do
        kill_at "$call" 1
    done
    for call in write fsync renameat unlinkat link mkdirat openat; do
        count_calls "$call"
        for error in ENOSPC EIO EROFS EDQUOT; do
            fail_at "$error" "$call" 1 "$calls"
        done
    done
    for call in socket connect sendto recvfrom; do
        count_calls "$call"
        fail_at EIO "$call" 1 "$calls"
        fail_at EINTR "$call" 1 "$calls"
    done
    count_calls openat
    fail_at EMFILE openat 1 "$calls"
else
    for call in write fsync fdatasync rename renameat unlink unlinkat link sendto recvfrom; do
        kill_at "$call" 1
    done
    kill_at openat "$first"
    for call in write fsync renameat unlinkat; do
        count_calls "$call"
        fail_at ENOSPC "$call" 1 "$calls"
        fail_at EIO "$call" 1 "$calls"
    done
fi
echo "# $runs submissions ($SWEEP): $kills killed, $errors with failing calls"
[ "$kills" -ge 25 ] && [ "$errors" -ge 60 ]
ok $? "the faults did happen"

sort -u ids > wanted
[ "$(wc -l < ids)" = "$(wc -l < wanted)" ] && [ "$(wc -l < wanted)" = "$runs" ]
ok $? "each of them has an id of its own"
"$bin/crosschip-collector" status --data "$work/data" --json > counted 2> err
stored=$(sed -n 's/.*"submissions": *\([0-9]*\).*/\1/p' counted | head -1)
[ "$stored" = "$runs" ]
ok $? "the database holds as many as were sent, no more"
failed=0
while read -r id; do
    [ "sha256:$(curl -sf "$url/v1/submissions/$id/bundle" | sha256sum | cut -d' ' -f1)" = "$id" ] || failed=$((failed + 1))
done < wanted
ok "$failed" "and each byte for byte"
echo "1..$number"
