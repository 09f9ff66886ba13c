#!/bin/sh
# Fails on words that must not stand in the repository: paths of one machine,
# registry hosts, notes for later, and in C the functions that overflow, depend on
# the locale or share state between threads.
# Usage: words.sh [ROOT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}"
list=$(mktemp "${TMPDIR:-/tmp}/crosschip-words.XXXXXX")
trap 'rm -f "$list" "$list.found"' EXIT
: > "$list.found"

# search TEXT PATTERN: lines of the listed files that match (the brackets in the
# patterns below keep this file from finding itself)
search() {
    tr '\n' '\0' < "$list" | LC_ALL=C xargs -0 grep -InE "$2" /dev/null 2> /dev/null |
        sed "s/\$/   <- $1/" | cut -c1-240 >> "$list.found" || true
}

sh "$here/files.sh" > "$list"
search 'the path of one machine' '(^|[^A-Za-z0-9._-])/(wor[k]|far[m])/'
search 'a workplace tool' 'farm-(benc[h]|studi[o])'
search 'a registry host' '(registry[.]npmj[s]|registry[.]yarnpk[g]|pypi[.]or[g]/simple|files[.]pythonhoste[d]|index[.]crate[s]|proxy[.]golan[g])'
search 'a registry host' '"resolve[d]": *"http'
search 'a conflict marker' '^(<<<<<<[<]|>>>>>>[>]) '

# Tests feed such paths in on purpose: there they are data.
sh "$here/files.sh" > "$list.all"
grep -v '^tests/' "$list.all" > "$list" || true
rm -f "$list.all"
search 'the path of one machine' '(^|[^A-Za-z0-9._-])/(home|Users)/[a-z0-9]'
search 'the path of one machine' '(^|[^A-Za-z0-9._-])/roo[t]/[a-z0-9.]'

sh "$here/files.sh" '*.c' '*.h' > "$list"
search 'a note for later' '(^|[^A-Za-z])(TOD[O]|FIXM[E]|XX[X]|HAC[K])([^A-Za-z]|$)'
tr '\n' '\0' < "$list" | LC_ALL=C xargs -0 awk -f "$here/banned.awk" >> "$list.found"

if [ -s "$list.found" ]; then
    cat "$list.found" >&2
    echo "error: words that must not stand here" >&2
    exit 1
fi
