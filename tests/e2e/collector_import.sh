#!/bin/sh
# import and export: folders, raw output, mails and dumps; the same ids as send --elsewhere; killed in between.
# Needs BIN (programs); prints TAP.
# shellcheck disable=SC2181,SC2002,SC2129
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
samples=$(pwd)/tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-import.XXXXXX") || exit 1
chmod 755 "$work"
number=0
trap 'cd /; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE
CROSSCHIP_CONFIG=$samples/crosschip.conf
XDG_DATA_HOME=$work/home
export CROSSCHIP_CONFIG XDG_DATA_HOME
cd "$work" || exit 1
cp "$samples/demo.key" key
chmod 600 key

ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; sed 's/^/# /' out err | head -n 20; fi
}
import() { "$bin/crosschip-collector" import --key key --data "$@"; }
export_() { "$bin/crosschip-collector" export -q --data "$@"; }
ids() { sed -n 's/^{"id":"\(sha256:[0-9a-f]*\)".*/\1/p' "$1" | LC_ALL=C sort; }
without_times() { sed 's/"received_at":"[^"]*",//' "$1"; }

import one "$samples" > out 2> err
[ $? = 0 ] && grep -q '^80 new, 0 already there, 0 refused, 3 skipped' out
ok $? "a folder with all below it is imported; what is no result is skipped"
import one "$samples" > out 2> err
[ $? = 0 ] && grep -q '^0 new, 80 already there, 0 refused' out
ok $? "the second time all is there already"

find "$samples" -name '*.json' ! -name 'page*' | while read -r file; do
    "$bin/crosschip-submit" send -q --dry-run --elsewhere --key key "$file" | sha256sum | sed 's/^\([0-9a-f]*\).*/sha256:\1/'
done | LC_ALL=C sort > sent
export_ one --output dump > out 2> err
[ $? = 0 ] && ids dump > stored && [ "$(LC_ALL=C comm -23 sent stored | wc -l)" = 0 ] && [ "$(wc -l < sent)" -gt 60 ]
ok $? "raw output gets the ids that send --elsewhere gives it"

import two dump > out 2> err
[ $? = 0 ] && grep -q '^80 new' out && export_ two > dump2 2> err && without_times dump > a && without_times dump2 | cmp -s a -
ok $? "a dump imported into an empty database gives the same ids and bytes"
cat dump | import two - > out 2> err
[ $? = 0 ] && grep -q '^0 new, 80 already' out
ok $? "- reads standard input"

# A dump whose bytes were changed on the way, a line that is none, a state that is not accepted.
head -n 3 dump > bad
sed -n 4p dump | sed 's/measured these/measured those/' >> bad
echo '{"id":"sha256:12' >> bad
sed -n 5p dump | sed 's/"state":"accepted"/"state":"rejected"/' >> bad
import three bad --json > out 2> err
[ $? = 65 ] && grep -q '"new": 4' out && grep -q '"error": "hash_mismatch"' out && grep -q 'bad:4: refused' err &&
    grep -q 'bad:5: refused' err && "$bin/crosschip-collector" status --data three | grep -q '^ *quarantined *[12] '
ok $? "changed bytes and broken lines are refused with file and line, the rest is stored, what was rejected is held"
# What import makes of a dump is documented: received now, tombstones left out. A backup keeps both.
moderate() { "$bin/crosschip-collector" moderate --data two --reason why "$@" > /dev/null; }
gone=$(ids dump | sed -n 1p) taken=$(ids dump | sed -n 2p) refused=$(ids dump | sed -n 3p)
moderate delete "$gone" && moderate withdraw "$taken" && moderate reject "$refused" && export_ two > states 2> err
grep "$gone" states | grep -q '"state":"deleted".*"origin":"import"}$' && grep "$taken" states | grep -q '"state":"withdrawn".*"origin":"import"}$'
ok $? "of what was deleted or withdrawn a dump holds id, state and times"
import four states > out 2> err
[ $? = 0 ] && grep -q '^78 new, 0 already there, 0 refused, 2 skipped' out && export_ four > states4 &&
    ! grep -q "$gone\|$taken" states4 && grep "$refused" states4 | grep -q '"state":"quarantined"'
