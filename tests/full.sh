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
build() {
    make -j"$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)" "$@"
}
started_all=$(date +%s)
step "lint" build lint
step "clang builds without a warning" build CC=clang O=build/clang all headers unit-tests
step "debug build of gcc" build BUILD=debug all unit-tests
step "fast tier under valgrind" sh tests/valgrind.sh
step "fast tier under asan and ubsan" build BUILD=asan check
step "database tier under asan and ubsan" build BUILD=asan check-db
step "end to end under asan and ubsan" build BUILD=asan check-e2e
step "fast tier under tsan" build BUILD=tsan check
step "end to end under tsan" build BUILD=tsan check-e2e
# Searching is for people (make fuzz): here only what was kept is fed again, the same on every run.
step "fuzz targets on their seeds" env FUZZ_SECONDS=0 make fuzz
echo "the long checks took $(($(date +%s) - started_all)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
