#!/bin/sh
# The verbs of crosschip-analyze straight on the sample files: figures worked out by hand, selections, refusals.
# Needs BIN; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
analyze=$BIN/crosschip-analyze
samples=tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-verbs.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# has PATTERN NAME: a line of what was printed last matches.
has()
{
    number=$((number + 1))
    if grep -Eq -- "$1" "$work/out"; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' "$work/out" | head -n 40
    fi
}
# run WANTED NAME ARGUMENT…: exit status; standard output and error in $work/out
run()
{
    wanted=$1 name=$2
    shift 2
    "$analyze" "$@" > "$work/out" 2>&1
    got=$?
    number=$((number + 1))
    if [ "$got" = "$wanted" ]; then echo "ok $number - $name"; else echo "not ok $number - $name: exit $got"; fi
}

# M2 Max 38c 41.83 tok/s against M2 8c 12.18: 3.43; 38/8 cores: 72 %; 400/100 GB/s: 86 %.
run 0 "scaling" scaling --family M2 --task tg128 --where quantization=Q8_0 $samples/llama.cpp-apple/*.json
has 'M2 Max \(12C/38G\) +41\.83 +3\.43 +4\.75 +72 +4\.00 +86' "speed-up and efficiency"
run 2 "a family that nobody measured" table --family M9 $samples/llama.cpp-apple/*.json
has 'there is .*M1' "the generations that are there"
run 0 "chips by generation" table --group-by generation --task tg128 --quantization Q4_0 $samples/llama.cpp-apple/*.json
has '^M2 +49\.9 +21\.7 +94\.3 +8$' "the median of eight chips, their range and number"
has 'Medians of chips' "marked as such"
run 64 "an unknown group" table --group-by colour $samples/llama.cpp-apple/m1-8c.json
run 64 "an unknown property" table --where colour=red $samples/llama.cpp-apple/*.json
run 64 "no date" table --since yesterday $samples/llama.cpp-apple/*.json
run 2 "results without a time do not pass --since" table --since 2020-01-01 $samples/llama.cpp-apple/*.json
run 0 "export" export --format ndjson --where "chip=M1 Max" $samples/llama.cpp-apple/*.json
number=$((number + 1))
[ "$(grep -c '^{"submission"' "$work/out")" = "$(wc -l < "$work/out")" ] && [ -s "$work/out" ]
if [ $? = 0 ]; then echo "ok $number - one object a line"; else echo "not ok $number - one object a line"; fi
run 64 "an unknown format" export --format xml $samples/llama.cpp-apple/*.json
run 0 "compare two files" compare $samples/llama.cpp-apple/m1-max-24c.json $samples/llama.cpp-apple/m1-max-32c.json
has 'prompt_throughput .*530 .*1\.3× .*not tested' "a ratio without a verdict"
has 'differ in chip_variant: 10C/24G, 10C/32G' "what the sides differ in"
run 64 "one side" compare $samples/llama.cpp-apple/m1-max-24c.json
run 65 "a file that is not there" compare $samples/nowhere.json $samples/llama.cpp-apple/m1-max-24c.json
run 64 "a file beside a chip" compare $samples/llama.cpp-apple/m1-max-24c.json "M2 Max"
run 1 "the gate of a slower chip" check $samples/llama.cpp-apple/m1-max-24c.json --against $samples/llama.cpp-apple/m1-max-32c.json
has '^Regressed: ' "says so first"
run 0 "the other way round" check $samples/llama.cpp-apple/m1-max-32c.json --against $samples/llama.cpp-apple/m1-max-24c.json
run 64 "nothing to check against" check $samples/llama.cpp-apple/m1-max-32c.json
run 64 "no percentage" check $samples/llama.cpp-apple/m1-max-32c.json --threshold many \
    --against $samples/llama.cpp-apple/m1-max-24c.json
for verb in modes parallel quantization quality; do
    run 2 "nothing for $verb" $verb $samples/llama.cpp-apple/m1-max-32c.json
    has '^hint: ' "and a hint"
done
run 0 "distribution" distribution --json $samples/llama.cpp-apple/m1-max-32c.json
has '"tables"' "as JSON"
# Nobody measured F16 on the smallest M1; the model is checked on the figures that are there.
run 0 "estimates of missing cells" coverage --estimate $samples/llama.cpp-apple/m1*.json
has 'M1 \(8C/7G\) +Metal +Llama 2 7B F16, tg128 +≈ ' "marked as an estimate"
has 'left out, the model misses it by [0-9.]+.%' "with the error of the model"
has 'enter no factor and no claim' "and what they are not for"
run 2 "nothing to estimate" coverage --estimate $samples/llama.cpp-apple/m1-max-32c.json
# The newest run is of March 2025; seen from 2027 it is old.
run 0 "coverage of a later day" coverage --as-of 2027-01-01 --json $samples/anemll-bench/issue-5-m4.json
has '"gap": "(fewer than 6 runs, or no run count|older than 180 days|one device only)"' "ranks what is weak"
run 64 "a day that is none" coverage --as-of someday $samples/anemll-bench/issue-5-m4.json
run 0 "coverage as CSV" coverage --csv $samples/llama.cpp-apple/m1*.json
has '^chip,generation,tool,model' "one heading"
echo "1..$number"
