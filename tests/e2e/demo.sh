#!/bin/sh
# The demo: twice the same bytes, also with its database deleted in between, and the bytes of reports/.
set -u
BIN=${BIN:-build/release/bin}
number=0
check() { # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-demo.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
# As root the database's account must reach its folder in here, or it would live in /var/lib/crosschip.
chmod 711 "$work"
demo() { # demo INTO
    CROSSCHIP_DEMO=$work/state BIN=$BIN sh tests/demo.sh --into "$1" > "$work/out" 2> "$work/err" || {
        sed 's/^/# /' "$work/out" "$work/err"
        return 1
    }
}
same_tree() { diff -r "$1" "$2" > "$work/diff" || { sed 's/^/# /' "$work/diff" | head -n 20; return 1; }; }
# Files of a publication by kind, without what another machine's fonts decide.
same_files() { # same_files A B PATTERN
    (cd "$1" && find . -type f -name "$3" | sort) > "$work/a"
    (cd "$2" && find . -type f -name "$3" | sort) > "$work/b"
    cmp -s "$work/a" "$work/b" || { diff "$work/a" "$work/b" | sed 's/^/# /' | head -n 20; return 1; }
    while read -r file; do
        cmp -s "$1/$file" "$2/$file" || { diff "$1/$file" "$2/$file" | sed 's/^/# /' | head -n 20; return 1; }
    done < "$work/a"
}
fonts() { sed -n 's/.*"fonts": *"\(.*\)".*/\1/p' "$1/data/provenance.json"; }

check "the demo exits 0" demo "$work/first"
check "80 submissions were taken" test "$(grep -c '^accepted ' "$work/state/submitted.txt")" -eq 67
check "13 of the page that mixed two models are quarantined" test "$(grep -c '^quarantined ' "$work/state/submitted.txt")" -eq 13
check "no server is left" sh -c "! find '$work/state' /var/lib/crosschip -name postmaster.pid -newer '$work/out' 2>/dev/null | grep -q ."
find "$work/first" -type f -exec ls -l --time-style=full-iso {} + > "$work/before"
check "again without new data" demo "$work/first"
find "$work/first" -type f -exec ls -l --time-style=full-iso {} + > "$work/after"
check "no file was written anew" cmp -s "$work/before" "$work/after"
# As after a version whose bundles are others: the first submission of then is not among those of now.
sed -i '1s/sha256:../sha256:00/' "$work/state/submitted.txt"
check "again after samples with other ids" demo "$work/first"
check "it has a new database then" test -d "$work/state/data.before"
find "$work/first" -type f -exec ls -l --time-style=full-iso {} + > "$work/after"
check "and no file was written anew" cmp -s "$work/before" "$work/after"
rm -rf "$work/state"
check "again with its database deleted" demo "$work/second"
check "every byte is the same" same_tree "$work/first" "$work/second"
check "reports/ has the same Markdown" same_files reports "$work/first" '*.md'
check "reports/ has the same CSV" same_files reports "$work/first" '*.csv'
mv "$work/first/data/provenance.json" "$work/fonts-here"
cp reports/data/provenance.json "$work/first/data/"
check "reports/ has the same JSON, but for the fonts" same_files reports "$work/first" '*.json'
mv "$work/fonts-here" "$work/first/data/provenance.json"
if [ "$(fonts reports)" = "$(fonts "$work/first")" ]; then
    check "reports/ has the same SVG" same_files reports "$work/first" '*.svg'
    check "reports/ has the same pages" same_files reports "$work/first" '*.html'
else
    number=$((number + 2))
    echo "ok $((number - 1)) - reports/ has the same SVG # SKIP other fonts: $(fonts "$work/first")"
    echo "ok $number - reports/ has the same pages # SKIP other fonts"
fi
check "the 13 findings stand in RESULTS.md" test "$(grep -c '1\.05 GB\|1\.051 GB' "$work/first/RESULTS.md")" -ge 13

this_machine() { BIN=$BIN sh tests/this_machine.sh "$work/this" > "$work/out" 2> "$work/err" || { sed 's/^/# /' "$work/err"; return 1; }; }
check "this machine gets a page of its own" this_machine
if [ -e "$work/this/RESULTS.md" ]; then
    check "it says that it is a CPU run" grep -q 'on the CPU' "$work/this/RESULTS.md"
    check "the machine stands beside the published chips" \
        test "$(grep -c 'Apple\|this machine, CPU' "$work/this/this-machine.csv")" -ge 12 -a -s "$work/this/this-machine.png"
else
    check "it says why not" grep -q '^note: this machine was not measured' "$work/err"
fi
check "reports/ has nothing of it" sh -c "! grep -rqi 'crosschip-bench' reports"
echo "1..$number"
