#!/bin/sh
# backup while serving, restore into an empty folder: every row, the key, and serving from it.
# Needs BIN (programs) and pg_restore; prints TAP.
# shellcheck disable=SC2181
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
samples=$(pwd)/tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-backup.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
trap 'finish' EXIT
trap 'exit 130' INT TERM
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE
CROSSCHIP_CONFIG=$samples/crosschip.conf
XDG_DATA_HOME=$work/home
export CROSSCHIP_CONFIG XDG_DATA_HOME
cd "$work" || exit 1
cp "$samples/demo.key" key
chmod 600 key

finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    cd /
    rm -rf "$work"
}
ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; sed 's/^/# /' out err | head -n 20; fi
}
start()
{
    : > at.txt
    "$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$1" > at.txt 2>> log.txt &
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
collector() { "$bin/crosschip-collector" "$@"; }
# All rows of all tables as text, in an order of its own.
rows() { "$(pg_config --bindir)/pg_restore" --data-only --file=- "$1/database.dump" | grep -v '^--\|^[\\]\(un\)*restrict\|^SET\|^SELECT pg_catalog.set_config' | LC_ALL=C sort; }

start one
collector import -q --key key --data one "$samples" > out 2> err
"$bin/crosschip-submit" send -q --key key --spool spool --elsewhere --server "$url" "$samples/llama.cpp-apple/m1-7c.json" > sent 2> err
sleep 1.5 # the sealer's round: nothing changes between the two backups
collector backup --data one saved > out 2> err
[ $? = 0 ] && grep -q '^written saved: 80 submissions, log of epoch 1 with 80 entries' out
ok $? "a backup is made while the collector serves"
[ "$(stat -c %a saved saved/database.dump saved/signing.key saved/backup.json | tr '\n' ' ')" = "700 600 600 600 " ]
ok $? "nobody else may read it"
collector backup --data one saved > out 2> err
[ $? = 73 ] && grep -q 'there already' err
ok $? "an existing folder is left alone"
collector restore --data one saved > out 2> err
[ $? = 73 ] && grep -q 'not empty' err
ok $? "a database that holds something is left alone"
stop
collector restore --data two saved > out 2> err
[ $? = 0 ] && grep -q '^restored saved: 80 submissions, log of epoch 1 with 80 entries' out
ok $? "it restores into an empty folder"
collector backup --data two again > out 2> err
[ $? = 0 ] && rows saved > a && rows again > b && cmp -s a b && [ "$(wc -l < a)" -gt 500 ]
ok $? "every row of every table is the same"
cmp -s one/signing.key two/signing.key
ok $? "and the key of receipts"
start two
"$bin/crosschip-submit" send -q --key key --spool spool2 --elsewhere --server "$url" "$samples/llama.cpp-apple/m1-7c.json" > out 2> err
[ $? = 0 ] && cmp -s out sent
ok $? "a collector serves from it and knows what was sent before"
"$bin/crosschip-submit" send -q --key key --spool spool2 --elsewhere --again --note new --server "$url" "$samples/llama.cpp-apple/m1-7c.json" > out 2> err
[ $? = 0 ] && grep -q '^accepted ' out && ! cmp -s out sent
ok $? "and takes what is new"
stop

collector doctor --data two --all > out 2> err
[ $? = 0 ] && grep -q 'stored bytes *good *81 hashed, 0 damaged' out && ! grep -q ' bad ' out
ok $? "doctor finds nothing wrong"
folder=$(cat two/cluster 2> /dev/null || echo two)
echo 'wal_compression = off' >> "$folder/pgdata/postgresql.conf"
collector doctor --data two --json > out 2> err
[ $? = 0 ] && grep -A3 '"whole pages in the log"' out | grep -q '"warning"'
ok $? "doctor advises lz4 where the owner turned compression off"
collector backup --data two --signing-key nowhere saved3 > out 2> err
[ $? = 65 ] && grep -q '^error: nowhere: the key of receipts is not there' err && [ ! -e saved3 ]
ok $? "a key that is named and is not there is told, and no backup without it is made"
chmod 644 two/signing.key
collector doctor --data two --json > out 2> err
[ $? = 1 ] && grep -A3 '"key of receipts"' out | grep -q '"bad"'
ok $? "doctor finds a key that others may read"
chmod 600 two/signing.key

mkdir broken
cp saved/backup.json broken
head -c 20000 saved/database.dump > broken/database.dump
collector restore --data three broken > out 2> err
[ $? = 65 ] && grep -q '^error: broken/database.dump: this backup is damaged' err && grep -q '^hint:' err && ! collector status --data three | grep -q submissions
ok $? "a cut backup restores nothing"
collector restore --data three saved > out 2> err
[ $? = 0 ]
ok $? "and the same folder then takes a whole one"
collector restore --data four "$samples" > out 2> err
[ $? = 65 ] && grep -q 'no backup' err && [ ! -e four ]
ok $? "a folder that is no backup is refused before anything is made"
collector restore --data four nosuch > out 2> err
[ $? = 65 ] && grep -q '^error: nosuch: there is no such folder' err && [ ! -e four ]
ok $? "and one that is not there is named"

# ---- nothing stays of a backup that is not what it says
# unlike NAME: a copy of the backup, to be spoiled
unlike() { cp -R saved "$1"; }
unlike more
sed 's/"submissions": 80/"submissions": 99/' saved/backup.json > more/backup.json
collector restore --data four more > out 2> err
[ $? = 65 ] && grep -q '^detail: stated: 99 submissions, .* restored: 80,' err && grep -q '^hint:' err
ok $? "a backup of fewer submissions than it states is refused with both figures"
unlike swapped
cp key swapped/signing.key
collector restore --data four swapped > out 2> err
[ $? = 65 ] && grep -q 'signing.key: the signing key .* is not the one that this database knows' err
ok $? "so is one with somebody else's key"
unlike bare
rm bare/signing.key
collector restore --data four bare > out 2> err
[ $? = 0 ] && grep -q '^warning: this backup holds no signing key: serve will not start' err
ok $? "the folder was left empty each time; without a key it is said that nobody can serve from it"

# ---- the key of receipts is not the contributor's
CROSSCHIP_KEY=$work/key collector backup --data two mine > out 2> err
[ $? = 0 ] && cmp -s mine/signing.key saved/signing.key
ok $? "CROSSCHIP_KEY names the contributor's key and not the one that is saved"
CROSSCHIP_SIGNING_KEY=$work/key collector backup --data two wrong > out 2> err
[ $? = 65 ] && grep -q 'is not the one that this database knows' err && [ ! -e wrong ]
ok $? "a key that the database does not know is not backed up"
cp two/signing.key kept
echo zz > two/signing.key
collector backup --data two wrong > out 2> err
[ $? = 65 ] && grep -q 'signing.key: holds no key' err && [ ! -e wrong ]
ok $? "nor a file that holds none"
collector doctor --data two > out 2> err
[ $? = 1 ] && grep -q '^key of receipts *bad *holds no key' out
ok $? "doctor calls it bad"
cp key two/signing.key
collector doctor --data two > out 2> err
[ $? = 1 ] && grep -q '^key of receipts *bad *the signing key .* is not the one' out
ok $? "and a key of somebody else, too"
cp kept two/signing.key

# ---- a name that is empty is no folder
for verb in serve status "backup no" "import $samples"; do
    # shellcheck disable=SC2086
    collector $verb --data "" > out 2> err
    [ $? = 64 ] && grep -q '^error: the data folder has an empty name' err && [ ! -e home/crosschip/pgdata ]
    ok $? "${verb%% *} --data '' is refused and makes nothing"
done
echo "1..$number"
