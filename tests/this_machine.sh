#!/bin/sh
# A page of the machine that the demo runs on, beside the published chips: a few seconds of `crosschip-submit bench`,
# published into DIR; nothing of it is sent or goes into reports/.
# this_machine.sh DIR    (BIN: the programs)
set -eu
cd "$(dirname "$0")/.."
bin=${BIN:-build/bin}
page=$1
export CROSSCHIP_CONFIG=tests/data/samples/crosschip.conf
rm -rf "$page"
mkdir -p "$(dirname "$page")"
# Beside the page: publish takes an empty folder, or one of its own.
if ! "$bin/crosschip-submit" bench -q --quick --json memory lm_head > "$page.json"; then
    echo "note: this machine was not measured; the reason stands above" >&2
    rm -f "$page.json"
    exit 0
fi
find tests/data/samples -name '*.json' | LC_ALL=C sort |
    xargs "$bin/crosschip-analyze" publish -q "$page" "$page.json"
mv "$page.json" "$page/bench.json"

# One chart with both: the same weights, published for the neural engine, measured here on the CPU.
rows() { # rows FILE SUFFIX: chip, bandwidth and backend of a published table
    sed -nE 's/^[0-9]+,("([^"]|"")*"|[^,]*),[^,]*,[^,]*,("[^"]*"|[^,]*),([^,]*),.*/\1,\4,\3/p' "$1" |
        awk -v suffix="$2" '{ if (sub(/^"/, "")) sub(/",/, suffix "\",") && sub(/^/, "\""); else sub(/,/, suffix ","); print }'
}
published=$(find "$page/data" -name 'table-llama-lm-head-lm-head-*.csv' | head -n 1)
measured=$(find "$page/data" -name 'table-llama-lm-head-f16-lm-head-*.csv' | head -n 1)
picture=""
if [ -n "$published" ] && [ -n "$measured" ]; then
    {
        echo chip,memory_bandwidth,group
        rows "$published" ""
        rows "$measured" " (this machine, CPU)"
    } > "$page/this-machine.csv"
    "$bin/crosschip-plot" chips -q "$page/this-machine.csv" -o "$page/this-machine.png" -o "$page/this-machine.svg" \
        --title "llama_lm_head: this machine's CPU beside published chips" --baseline none \
        --subtitle "Memory bandwidth in GB/s, more is better; published chips on their neural engine, this one on its CPU"
    picture='![Bars: memory bandwidth of llama_lm_head by chip, this machine among them](this-machine.png)

'
fi
{
    printf '%s\n\n' '# This machine beside the published chips' \
        'Made by `make demo` on this machine: what `crosschip-submit bench` measured in a few seconds **on the CPU**, one run on a
machine that may be busy, beside the published results. It is no result to publish: `crosschip-submit bench` takes the
time that one needs. Nothing of it was sent.'
    printf '%s' "$picture"
    cat "$page/RESULTS.md"
} > "$page/RESULTS.new"
mv "$page/RESULTS.new" "$page/RESULTS.md"
echo "This machine: $page/RESULTS.md (a CPU run of a few seconds, beside the published chips)"
