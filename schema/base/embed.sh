#!/bin/sh
# Writes the files named as arguments as C arrays: embed.sh FILE… > files.inc
# (byte arrays, because string literals above 4095 bytes are not portable C).
set -eu
number=0
for file in "$@"; do
    printf 'static const unsigned char embedded_%d[] = {\n' "$number"
    od -An -v -tu1 "$file" | sed 's/ *\([0-9][0-9]*\)/\1,/g'
    printf '0};\n'
    number=$((number + 1))
done
printf 'static const struct embedded_file embedded_files[] = {\n'
number=0
for file in "$@"; do
    printf '{"%s", embedded_%d, sizeof embedded_%d - 1},\n' "${file##*/}" "$number" "$number"
    number=$((number + 1))
done
printf '{NULL, NULL, 0}};\n'
