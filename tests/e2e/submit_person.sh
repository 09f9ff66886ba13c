#!/bin/sh
# The person at crosschip-submit: asked once on a terminal, never in a pipe; options, folders, texts of issues.
# Needs BIN (programs) and python3; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
bin=$(cd "$BIN" && pwd) || exit 1
root=$(pwd)
samples=$root/tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-person.XXXXXX") || exit 1
number=0
trap 'cd /; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
XDG_DATA_HOME=$work/home
XDG_CONFIG_HOME=$work/config
export XDG_DATA_HOME XDG_CONFIG_HOME
unset CROSSCHIP_SERVER CROSSCHIP_TOKEN_FILE CROSSCHIP_TOKEN CROSSCHIP_COOLING CROSSCHIP_CONTRIBUTOR
cd "$work" || exit 1

ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
submit()
{
    "$bin/crosschip-submit" "$@"
}
terminal()
{
    python3 "$root/tests/e2e/terminal.py" "$@"
}
same()
{
    printf '[{"build_commit":"abc","build_number":1,"cpu_info":"","gpu_info":"","backends":"CPU","model_filename":"x.gguf","model_type":"llama 7B Q4_0","model_size":3825065984,"model_n_params":6738415616,"n_prompt":512,"n_gen":0,"avg_ts":12.5%s,"stddev_ts":0.5}]' "$1"
}
same 1 > local.json

submit send --dry-run local.json > plain 2> err < /dev/null
[ $? = 0 ] && ! grep -q 'Exact device model' err && [ ! -e config ]
ok $? "without a terminal nothing is asked and nothing remembered"
grep -q 'licence *CC0-1.0' err && grep -q 'measured *not stated' err
ok $? "the preview names the licence, and that the time is not stated"

terminal screen "Workstation Z9" "water" "cellar" "weekly run" "new compiler" -- \
    "$bin/crosschip-submit" send --dry-run local.json > asked
[ $? = 0 ] && grep -q '"cooling":"water"' asked && grep -q '"device_model":"Workstation Z9"' asked &&
    grep -q '"environment":"cellar"' asked && grep -q '"title":"weekly run"' asked && grep -q '"change":"new compiler"' asked
ok $? "on a terminal five things are asked and stand in the bundle"
file=$(find config/crosschip/devices -name '*.json')
[ "$(stat -c %a "$file")" = 600 ] && [ "$(stat -c %a config/crosschip/devices)" = 700 ] && grep -q 'cellar' "$file" && ! grep -q 'weekly' "$file"
ok $? "what concerns the device is remembered in a file of mode 600, the title is not"

terminal screen "" "" -- "$bin/crosschip-submit" send --dry-run local.json > again
[ $? = 0 ] && ! grep -q 'Exact device model' screen && grep -q '"device_model":"Workstation Z9"' again && ! grep -q '"title"' again
ok $? "the second time only title and change are asked; an empty answer states nothing"
submit send --dry-run local.json > piped 2> err < /dev/null
[ $? = 0 ] && cmp -s piped again
ok $? "a pipe gets what is remembered without a question"
submit send --dry-run --elsewhere local.json > far 2> err < /dev/null
[ $? = 0 ] && ! grep -q 'Workstation Z9\|cellar\|"cooling"' far
ok $? "a result of another machine gets nothing of it"
terminal screen "Workstation Z10" "" "" -- "$bin/crosschip-submit" send --dry-run --ask --title t --change c local.json > changed
[ $? = 0 ] && grep -q 'Z10' changed && ! grep -q '"cooling"' changed && ! grep -q 'Title' screen
ok $? "--ask asks again, and options answer beforehand"
terminal screen -- "$bin/crosschip-submit" -q send --dry-run local.json > quiet
[ $? = 0 ] && [ ! -s screen ]
ok $? "-q asks and says nothing"
submit send --dry-run --elsewhere --title "at $HOME/x" local.json > bundle 2> err < /dev/null
[ $? = 0 ] && grep -q '"title":"at \[removed:path\]/x"' bundle
ok $? "an answer is redacted like any other text"

