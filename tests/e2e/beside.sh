#!/bin/sh
# A folder, a home and a collector of its own for a script of this folder, and its lines of TAP. Sourced where the project
# stands; needs BIN (programs).
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
root=$(pwd)
pid=
number=0

# in_own_folder NAME: goes there; the folder and what still runs go with the script
in_own_folder()
{
    work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-$1.XXXXXX") || exit 1
    chmod 755 "$work"
    trap 'finish' EXIT
    trap 'exit 130' INT TERM
    XDG_DATA_HOME=$work/home
    XDG_CONFIG_HOME=$work/config
    export XDG_DATA_HOME XDG_CONFIG_HOME
    unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE CROSSCHIP_TOKEN CROSSCHIP_SERVER_KEY
    cd "$work" || exit 1
}
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
# start [PORT [FOLDER]]: a collector in the background, whose address is $url then
start()
{
    : > at.txt
    "$bin/crosschip-collector" serve --listen "127.0.0.1:${1:-0}" --data "$work/${2:-data}" > at.txt 2>> log.txt &
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
