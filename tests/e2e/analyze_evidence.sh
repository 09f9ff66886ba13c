#!/bin/sh
# What crosschip-analyze does with evidence that is in doubt: runs that a check quarantines, measurements that look sent
# twice, comparisons of a thing with itself. Straight on files; needs BIN; prints TAP.
set -u
BIN=${BIN:-build/release/bin}
analyze=$BIN/crosschip-analyze
samples=tests/data/samples
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-evidence.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# has PATTERN NAME, lacks PATTERN NAME: a line, or none, of what was printed last matches.
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
lacks()
{
    number=$((number + 1))
    if grep -Eq -- "$1" "$work/out"; then echo "not ok $number - $2"; else echo "ok $number - $2"; fi
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
# rows FILE "CHIP MODE TIME VALUE"…: a run each, of one metric
rows()
{
    file=$1
    shift
    for row; do
        # shellcheck disable=SC2086
        set -- $row
        printf '{"chip":"Apple %s","metric":"generation_throughput","unit":"tok/s","model":"m","task":"tg1","mode":"%s"' \
            "$1" "$2"
        printf ',"time":"%s","value":%s}\n' "$3" "$4"
    done > "$work/$file"
}

# ---- in a plain file a check holds back the run that it names, and not the rows beside it
day=2026-11-0
rows some.ndjson "M1 a ${day}1T00:00:00Z 10" "M1 a ${day}2T00:00:00Z 0" "M2 a ${day}3T00:00:00Z 20" "M1 b ${day}1T00:00:00Z 0"
not_positive='run 1 \(quarantined, not_positive\), run 3 \(quarantined, not_positive\)'
run 0 "a table with two bad rows" table "$work/some.ndjson"
has '^1 +M2 +20\.0 ' "has the good ones"
has '^2 +M1 +10\.0 ' "and of M1 the good one alone"
has "^Left out: $not_positive\.\$" "and names the bad ones"
run 0 "those alone" table --state quarantined "$work/some.ndjson"
has '^These results are quarantined: ' "can be shown"
lacks '20\.0' "without the others"
for verb in modes history distribution; do
    run 0 "$verb of it" $verb "$work/some.ndjson"
    has "^Left out: $not_positive\. crosschip-analyze audit says why\.\$" "names them below the table"
    lacks '^(b|Apple M1, Crosschip, m, b)' "and has no row of nothing else"
done
run 0 "coverage of it" coverage "$work/some.ndjson"
has "^Left out: $not_positive\.\$" "says what does not cover"
run 0 "modes once more" modes "$work/some.ndjson"
has '^a +Generation throughput +tok/s +10\.000 ' "no mean of 10 and 0"
run 1 "its audit as CSV" audit --csv "$work/some.ndjson"
has '^rule,severity,submission,state,run,chip,model,metric,message$' "one header"
has '^"not_positive","quarantine","sha256:[0-9a-f]+","quarantined",1,"Apple M1","m","generation_throughput","0 tok/s' "names the metric"
run 1 "its audit" audit "$work/some.ndjson"
has '^    some\.ndjson, run 1, quarantined$' "says it of the run"
has '^2 findings; 1 submission \(1 accepted\); 2 runs quarantined$' "and counts runs"
run 0 "the whole table" export "$work/some.ndjson"
number=$((number + 1))
if [ "$(grep -c ',"accepted","quarantined",' "$work/out")" = 2 ]; then echo "ok $number - marks both"; else echo "not ok $number - marks both"; fi
rows none.ndjson "M1 a ${day}1T00:00:00Z 0"
run 2 "modes of nothing else" modes "$work/none.ndjson"
has '^hint: left out: run 0 \(quarantined, not_positive\); crosschip-analyze audit says why$' "says what became of it"
run 2 "a side of nothing else" compare "$work/some.ndjson" "$work/none.ndjson"
has '^error: .*none\.ndjson: its runs are quarantined' "says so"

# ---- the prompts of a category, of which one cannot be: the mean is that of the two that are left
quantizer() { printf '{"model":"m","chip":"Apple M1","task":"generation","category":"short","mode":"%s","metric":"generation_throughput","unit":"tok/s","value":%s}\n' "$@"; }
quantizer original 4 original 4 quantized 5 quantized 6 quantized 0 > "$work/prompts.ndjson"
run 0 "quantization with a rate of 0" quantization "$work/prompts.ndjson"
has '^Tokens per second +4\.00 +5\.50 +1\.50 +1\.38$' "has the mean of the others, (5 + 6) / 2"
has '^Not used: run 4 \(quarantined, not_positive\); short prompts: 2 of 3 on the quantized side\.$' "names it"
lacks '^Left out' "once"

# ---- two models at once, one of which took no time
dual() { printf '{"model":"%s","variant":"%s","chip":"Apple M1","task":"t","metric":"memory_bandwidth","unit":"GB/s","value":%s}\n' "$@"; }
dual a alone 40 b alone 0 "a" parallel 30 "a + b" combined 50 > "$work/dual.ndjson"
run 0 "parallel with a throughput of 0" parallel "$work/dual.ndjson"
has '^No factor: ' "has no sum to divide by"
has '^Left out: run 1 \(quarantined, not_positive\)\.' "and says which run is missing"

# ---- a gate does not hold because what broke is missing
rows good.ndjson "M1 a ${day}1T00:00:00Z 10" "M2 a ${day}1T00:00:00Z 20"
rows broke.ndjson "M1 a ${day}2T00:00:00Z 10" "M2 a ${day}2T00:00:00Z 0"
run 2 "a gate with a run that broke" check "$work/broke.ndjson" --against "$work/good.ndjson" --junit "$work/junit.xml"
has '^Not comparable: figures are missing, and 1 run of the new results failed or is quarantined; 1 held$' "does not hold"
has '^Left out of Now: run 1 \(quarantined, not_positive\)\.' "and names it"
cp "$work/junit.xml" "$work/out"
has 'tests="2" failures="0" errors="1"' "for CI too"
run 0 "the other way round" check "$work/good.ndjson" --against "$work/broke.ndjson"
has '^Held: 1 figure$' "nothing is missing"
rows last.ndjson "M1 a ${day}1T00:00:00Z 10" "M1 a ${day}2T00:00:00Z 10" "M1 a ${day}3T00:00:00Z 0"
run 2 "a gate whose newest run broke" check "$work/last.ndjson" --last 2
has 'its runs are quarantined' "does not judge an older one in its place"

# ---- a report shows what it does not compare
run 0 "report" report -q "$work/some.ndjson" -o "$work/page"
cp "$work/page/report.md" "$work/out"
has '^\| .* \| 0 \| .* quarantined \|$' "with the remark"
has 'quarantined: a check found something in this run; it is in no comparison and no chart\.' "and what that means"

# ---- two submissions of other devices with figures that are equal to rounding: 64.18 and 64.1753, 6.45 and 6.4467
run 0 "a table of two that look alike" table $samples/anemll-bench/m4.json $samples/anemll-bench/issue-5-m4.json
has '^M4: figures of two submissions are equal to rounding: perhaps one measurement sent twice, and counted as two\.$' "says so"
run 0 "their audit" audit $samples/anemll-bench/issue-5-m4.json $samples/anemll-bench/m4.json
has '^    2 figures are equal to rounding in sha256:[0-9a-f]{12}: perhaps sent twice$' "finds it"
has '^    (issue-5-)?m4\.json and (issue-5-)?m4\.json, accepted$' "in both files"
run 0 "in the other order of files" audit $samples/anemll-bench/m4.json $samples/anemll-bench/issue-5-m4.json
has '^    2 figures are equal to rounding in ' "it finds the same"
run 0 "their comparison" compare $samples/anemll-bench/m4.json $samples/anemll-bench/issue-5-m4.json
has '^Times and rates of m4\.json and issue-5-m4\.json are equal to rounding: ' "says so too"
run 0 "published" publish -q "$work/published" $samples/anemll-bench/m4.json $samples/anemll-bench/issue-5-m4.json
cp "$work/published/RESULTS.md" "$work/out"
has '^- Note: `equal_figures`, 1 time: .*both count\.$' "with what the check says"
has '^\| equal_figures \| Apple M4 .* sha256&#58;[0-9a-f]{12}: perhaps sent twice \| accepted \| [0-9a-f]{12} \|$' "and both ids"
cp "$work/published/data/findings.csv" "$work/out"
has '^"equal_figures","note",' "also in the data"
sed 's/6\.45}/6.44}/; s/"inference_time_ms": 6\.45/"inference_time_ms": 6.44/' $samples/anemll-bench/m4.json > "$work/other.json"
run 0 "one that differs in the last digit" table "$work/other.json" $samples/anemll-bench/issue-5-m4.json
lacks 'equal to rounding' "is another measurement"
run 0 "other chips" table $samples/llama.cpp-apple/*.json
lacks 'equal to rounding' "have other figures"

# ---- a comparison with itself
m4=$samples/anemll-bench/m4.json
run 0 "a file twice" compare $m4 $m4
has '^A and B are the same runs: a comparison with itself shows nothing\.$' "is no comparison"
cp $m4 "$work/copy.json"
run 0 "a file and its copy" compare $m4 "$work/copy.json"
has '^m4\.json and copy\.json are the same runs: ' "neither"
run 0 "a gate against itself" check $m4 --against "$work/copy.json"
has 'are the same runs: ' "says so"
run 0 "sides that share runs" compare "$work/some.ndjson:chip=M1" "$work/some.ndjson:mode=a"
has '^Some runs stand in both some\.ndjson:chip=M1 and some\.ndjson:mode=a\.$' "say so"
run 0 "sides that share none" compare $m4 $samples/anemll-bench/m4-pro.json
lacks 'same runs|stand in both|equal to rounding' "say nothing"

# ---- chips by their cores: two M1 Pro have 14 GPU cores, and most names do not tell which
apple=$samples/llama.cpp-apple
for name in "M1 Pro (14-core GPU)" "M1 Pro 14c" "M1 Pro (14 GPU cores)"; do
    run 0 "a baseline called $name" table --task tg128 --quantization Q4_0 --baseline "$name" $apple/m1-pro-*.json
    has '^2 +M1 Pro \(14-core GPU\) +35\.5 +n/a +baseline ' "is found"
done
run 0 "and one called M1 Pro (10C/16G)" table --task tg128 --quantization Q4_0 --baseline "M1 Pro (10C/16G)" $apple/m1-pro-*.json
has '^1 +M1 Pro \(10C/16G\) +36\.4 +n/a +baseline ' "is the other"
run 64 "and one that nobody has" table --baseline "M1 Pro (8C/14G)" $apple/m1-pro-*.json
has '^hint: there is M1 Pro \(14-core GPU\), M1 Pro \(10C/16G\)$' "names what is there"
run 0 "a baseline called M1 Max (32c)" table --task tg128 --quantization Q4_0 --baseline "M1 Max (32c)" $apple/m1-max-*.json
has '^1 +M1 Max \(10C/32G\) +61\.2 +n/a +baseline ' "is found"

# ---- one count of decimals a column, and none that no source states
rows wide.ndjson "M1 a ${day}1T00:00:00Z 8" "M2 a ${day}1T00:00:00Z 8479"
run 0 "whole numbers from 8 to 8479" table "$work/wide.ndjson"
has '^1 +M2 +8,479 ' "have no decimals"
rows wide.ndjson "M1 a ${day}1T00:00:00Z 54.62" "M2 a ${day}1T00:00:00Z 126.38"
run 0 "54.62 and 126.38" table "$work/wide.ndjson"
has '^1 +M2 +126\.4 ' "have one"

# ---- an estimate has a range, and there is none where one figure alone links two workloads
run 0 "estimates" coverage --estimate $samples/llama.cpp-apple/*.json
has '^M1 \(8C/8G\) +Metal +Llama 2 7B F16, tg128 +≈ 5\.03 +4\.39–5\.88 +tok/s$' "with the error on both sides"
has '^Range: what the figure would be if the model missed it by [0-9.]+.{1,3}%, as it does at most for 9 of 10 ' "and what that is"
run 0 "a link of one figure" coverage --estimate $samples/anemll-bench/*.json
has '^No estimates: 0 of 14 figures can be left out ' "is no check of itself"
lacks '≈' "and shows none"

# ---- what guides expect stands in their words, and only where it is about the change
memory() { printf '{"model":"m","chip":"Apple M1","backend":"CUDA","task":"t","quantization":"%s","metric":"%s","unit":"%s","value":%s}\n' "$@"; }
memory none duration s 2.3 none gpu_peak_memory MiB 4000 > "$work/whole.ndjson"
memory quantized duration s 2.5 quantized gpu_peak_memory MiB 2200 > "$work/quantized.ndjson"
run 0 "a quantised model" compare "$work/whole.ndjson" "$work/quantized.ndjson"
has '^Duration: the VLM guide.s rule of thumb .* 10 to 20 % slower; measured here: 8.{1,3}% slower, not tested\.$' "is slower, 2.3 / 2.5"
has '^Peak GPU memory: the VLM guide.s rule of thumb .* 40 to 50 % less GPU memory; measured here: 45.{1,3}% less, not tested\.$' "and smaller, 1 - 2200 / 4000"
memory Q4_0 peak_memory MiB 4000 > "$work/q4.ndjson"
memory Q8_0 peak_memory MiB 7000 > "$work/q8.ndjson"
memory F16 peak_memory MiB 14000 > "$work/f16.ndjson"
run 0 "8 bit against 4" compare "$work/q4.ndjson" "$work/q8.ndjson"
lacks 'rule of thumb' "is no change that a guide speaks of"
run 0 "8 bit against 16" compare "$work/f16.ndjson" "$work/q8.ndjson"
has '^Peak memory: the quantizer guide.s rule of thumb for 8 bit is about 50 % less; measured here: 50.{1,3}% less' "is"

# ---- what is not stated can be selected, and a gate says what it misses
memory "" generation_throughput tok/s 20 > "$work/bare.ndjson"
run 2 "a gate of another quantization" check "$work/q8.ndjson" --against "$work/bare.ndjson"
memory Q8_0 generation_throughput tok/s 19.5 > "$work/stated.ndjson"
run 2 "a gate where one side does not state it" check "$work/stated.ndjson" --against "$work/bare.ndjson"
has '^error: the baseline has another quantization \(not stated\) than what is checked \(Q8_0\)$' "says so in words"
run 0 "the same by selections" check "$work/stated.ndjson:quantization=Q8_0" --against "$work/bare.ndjson:quantization="
has '^Held: 1 figure$' "is judged"
run 2 "a selection of what all state" table --where quantization= "$work/stated.ndjson"
has '^error: every result states its quantization$' "finds nothing"
run 64 "two baselines" check "$work/good.ndjson" --against "$work/good.ndjson" --last 2
run 64 "two formats" table --csv --json "$work/good.ndjson"
run 0 "one format twice" table --json --format json "$work/good.ndjson"

# ---- several files of one kind are told apart
dual a alone 40 b alone 44 a parallel 30 "a + b" combined 50 > "$work/dual_2.ndjson"
run 0 "two files of two models at once" parallel "$work/dual.ndjson" "$work/dual_2.ndjson"
has '^Apple M1, Crosschip, t, dual_2\.ndjson$' "have their names"

# ---- metrics have titles for people, and names for programs
for verb in "compare $work/good.ndjson" "check $work/good.ndjson --against"; do
    # shellcheck disable=SC2086
    run 0 "$verb" $verb "$work/good.ndjson"
    has 'Generation throughput  tok/s' "has a title"
    lacks 'generation_throughput' "and not the name"
    # shellcheck disable=SC2086
    run 0 "$verb as CSV" $verb "$work/good.ndjson" --csv
    has ',"?generation_throughput"?,' "has the name"
done
run 0 "modes as JSON" modes --json "$work/good.ndjson"
has '"metric": "generation_throughput"' "has the name"
echo "1..$number"