submit send --dry-run --elsewhere --date 2026-03-04T17:30:00+01:00 local.json > bundle 2> err < /dev/null
[ $? = 0 ] && grep -q '"ran_at":"2026-03-04T16:30:00Z"' bundle
ok $? "--date states when"
submit send --dry-run --elsewhere --date 2026-03-04 local.json > bundle 2> err < /dev/null
[ $? = 0 ] && grep -q '"ran_at":"2026-03-04T00:00:00"' bundle && grep -q '"day_only"' bundle
ok $? "a day alone is marked as a day"
touch -d '2020-01-01' local.json
submit send --dry-run --elsewhere local.json > bundle 2> err < /dev/null
[ $? = 0 ] && ! grep -q 'ran_at' bundle
ok $? "the time of the file says nothing"
submit send --dry-run --elsewhere --date 4.3.2026 local.json > bundle 2> err < /dev/null
[ $? = 64 ] && grep -q '^hint:.*--date' err
ok $? "a date of another form is refused with an example"
submit send --dry-run local.json > unnamed 2> err < /dev/null
submit send --dry-run --contributor "Somebody Unusual" local.json > bundle 2> err < /dev/null
[ $? = 0 ] && cmp -s bundle unnamed && ! grep -q 'Somebody' bundle
ok $? "a contributor's name is never in the bytes"

# Texts of issues and mail.
submit send --elsewhere --output out.json local.json > id1 2> err < /dev/null
submit send --elsewhere --output out.md local.json > id2 2> err < /dev/null
[ $? = 0 ] && cmp -s id1 id2 && grep -q 'BEGIN CROSSCHIP BUNDLE' out.md && grep -q 'prompt' out.md
ok $? "--output FILE.md writes a text with the figures and the bundle"
sed 's/^/> /; s/$/\r/' out.md > mail.txt
submit send --dry-run mail.txt > back 2> err < /dev/null
[ $? = 0 ] && cmp -s back out.json
ok $? "quoted in a mail it still gives the same bytes"
sed 's/^\(eyJ.\{20\}\)./\1/' out.md > broken.md
submit send --dry-run broken.md > back 2> err < /dev/null
[ $? = 65 ] && grep -q 'damaged' err && grep -q '^hint:' err && [ ! -s back ]
ok $? "a damaged one is refused"
submit send --elsewhere --output page.md "$samples/anemll-bench/page-as-published.json" > ids 2> err < /dev/null
[ $? = 0 ] && [ "$(grep -c 'BEGIN CROSSCHIP' page.md)" = 13 ]
ok $? "several bundles go into one text"
submit send page.md --spool spool2 > queued 2> err < /dev/null
[ $? = 75 ] && [ "$(cut -d' ' -f2 ids | sort)" = "$(cut -d' ' -f2 queued | sort)" ]
ok $? "and come out of it under the same ids"

# Folders and patterns.
mkdir -p many/deeper many/.hidden
cp "$samples"/llama.cpp-apple/m1-*.json many/
same 2 > many/deeper/a.json
same 3 > many/.hidden/b.json
echo "These are my results." > many/README
count=$(find many -name '*.json' ! -path '*hidden*' | wc -l)
submit send --spool spool3 many > out 2> err < /dev/null
[ $? = 75 ] && [ "$(grep -c '^queued' out)" = "$count" ] && grep -q 'skipped .*README' err && grep -q "in all: $count queued, 1 skipped" err
ok $? "a folder gives all results below it, names what it skips, and counts"
submit send --spool spool4 'many/m1-*.json' > out 2> err < /dev/null
[ $? = 75 ] && [ "$(grep -c '^queued' out)" = "$((count - 1))" ]
ok $? "a pattern that the shell left alone is matched"
mkdir none && echo text > none/file
submit send none > out 2> err < /dev/null
[ $? = 65 ]
ok $? "a folder without a result is refused"
submit send --spool spool5 many/README > out 2> err < /dev/null
[ $? = 65 ] && grep -q '^error:' err
ok $? "and so is a file that was named itself"
echo "1..$number"
