#!/bin/sh
# Runs each fuzz target for FUZZ_SECONDS from its seeds in tests/data/fuzz/<name>; 0 feeds the seeds alone. The readers of
# benchmark outputs run one by one, each from tests/data/fuzz/formats/<format>. FUZZ_RUNS=N counts inputs instead of
# seconds; FUZZ_ONLY="name name" takes these targets and formats only; inputs have at most FUZZ_LENGTH bytes (8192).
set -u
seconds=${FUZZ_SECONDS:-60}
build=${O:-build}/fuzz
bad=0

# run TARGET NAME SEEDS
run() {
    case " ${FUZZ_ONLY:-$2} " in *" $2 "*) ;; *) return ;; esac
    corpus=$build/corpus/$2
    mkdir -p "$corpus"
    seeds=$3
    [ -d "$seeds" ] || seeds=""
    how=-max_total_time=$seconds
    [ -n "${FUZZ_RUNS:-}" ] && how=-runs=$FUZZ_RUNS
    [ "$seconds" -eq 0 ] && how=-runs=0 && corpus=""
    if "$1" "$how" -max_len="${FUZZ_LENGTH:-8192}" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="$build/crash-$2-" ${corpus:+"$corpus"} ${seeds:+"$seeds"} > "$build/$2.log" 2>&1; then
        echo "ok - $2: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$2.log") runs," \
            "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$build/$2.log") per second"
    else
        bad=1
        echo "not ok - $2"
        tail -n 40 "$build/$2.log"
    fi
}

for target in "$build"/tests/fuzz/fuzz_*; do
    case $target in *.d | */fuzz_formats) continue ;; esac
    name=${target##*/fuzz_}
    run "$target" "$name" "tests/data/fuzz/$name"
done
for seeds in tests/data/fuzz/formats/*/; do
    FUZZ_FORMAT=$(basename "$seeds")
    export FUZZ_FORMAT
    run "$build/tests/fuzz/fuzz_formats" "$FUZZ_FORMAT" "$seeds"
done
exit $bad
