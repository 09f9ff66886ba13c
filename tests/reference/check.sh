#!/bin/sh
# Makes the reference values again where R and its packages are installed, and compares them with the stored ones.
set -eu
cd "$(dirname "$0")"
if ! Rscript -e 'library(diptest); library(boot)' > /dev/null 2>&1; then
    echo "skipped: R with diptest and boot is not installed (Debian: r-base-core r-cran-diptest r-cran-boot)"
    exit 0
fi
made=$(mktemp "${TMPDIR:-/tmp}/crosschip-reference.XXXXXX")
trap 'rm -f "$made"' EXIT
Rscript stats.R > "$made"
diff -u stats.csv "$made"
echo "the stored values are those of $(Rscript --version 2>&1 | head -n 1)"
