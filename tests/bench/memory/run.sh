#!/bin/sh
# make bench-memory: the built-in benchmark of submit beside bare loops that do nothing else, in turn, in one run:
# medians of ROUNDS (7). Read is what the goal is about; triad, mbw's memcpy and sysbench's read stand beside.
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. Needs BIN, TESTBIN.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-7}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-memory.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export CROSSCHIP_CONFIG=/dev/null

median() { sort -g "$1" | awk '{ v[NR] = $1 } END { if (NR == 0) print "nan"; else print v[int((NR + 1) / 2)] }'; }
figure() { # figure NAME BASELINE GOAL, of the files of both names; without a goal it only stands beside
    awk -v name="$1" -v value="$(median "$work/$1")" -v baseline="$(median "$work/$2")" -v goal="$3" 'BEGIN {
        ratio = baseline > 0 ? value / baseline : 0
        verdict = (goal == "" || ratio >= goal + 0) ? "ok" : "short"
        if (goal == "") goal = "none"
        printf("%s %.2f GB/s baseline=%.2f ratio=%.2f goal=%s %s\n", name, value, baseline, ratio, goal, verdict) }'
}

round=0
bytes=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    "$BIN/crosschip-submit" bench -q --quick --duration 1 --json memory > "$work/bench.json" || exit 1
    "$BIN/crosschip-submit" check --json "$work/bench.json" |
        python3 -c 'import json, sys
for run in json.load(sys.stdin)["runs"]:
    print(run["workload"]["task"], run["metrics"][0]["median"])' > "$work/one"
    while read -r task value; do echo "$value" >> "$work/bench-$task"; done < "$work/one"
    [ "$bytes" -gt 0 ] || bytes=$(sed 's/.*"array_bytes":\([0-9]*\).*/\1/' "$work/bench.json")
    "$TESTBIN/bench/memory/bare" "$bytes" 40 > "$work/one" || exit 1
    while read -r task value; do echo "$value" >> "$work/bare-$task"; done < "$work/one"
    if command -v mbw > /dev/null; then # one thread; MiB/s of one of the two streams
        mbw -q -t0 -n 5 $((bytes / 1048576)) | awk '/AVG/ { for (i = 1; i <= NF; i++) if ($i == "Copy:") print $(i + 1) * 2 * 1.048576e-3 }' >> "$work/mbw-copy"
    fi
    if command -v sysbench > /dev/null; then
        sysbench memory --memory-block-size=128M --memory-total-size=1000G --memory-oper=read --time=1 --threads="$(nproc)" run |
            sed -n 's/.*(\([0-9.]*\) MiB\/sec).*/\1/p' | awk '{ print $1 * 1.048576e-3 }' >> "$work/sysbench-read"
    fi
done
figure bench-read bare-read 0.9
figure bench-triad bare-triad 0.9
[ ! -s "$work/mbw-copy" ] || figure bench-copy mbw-copy ""
[ ! -s "$work/sysbench-read" ] || figure bench-read sysbench-read ""