ok $? "import leaves tombstones out and holds what was rejected"
received() { sed -n 's/.*"received_at":"\([^"]*\)".*/\1/p' "$1" | LC_ALL=C sort; }
{ received states | tail -n 1; received states4 | head -n 1; } | LC_ALL=C sort -c
ok $? "and everything counts as received now"
"$bin/crosschip-collector" backup --data two saved > out 2> err
"$bin/crosschip-collector" restore --data restored saved > out 2> err && export_ restored > states5 && cmp -s states states5
ok $? "a backup that is restored gives the same dump, times and tombstones and all"
rm -rf four restored
import three none.json > out 2> err
[ $? = 65 ] && grep -q '^error: none.json: there is no such file' err && grep -q '^hint:' err
ok $? "a missing file is refused"
import mistyped none.json > out 2> err
[ $? = 65 ] && [ ! -e mistyped ]
ok $? "before a database is made for it"
"$bin/crosschip-collector" migrate --data mistyped > out 2> err
[ $? = 69 ] && grep -q 'there is no database here yet' err && [ ! -e mistyped ]
ok $? "migrate makes none"
echo 'anonymous = refuse' > serve.conf
: > nothing.json
CROSSCHIP_CONFIG=serve.conf import three nothing.json > out 2> err
grep -q '^0 new' out
ok $? "a setting that is right for serve does not stop import"
echo 'anonymous = whoever' > serve.conf
CROSSCHIP_CONFIG=serve.conf import three nothing.json > out 2> err
[ $? = 64 ] && grep -q '^error: serve.conf:1: --anonymous does not know whoever' err
ok $? "a word that nobody knows is told with file and line"
mkdir -p odd && printf 'hello\n' > odd/note.txt && : > odd/empty.json && printf '\211PNG\r\n\032\n\000\000' > odd/picture.png
import three odd > out 2> err
grep -q '^0 new, 0 already there, 1 refused, 2 skipped' out
ok $? "in a folder prose and pictures are skipped, an empty file is refused"
import three odd/note.txt > out 2> err
[ $? = 65 ]
ok $? "a file that is named must be a result"

if [ -e /dev/full ]; then
    export_ three > /dev/full 2> err
    [ $? = 74 ] && grep -q '^error: standard output: ' err
    ok $? "a full disk under export is told with its place"
fi

# Compressed results, by themselves and in a mail.
gzip -c "$samples/llama.cpp-apple/m4-10c.json" > odd/packed.json.gz
head -c 200 odd/packed.json.gz > odd/cut.json.gz
import three odd/packed.json.gz > out 2> err
[ $? = 0 ] && grep -q '^1 new, 0 already there, 0 refused' out
ok $? "a compressed result is taken as send takes it"
import three odd/cut.json.gz > out 2> err
[ $? = 65 ] && grep -q 'gzip' err
ok $? "half of one is refused"
{ printf 'From: a@example.org\nMIME-Version: 1.0\nContent-Type: application/gzip; name="m4.json.gz"\nContent-Transfer-Encoding: base64\n\n'
    base64 odd/packed.json.gz; } > packed.eml
import three packed.eml > out 2> err
grep -q '^0 new, 1 already there, 0 refused' out
ok $? "in a mail it is the same bundle"

