#!/bin/sh
# Runs each fuzz target for FUZZ_SECONDS from its seeds in tests/data/fuzz/<name>; 0 feeds the seeds alone.
set -u
seconds=${FUZZ_SECONDS:-60}
build=${O:-build}/fuzz
bad=0
for target in "$build"/tests/fuzz/fuzz_*; do
    case $target in *.d) continue ;; esac
    name=${target##*/fuzz_}
    corpus=$build/corpus/$name
    mkdir -p "$corpus"
    seeds=tests/data/fuzz/$name
    [ -d "$seeds" ] || seeds=""
    how=-max_total_time=$seconds
    [ "$seconds" -eq 0 ] && how=-runs=0 && corpus=""
    if "$target" "$how" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$build/crash-$name-" $corpus $seeds > "$build/$name.log" 2>&1; then
        echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log") runs"
    else
        bad=1
        echo "not ok - $name"
        tail -n 40 "$build/$name.log"
    fi
done
exit $bad
