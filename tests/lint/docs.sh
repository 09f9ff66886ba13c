#!/bin/sh
# Compares the docs with the programs: every option and verb that README.md and the
# guides mention exists, every verb has a summary and an example, every option a
# help line, and the manual pages hold them all.
# Usage: docs.sh [ROOT]   (BIN names the folder of the programs)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
house=$(cd "$here/../.." && pwd)
cd "${1:-$house}"
bin=${BIN:-${O:-build}/${BUILD:-release}/bin}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

: > "$work/all"
found=0
for program in "$bin"/crosschip-*; do
    [ -x "$program" ] || continue
    found=$((found + 1))
    name=$(basename "$program")
    { "$program" --dump-verbs && "$program" --dump-options; } > "$work/$name"
    sed "s/^/$name	/" "$work/$name" >> "$work/all"
    awk -f "$house/schema/base/dump_to_man.awk" "$work/$name" > "$work/$name.1"
    awk -f "$house/schema/base/dump_to_completion.awk" "$work/$name" > "$work/$name.bash"
    awk -F '\t' -v program="$name" -f "$here/tables.awk" "$work/$name" "$work/$name.1" >&2 || failed=1
    if command -v groff > /dev/null 2>&1 && ! groff -k -man -ww -Tutf8 -z "$work/$name.1" 2> "$work/groff"; then failed=1; fi
    if [ -s "$work/groff" ]; then
        sed "s/^/$name.1: /" "$work/groff" >&2
        failed=1
    fi
    if command -v bash > /dev/null 2>&1; then bash -n "$work/$name.bash" || failed=1; fi
done
if [ "$found" -eq 0 ]; then
    echo "error: there are no programs in $bin" >&2
    echo "hint: run make first" >&2
    exit 1
fi
for text in README.md */doc/*.md; do
    [ -f "$text" ] || continue
    awk -F '\t' -f "$here/mentions.awk" "$work/all" "$text" >&2 || failed=1
done
exit $failed
