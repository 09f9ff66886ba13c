#!/bin/sh
# What crosschip-submit does with bad input: exit code, error: and hint: lines, nothing on stdout, nothing half-written.
# Needs BIN (programs), no server; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
submit=$(cd "$BIN" && pwd)/crosschip-submit
sample=$(pwd)/tests/data/samples/llama.cpp-apple/m1-8c.json
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-bad.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
number=0
XDG_DATA_HOME=$work/data
export XDG_DATA_HOME
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE
nowhere=http://127.0.0.1:1

ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# refused CODE NAME ARGUMENT…: runs submit and looks at all that a refusal promises.
refused()
{
    wanted=$1
    name=$2
    shift 2
    rm -rf "$work/data"
    "$submit" "$@" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    bad=
    [ "$code" = "$wanted" ] || bad="exit $code, wanted $wanted;"
    [ -s "$work/out" ] && bad="$bad something on stdout;"
    grep -q '^error: ' "$work/err" || bad="$bad no error: line;"
    grep -q '^hint: ' "$work/err" || bad="$bad no hint: line;"
    LC_ALL=C grep -q "$(printf '\033')" "$work/err" && bad="$bad an escape reached the terminal;"
    left=$(find "$work/data" -type f ! -name client.key 2>/dev/null | wc -l)
    [ "$left" = 0 ] || bad="$bad $left files left behind;"
    [ -z "$bad" ]
    ok $? "$name"
    [ -z "$bad" ] || { echo "# $bad"; sed 's/^/# /' "$work/err"; }
}
# says TEXT NAME: the last refusal's stderr holds TEXT.
says()
{
    grep -q -- "$1" "$work/err"
    ok $? "$2"
}

cd "$work" || exit 1
: > empty.json
printf ' \n\n' > blank.json
head -c 500 "$sample" > cut.json
sed 's/"avg_ts": *[0-9.]*/"avg_ts": "fast"/' "$sample" > type.json
echo 'Dear all, here are my results.' > letter.txt
head -c 4000 "$submit" > binary.dat
mkdir folder f
evil=$(printf 'e\033[31mvil.txt')
echo nothing > "$evil"
printf '{"a":\033[2J}' > escape.json

refused 65 "an empty file" send empty.json -s $nowhere
says 'is empty' "an empty file is called empty"
refused 65 "a file of blanks" send blank.json -s $nowhere
refused 65 "a truncated JSON" send cut.json -s $nowhere
says '^error: cut.json:[0-9]*:[0-9]*: ' "a truncated JSON is told by line and column"
refused 65 "a JSON with a wrong type" send type.json -s $nowhere
says '^error: type.json:[0-9]*:[0-9]*: .*avg_ts' "a wrong type is told by the path of the field"
cp cut.json t
refused 65 "a truncated JSON of a short name" send t -s $nowhere
says '^error: t:[0-9]*:[0-9]*: the ' "a name of one letter is told as well"
refused 65 "a folder of a short name" check f
says '^error: f holds no file' "and that of a folder"
refused 74 "a name that is empty" send '' -s $nowhere
says 'empty' "an empty name is called empty"
refused 65 "a file of no known format" send letter.txt -s $nowhere
says 'formats' "an unknown format leads to the list of formats"
refused 65 "a binary file" send binary.dat -s $nowhere
refused 65 "a file with escapes inside" send escape.json -s $nowhere
refused 65 "a file name with an escape" send "$evil" -s $nowhere
refused 65 "a folder" send folder -s $nowhere
refused 74 "a file that is not there" send missing.json -s $nowhere
refused 74 "a file to check that is not there" check missing.json
refused 74 "a token file that is not there" send "$sample" --token-file missing.txt -s $nowhere
refused 65 "empty standard input" send -s $nowhere
refused 65 "the wrong format named" send letter.txt --format llama-bench-csv -s $nowhere
refused 64 "no such format" send letter.txt --format nope -s $nowhere
refused 64 "plain http to another machine" send "$sample" -s http://collector.example
says 'https://' "plain http leads to https"
refused 64 "an address that is none" send "$sample" -s collector
refused 64 "a socket path over 107 bytes" send "$sample" -s "unix:/$(printf 'a%.0s' 1 2 3 4 5 6 7 8 9 10)$(printf '/0123456789%.0s' 1 2 3 4 5 6 7 8 9 10)"
long=$(head -c 5000 /dev/zero | tr '\0' a)
refused 64 "a note that no bundle holds" send "$sample" --note "$long"
says '^error: --note has 5000 bytes' "the option is named"
refused 64 "a name that no header holds" send "$sample" --contributor "$long" -s $nowhere
refused 64 "a setting without a value" send "$sample" --set model= -s $nowhere
for setting in quant=Q4_0 quantisation=Q4 Chip=foo MODEL=x backends=CPU n_gen=abc; do
    refused 64 "--set $setting" check "$sample" --set $setting
