#!/bin/sh
# The long checks of make check-full: each step is a build or a tool that finds another class of faults.
# Closes with one line "N passed, N failed"; the output of a failed step stands above it.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$(mktemp "${TMPDIR:-/tmp}/crosschip-full.XXXXXX")
trap 'rm -f "$log"' EXIT
step() {
    name=$1
    shift
    started=$(date +%s)
    if "$@" > "$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name ($(($(date +%s) - started)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        tail -n 120 "$log"
    fi
}
asan="detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1"
step "lint" make lint
step "clang builds without a warning" make CC=clang O=build/clang all headers
step "debug build of gcc" make BUILD=debug all
step "fast tier under asan and ubsan" env ASAN_OPTIONS=$asan make BUILD=asan check
step "database tier under asan and ubsan" env ASAN_OPTIONS=$asan make BUILD=asan check-db
step "end to end under asan and ubsan" env ASAN_OPTIONS=$asan make BUILD=asan check-e2e
step "fast tier under tsan" make BUILD=tsan check
step "end to end under tsan" make BUILD=tsan check-e2e
step "fast tier under valgrind" sh tests/valgrind.sh
step "fuzz targets, 20 s each" env FUZZ_SECONDS=20 make fuzz
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
