#!/bin/sh
# What crosschip-submit tells of submissions that others have dealt with since, and what it does with changed options:
# a real collector. Needs BIN (programs); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
samples=$(pwd)/tests/data/samples/llama.cpp-apple
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-told.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
XDG_DATA_HOME=$work/home
XDG_CONFIG_HOME=$work/config
export XDG_DATA_HOME XDG_CONFIG_HOME
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE CROSSCHIP_TOKEN CROSSCHIP_SERVER_KEY
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
submit() { "$bin/crosschip-submit" "$@" < /dev/null; }
collector() { verb=$1; shift; "$bin/crosschip-collector" "$verb" "$@" --data "$work/data" 2>> log.txt; }
# sent FILE OPTION…: sets id and code (the exit status); what was said goes to out and err
sent()
{
    submit send "$@" -s "$url" > out 2> err
    code=$?
    id=$(sed -n 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/p' out)
}
start()
{
    : > at.txt
    "$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > at.txt 2>> log.txt &
    pid=$!
    waited=0
    while ! grep -q listening at.txt && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    url=$(sed -n 's/^listening on //p' at.txt)
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

# ---- nobody answers
kill -TERM "$pid"
wait "$pid"
pid=
submit status "$first" > out 2> err
is "$? $(grep -c 'by the receipt of' out) $(grep -c '^warning: .*cannot be asked' err) $(grep -c '^warning: this only repeats the receipt' err)" \
    "0 1 1 1" "a receipt that is only repeated is called so"
is "$(submit status "$first" --json 2> err | grep -c '"asked": false')" 1 "in JSON too"
echo "1..$number"