done
says 'n_gen is a number' "a parameter that is a number is called so"
refused 64 "a misspelt name when sending" send "$sample" --set quantisation=Q4 -s $nowhere
says '^hint: did you mean --set quantization=Q4' "the hint names the right one"
"$submit" check "$sample" --set n_promt=512 > out 2> err
[ $? = 0 ] && grep -q '^warning: .*did you mean --set n_prompt=512' err
ok $? "a name that may be meant otherwise is warned of"
"$submit" check "$sample" --set nodes=4 --set lid_state=open --set seed=7 --set n_batch=9 > out 2> err
[ $? = 0 ] && ! grep -q 'lid_state\|seed\|n_batch' err && grep -q 'lid_state=open' out
ok $? "a parameter of one's own is one"
chmod 644 letter.txt
refused 77 "a token file that others may read" send "$sample" --token-file letter.txt -s $nowhere
chmod 600 letter.txt
refused 65 "a token file without a token" send "$sample" --token-file letter.txt -s $nowhere
refused 65 "a device file that is none" send "$sample" --device letter.txt -s $nowhere

refused 73 "an output that cannot be made" send "$sample" -o "$work/none/x.json"
grep -q "^error: $work/none/x.json: " "$work/err"
ok $? "an output that cannot be made is named, and first"
for name in x.json x.md; do
    "$submit" send "$sample" -o "none/$name" > out 2> err
    [ $? = 73 ] && [ ! -s out ]
    ok $? "of $name nothing is called written that is not"
done
"$submit" send "$sample" "$sample" -o two.json > out 2> err
[ $? = 64 ] && [ ! -s out ] && [ ! -e two.json ] && grep -q '^hint: .*FILE.md' err
ok $? "two bundles for one file: neither is written"
mkdir mixed && cp "$sample" mixed/good.json && cp letter.txt mixed/
"$submit" send mixed --dry-run > out 2> err
[ $? = 0 ] && grep -q '2 in all: 1 shown, 1 skipped' err
ok $? "--dry-run counts what it showed, and is no failure for what else lies in the folder"
refused 73 "a key that cannot be made" send --dry-run "$sample" --key /proc/none/key
says 'hint:.*--key' "the hint names --key"
refused 65 "check of a file of no known format" check letter.txt
! grep -q 'submit check' "$work/err"
ok $? "the hint of check does not lead to check"
refused 73 "a spool that cannot be made" send "$sample" --spool /proc/no-such-place -s $nowhere
refused 64 "an id that is none" status abc
refused 69 "an id that is not known here, without a collector to ask" status "sha256:$(printf '0%.0s' $(seq 64))"
refused 64 "an unknown action of the queue" queue empty
refused 65 "a recorded machine without facts" device --root folder
refused 64 "an unknown platform" device --platform amiga
refused 64 "an unknown verb" sned

# One bad file among good ones: the good ones wait, the exit code is that of the worst.
rm -rf "$work/data"
"$submit" send "$sample" letter.txt "$sample" > out 2> err
code=$?
[ "$code" = 65 ] && [ "$(grep -c '^queued sha256:' out)" = 2 ] && [ "$(find data/crosschip/spool/queue -type f | wc -l)" = 1 ]
ok $? "a bad file among good ones stops none of them"

