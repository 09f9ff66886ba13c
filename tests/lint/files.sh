#!/bin/sh
# Lists the files that are checked, one a line: what git tracks or would track,
# below the current folder. Usage: files.sh [PATTERN…], each as of a shell's case.
set -eu
if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard
else
    find . -type f ! -path './build*' ! -path './.git/*' | sed 's|^\./||'
fi | LC_ALL=C sort -u | while IFS= read -r file; do
    [ -f "$file" ] || continue
    if [ $# -eq 0 ]; then
        printf '%s\n' "$file"
        continue
    fi
    for pattern in "$@"; do
        # shellcheck disable=SC2254 # a pattern is what is wanted
        case $file in $pattern) printf '%s\n' "$file" && break ;; esac
    done
done
