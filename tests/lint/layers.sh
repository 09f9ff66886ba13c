#!/bin/sh
# Fails when an #include goes against the layers of the house (layers.txt).
# Usage: layers.sh [ROOT]
set -eu
here=$(dirname "$0")
root=${1:-$here/../..}
list=$(mktemp "${TMPDIR:-/tmp}/crosschip-layers.XXXXXX")
trap 'rm -f "$list"' EXIT
cd "$root"
for folder in schema submit collector analyze plot; do
    if [ -d "$folder" ]; then find "./$folder" -type f \( -name '*.c' -o -name '*.h' \) -print; fi
done | LC_ALL=C sort > "$list"
cd "$OLDPWD"
awk -v root="$root" -f "$here/layers.awk" "$here/layers.txt" "$list" >&2
