#!/bin/sh
# Fails on a function of more than 60 lines and a source file of more than 500.
# Usage: sizes.sh [ROOT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}"
list=$(mktemp "${TMPDIR:-/tmp}/crosschip-sizes.XXXXXX")
trap 'rm -f "$list"' EXIT
sh "$here/files.sh" '*.c' '*.h' '*.sh' '*.awk' '*.js' '*.css' '*.mk' > "$list"
awk -f "$here/sizes.awk" "$list" >&2
