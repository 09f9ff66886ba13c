#!/bin/sh
# Hostile files given to `check`: each ends in a clear refusal (or is read) within a second and 64 MiB. The time is that
# of the fastest of three tries, as other programs run, too; sanitizers take more of both and are not measured.
# Needs BIN and TESTBIN; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
BUILD=${BUILD:-release}
hostile=../shared/corpus/hostile
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-hostile.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
number=0

ok()
{
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

measure() { "$TESTBIN/e2e/measured" "$BIN/crosschip-submit" check --json "$1" 2> "$work/err"; }

# bounded FOLDER: every file of it; what went wrong is told by name.
bounded()
{
    bad=0
    count=0
    for file in "$hostile/$1"/*; do
        count=$((count + 1))
        # shellcheck disable=SC2046 # words on purpose
        set -- $(measure "$file")
        code=$1 least=$2 memory=$3
        for again in 2 3; do
            [ "$least" -le 1000 ] && break
            # shellcheck disable=SC2046 # words on purpose
            set -- $(measure "$file")
            [ "$2" -lt "$least" ] && least=$2
        done
        wrong=
        case $code in 0) ;; 65) grep -q '^error: ' "$work/err" || wrong="no error: line;" ;; *) wrong="exit $code;" ;; esac
        [ "$code" = 0 ] || grep -q '^hint: ' "$work/err" || wrong="$wrong no hint: line;"
        LC_ALL=C grep -q "$(printf '\033')" "$work/err" && wrong="$wrong an escape reached the terminal;"
        case $BUILD in release | debug)
            [ "$least" -le 1000 ] || wrong="$wrong $least ms;"
            [ "$memory" -le 65536 ] || wrong="$wrong $memory KiB;" ;;
        esac
        [ -z "$wrong" ] || { bad=1; echo "# $file: $wrong"; }
    done
    [ "$count" -gt 1 ] || bad=1
}

if [ ! -d "$hostile" ]; then
    echo "1..0 # skip no hostile files here"
    exit 0
fi
for folder in csv json compressed strings; do
    bounded $folder
    ok $bad "check of hostile/$folder is bounded"
done

# Memory does not grow with a file of lines.
record='{"build_commit":"abc","build_number":5000,"cpu_info":"AMD Ryzen 7","gpu_info":"","backends":"CPU","model_filename":"m.gguf","model_type":"qwen2 7B Q4_K - Medium","n_prompt":512,"n_gen":0,"avg_ts":100.5,"stddev_ts":0.5,"samples_ts":[100,101]}'
lines() { awk -v line="$record" -v count="$1" 'BEGIN { for (i = 0; i < count; i++) print line }'; }
lines 6000 > "$work/short.jsonl"
lines 60000 > "$work/long.jsonl"
# shellcheck disable=SC2046 # words on purpose
set -- $(measure "$work/short.jsonl")
short=$3
# shellcheck disable=SC2046 # words on purpose
set -- $(measure "$work/long.jsonl")
code=$1 long=$3
case $BUILD in release | debug) [ "$code" = 0 ] && [ "$long" -le $((short + short / 2)) ] ;; *) [ "$code" = 0 ] ;; esac
ok $? "ten times the lines take no more memory ($short and $long KiB)"
echo "1..$number"