# Mails: an attachment in base64, JSON pasted between words in quoted-printable, a bundle, a picture, a forwarded mail.
m1=$samples/llama.cpp-apple/m1-7c.json
m2=$samples/llama.cpp-apple/m2-8c.json
"$bin/crosschip-submit" send -q --elsewhere --key key --output bundle.json "$samples/llama.cpp-apple/m3-10c.json" 2> err
attached()
{
    printf 'From: someone@example.org\r\nSubject: results\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="b 1"\r\n\r\nProse.\r\n'
    printf -- '--b 1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHere it is.\r\n'
    printf -- '--b 1\r\nContent-Type: application/json; name="m1.json"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename="m1.json"\r\n\r\n'
    base64 "$1" | sed 's/$/\r/'
    printf -- '--b 1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b 1--\r\n'
}
pasted()
{
    printf 'From: other@example.org\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nContent-Transfer-Encoding: quoted-printable\n\nHello =E2=98=BA\n\n'
    sed 's/=/=3D/g; s/\(.\{70\}\)/\1=\n/g' "$1"
    printf '\n-- \nme\n'
}
attached "$m1" > m1.eml
pasted "$m2" > m2.eml
attached bundle.json > bundle.eml
{ printf 'From a@example.org Thu Jan  1 00:00:00 2026\n'; sed 's/\r$//' m1.eml; printf '\nFrom b@example.org Thu Jan  1 00:00:00 2026\n'
    cat m2.eml; printf '\n>From here on nothing\n\nFrom c@example.org Thu Jan  1 00:00:00 2026\nFrom: c@example.org\nSubject: no\n\nonly words\n'; } > box
import four m1.eml m2.eml bundle.eml > out 2> err
[ $? = 0 ] && grep -q '^3 new, 0 already there, 0 refused' out
ok $? "mails with an attachment, a pasted result and a bundle"
export_ four --output dump4
sha256sum < bundle.json | grep -q "$(ids dump4 | grep "$(sha256sum < bundle.json | cut -c1-64)" | sed 's/sha256://')"
ok $? "the bundle keeps its id"
[ "$(ids dump4 | grep -c -F -f sent)" = 3 ]
ok $? "attached and pasted output get the ids of the files"
import four box > out 2> err
[ $? = 65 ] && grep -q '^0 new, 2 already there, 1 refused' out && grep -q 'box:[0-9]*: refused: no part of this mail' err
ok $? "a mailbox: two that are there, one of words only, with its line"

# The text that send writes for an issue, quoted in a mail and as a file.
"$bin/crosschip-submit" send -q --elsewhere --key key --output issue.md "$samples/llama.cpp-apple/m4-10c.json" > out 2> err
{ printf 'From: a@example.org\nSubject: Re: results\n\nYou wrote:\n'; sed 's/^/> /' issue.md; } > quoted.eml
import four quoted.eml > out 2> err
[ $? = 0 ] && grep -q '^1 new' out && import four issue.md > out 2> err && grep -q '^0 new, 1 already' out &&
    export_ four --output dump5 && [ "$(ids dump5 | grep -c -F -f sent)" = 4 ]
ok $? "the text of send --output FILE.md, also quoted in a mail, keeps its id"
sed 's/^\(.\{20\}\)A/\1B/' issue.md | sed '20,24d' > damaged.md
import four damaged.md > out 2> err
[ $? = 65 ] && grep -q 'damaged.md: refused' err
ok $? "a damaged one is refused"

# Killed again and again: at the end everything is there once.
mkdir many
i=0
while [ $i -lt 400 ]; do
    i=$((i + 1))
    sed "s/\"avg_ts\": *\([0-9]*\)/\"avg_ts\": \1$i/" "$m1" > "many/$i.json"
done
import five "$samples/llama.cpp-apple/m1-max-24c.json" > out 2> err
for pause in 0.05 0.1 0.15 0.2 0.25 0.3; do
    "$bin/crosschip-collector" import --key key --data five many > out 2> err &
    victim=$!
    sleep $pause
    kill -9 $victim 2>/dev/null
    wait $victim 2>/dev/null
done
import five many > out 2> err
[ $? = 0 ] && [ "$(sed 's/^\([0-9]*\) new, \([0-9]*\) already.*/\1 \2/' out | awk '{ print $1 + $2 }')" = 400 ]
ok $? "an import that was killed goes on where it stopped"
"$bin/crosschip-collector" status --json --data five > out 2> err
grep -q '"submissions": 401' out
ok $? "and every submission is there once"
"$bin/crosschip-collector" export --data five --output /nonexistent/x > out 2> err
[ $? = 73 ] && grep -q '^hint' err
ok $? "an output that cannot be written is named"
"$bin/crosschip-collector" export --data five --state imagined > out 2> err
[ $? = 64 ]
ok $? "an unknown state is wrong use"
echo "1..$number"
