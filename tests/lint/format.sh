#!/bin/sh
# Lays out C files as .clang-format says (version 14). Usage: format.sh [FILE…]
set -eu
cd "$(dirname "$0")/../.."
if [ $# -gt 0 ]; then
    clang-format -i "$@"
else
    sh tests/lint/files.sh '*.c' | tr '\n' '\0' | xargs -0 clang-format -i
fi