rm -rf "$work/data"
"$submit" send "$sample" -s $nowhere > out 2> err
[ $? = 75 ] && grep -q '^queued sha256:' out && grep -q '^hint: ' err
ok $? "a server that is not there: queued, exit 75, with a hint"
"$submit" send "$sample" > out 2> err
[ $? = 75 ] && grep -q -- '--server' err
ok $? "without a server: queued, exit 75, and how to name one"
[ "$(find data/crosschip/spool/queue -type f | wc -l)" = 1 ] && [ -z "$(find data/crosschip/spool/tmp -type f)" ]
ok $? "the same bundle waits once, and nothing half-written is left"
id=$(sed -n 's/^queued //p' out)
[ "sha256:$(sha256sum "data/crosschip/spool/queue/$id" | cut -d' ' -f1)" = "$id" ]
ok $? "the id is the hash of the waiting bytes"
"$submit" send --dry-run "$sample" 2> /dev/null | cmp -s - "data/crosschip/spool/queue/$id"
ok $? "--dry-run prints the exact bytes"

CROSSCHIP_ALL=yes "$submit" queue drop > out 2> err
[ $? = 64 ] && [ -e "data/crosschip/spool/queue/$id" ]
ok $? "CROSSCHIP_ALL in the environment drops nothing"

"$submit" send -q -o bundle.json "$sample" > out 2> err && rm -rf "$work/data" && "$submit" send bundle.json > out 2> err
[ $? = 75 ] && cmp -s bundle.json data/crosschip/spool/queue/sha256:*
ok $? "a bundle that --output wrote is queued byte for byte"
"$submit" check bundle.json > out 2> err
[ $? = 0 ] && grep -q 'crosschip bundle already' out && grep -q 'Llama 2 7B' out
ok $? "check understands a bundle, and says that it is one"
"$submit" -q send -o letter.md "$sample" "${sample%/*}/m1-max-24c.json" > out 2> err
"$submit" check letter.md > out 2> err
[ $? = 0 ] && [ "$(grep -c '^letter.md: llama-bench-json' out)" = 2 ]
ok $? "and the text with bundles that --output wrote"
"$submit" check --json letter.md > out 2> err
[ $? = 0 ] && grep -q '"documents"' out
ok $? "as JSON too"
refused 64 "a bundle that --set would change" check --set n_batch=7 bundle.json
sed '/BEGIN/,/END/s/[A-Z]/a/' letter.md > broken.md
refused 65 "a text whose bundles are damaged" check broken.md
"$submit" check mixed > out 2> err
[ $? = 0 ] && grep -q '^mixed/good.json: ' out && grep -q '^skipped mixed/letter.txt' err
ok $? "check takes a folder, as send does"
mkdir nothing && echo '{"a": 1}' > nothing/a.json
refused 65 "a folder without a result" check nothing
refused 64 "a bundle that --note would change" send --note changed bundle.json -s $nowhere
sed 's/"runs"/"rums"/' bundle.json > damaged.json
refused 65 "a damaged bundle" send damaged.json -s $nowhere

for verb in send run bench check device formats chip queue status withdraw claim login trust; do
    "$submit" $verb --help
done | LC_ALL=C.UTF-8 awk 'length > 80' > out
[ ! -s out ]
ok $? "help fits 80 columns"
"$submit" formats > out
! grep -q '…' out
ok $? "the list of formats tells all in a pipe"
rm -rf data
"$submit" queue drop --all > out 2> err
[ $? = 0 ] && grep -q 'nothing to drop' err
ok $? "dropping nothing is said"
mkdir -p recorded/commands
printf 'Architecture:  x86_64\nModel name:  AMD EPYC\nL1d cache:  96 KiB (2 instances)\n' > recorded/commands/lscpu.txt
"$submit" device --root recorded > out 2> err
[ $? = 0 ] && grep -q '^L1 data cache  *96 KiB in all$' out && sed -n '/^not known:/,$p' out | grep -q '^memory  *not there: proc/meminfo'
ok $? "sizes of a device have a unit, and what is not known says why"

"$submit" check --json letter.txt "$sample" > out 2> err
[ $? = 65 ] && grep -q '"problems"' out && grep -q '"Llama 2 7B"' out
ok $? "check of a bad and a good file tells of both"

if [ -e /dev/full ]; then
    "$submit" send --dry-run "$sample" > /dev/full 2> err
    [ $? = 74 ] && grep -q '^error: ' err
    ok $? "a full disk on stdout is an error"
fi
echo "1..$number"
