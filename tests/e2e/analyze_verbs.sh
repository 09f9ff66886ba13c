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
# lacks PATTERN NAME
lacks()
{
    number=$((number + 1))
    if grep -Eq -- "$1" "$work/out"; then echo "not ok $number - $2"; else echo "ok $number - $2"; fi
}
# Whatever the exit status.
run_any()
{
    "$analyze" "$@" > "$work/out" 2>&1
}

# M2 Max 38c 41.83 tok/s against M2 8c 12.18: 3.43; 38/8 cores: 72 %; 400/100 GB/s: 86 %.
run 0 "scaling" scaling --family M2 --task tg128 --where quantization=Q8_0 $samples/llama.cpp-apple/*.json
has 'M2 Max \(12C/38G\) +41\.8 +3\.43 +4\.75 +72 +4\.00 +86' "speed-up and efficiency"
has 'GPU cores × +Speed-up ÷ GPU cores, % +Bandwidth × +Speed-up ÷ bandwidth, %' "each efficiency says of what"
has '^Against M2 \(8C/8G\), the smallest chip of the generation among these' "and against which chip"
has 'rated bandwidth, % +Runs +Devices +By$' "and what stands behind it"
run 0 "scaling over families of a generation" scaling --family Ampere --task tg128 $samples/llama.cpp-gpu/*.json
has 'RTX 3090 Ti +171 +1\.23 +– +– +1\.31' "cores of another family are not compared"
has 'GPU cores are compared inside one family' "and it says so"
run 65 "a file that is no benchmark output" table tests/tests.mk
has 'hint: .*crosschip-submit send --format NAME. takes one' "the hint names the program that has the option"
run 2 "a family that nobody measured" table --family M9 $samples/llama.cpp-apple/*.json
has 'there is .*M1' "the generations that are there"
run 0 "chips by generation" table --group-by generation --task tg128 --quantization Q4_0 $samples/llama.cpp-apple/*.json
has '^Generation +Generation throughput, tok/s: median of chips +Least +Greatest +Chips$' "each column has a heading"
has '^M2 +49\.9 +21\.7 +94\.3 +8$' "the median of eight chips, their range and number"
has 'Medians of chips' "marked as such"
run 64 "an unknown group" table --group-by colour $samples/llama.cpp-apple/m1-8c.json
run 64 "an unknown property" table --where colour=red $samples/llama.cpp-apple/*.json
run 64 "no date" table --since yesterday $samples/llama.cpp-apple/*.json
run 2 "results without a time do not pass --since" table --since 2020-01-01 $samples/llama.cpp-apple/*.json
run 0 "export" export --format ndjson --where "chip=M1 Max" $samples/llama.cpp-apple/*.json
number=$((number + 1))
if [ "$(grep -c '^{"submission"' "$work/out")" = "$(wc -l < "$work/out")" ] && [ -s "$work/out" ]; then echo "ok $number - one object a line"; else echo "not ok $number - one object a line"; fi
run 64 "an unknown format" export --format xml $samples/llama.cpp-apple/*.json
run 0 "compare two files" compare $samples/llama.cpp-apple/m1-max-24c.json $samples/llama.cpp-apple/m1-max-32c.json
has 'Prompt throughput .*530 .*1\.3× .*not tested' "a ratio without a verdict"
has 'n/a +530 +n/a +1\.3× +n/a +not tested$' "what is not stated is called as in tables"
has 'differ in chip_variant: 10C/24G, 10C/32G' "what the sides differ in"
run 0 "the same as CSV" compare --csv $samples/llama.cpp-apple/m1-max-24c.json $samples/llama.cpp-apple/m1-max-32c.json
lacks 'n/a' "data have no words for what is missing"
run 64 "one side" compare $samples/llama.cpp-apple/m1-max-24c.json
run 2 "results of no chip" table tests/data/fuzz/formats/vlm-partitioner-json/vlm-0
has '^error: no result names the chip' "says what is missing"
has '^hint: .*modes' "and what shows them"
run 65 "a file that is not there" compare $samples/nowhere.json $samples/llama.cpp-apple/m1-max-24c.json
has '^hint: check the name' "says how to go on"
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
# What is wrong, and what was asked at all.
run 1 "audit finds" audit $samples/anemll-bench/*.json
has '60\.87 GB/s x 7\.52 ms = 0\.458 GB, but llama_lm_head has 1\.05 GB' "with the numbers"
has '^   13  bandwidth_time_bytes \(quarantine\): ' "each check and its findings"
has '^    0  above_rated_bandwidth' "also those that found nothing"
has '^14 findings; 27 submissions \(14 accepted, 13 quarantined\)' "and the states"
run 0 "audit of what counts" audit --state accepted $samples/anemll-bench/*.json
run 64 "an unknown state" audit --state good $samples/anemll-bench/*.json
run 1 "audit as JSON" audit --json $samples/anemll-bench/page-as-published.json
has '"rule": "time_in_future"' "all checks are there"
run 0 "a table of what is quarantined" table --state quarantined $samples/anemll-bench/*.json
has 'quarantined: they count nowhere, and there are no factors' "says so"
lacks 'baseline' "and has no factors"
run 2 "nothing in that state" table --state withdrawn $samples/anemll-bench/m1.json
# One build and another in one cell; and the same file twice.
for build in 4001 4002; do
    sed "s/\"gpu_info\"/\"build_commit\": \"abc$build\", \"build_number\": $build, \"gpu_info\"/" \
        $samples/llama.cpp-apple/m1-max-32c.json > "$work/$build.json"
done
cp "$work/4001.json" "$work/again.json"
run 0 "versions that mix and originals that repeat are notes" audit "$work/4001.json" "$work/4002.json" "$work/again.json"
has 'mixed_versions \(note\): Apple M1 Max' "the cell"
has '2 versions of llama-bench in one cell of 2 results, from .*4001.* to .*4002' "and its versions"
has 'repeated_original \(note\)' "what repeats"

# Names that mean several chips, and baselines that are not there.
for option in --chip --baseline; do
    run_any table $option 4090 $samples/llama.cpp-gpu/*
    has 'hint: "4090" may mean NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 4090 D' "candidates for $option"
done
run 2 "an ambiguous selection" table --where chip=4090 $samples/llama.cpp-gpu/*
has 'may mean NVIDIA GeForce RTX 4090, ' "names the candidates"
run 0 "a baseline that some tables lack" table --baseline "RTX 5090" $samples/llama.cpp-gpu/* $samples/llama.cpp-apple/m1*
has 'Factors against RTX 5090' "factors where it is"
has 'No factors: no result here is of the baseline "RTX 5090" in this workload' "a line where it is not"
# A selection that finds nothing says which part of it did, and what is near.
run 2 "a model that nobody ran" table --model "Lama 2 7B" $samples/llama.cpp-apple/m1*
has '^error: no result has model "Lama 2 7B"' "which part"
has '^hint: there is Llama 2 7B$' "and the nearest name"
run 2 "a quantization that nobody ran" table --model "Llama 2 7B" --quantization Q5_K $samples/llama.cpp-apple/m1*
has '^error: no result has quantization "Q5_K"' "the part that found nothing, not the one that did"
run 2 "parts that find something only apart" table --metric memory_bandwidth --model "Llama 2 7B" \
    $samples/llama.cpp-apple/m1-8c.json $samples/anemll-bench/m1.json
has 'each of them alone finds some' "says so"
run 2 "a part of a chip's name" table --chip RTX $samples/llama.cpp-gpu/*
has '^hint: there is NVIDIA .*RTX .* and [0-9]+ more$' "the nearest first, and how many more"
run 2 "coverage of a model that nobody ran" coverage --model "Lama" $samples/llama.cpp-apple/m1*
has '^hint: there is Llama 2 7B$' "says the same"
# Two sides with the same bytes under two names: each counts for itself.
cp $samples/llama.cpp-apple/m1-8c.json "$work/copy.json"
run 0 "a file and its copy" compare $samples/llama.cpp-apple/m1-8c.json "$work/copy.json"
has '^Q4_0 +tg128 .* 14\.2 +n/a +14\.2 +n/a +1\.0× ' "both have their figures"
run 0 "the gate of a file against its copy" check $samples/llama.cpp-apple/m1-8c.json --against "$work/copy.json"
has '^Held: 4 figures' "all are held"
# row FILE FIELDS: one row of our own JSON
row()
{
    printf '[{"metric":"generation_throughput","unit":"tok/s","chip":"Apple M1","value":9,%s}]\n' "$2" > "$work/$1.json"
}
row first '"model":"m","task":"t"'
row model '"model":"other","task":"t"'
row task '"model":"m","task":"u"'
row hash_a '"model":"m","task":"t","setup":{"quality_hash":"aaaa"}'
row hash_b '"model":"m","task":"t","setup":{"quality_hash":"bbbb"}'
for other in model task; do
    run 2 "the gate of another $other" check "$work/first.json" --against "$work/$other.json"
    has "^error: the baseline has another $other " "is refused: nothing was held"
done
run 0 "unless the sides were chosen by it" check "$work/first.json:task=t" --against "$work/task.json:task=u"
has '^Held: 1 figure$' "one figure"
has '1 judged by the size of the change alone: a test needs at least 6 values on each side\.$' "and no test"
run 2 "the gate of another output" check "$work/hash_a.json" --against "$work/hash_b.json"
run 0 "a comparison of other outputs" compare "$work/hash_a.json" "$work/hash_b.json"
has '9\.00 +n/a +9\.00 +n/a +– +– +other output$' "no factor and no verdict"
# Units of a metric that the catalogue does not know: two columns, never one.
for unit in points ops; do
    printf '[{"metric":"foo","unit":"%s","chip":"Apple M1","model":"m","task":"t","value":9}]\n' $unit > "$work/$unit.json"
done
run 0 "a metric in two units" table "$work/points.json" "$work/ops.json"
has 'foo, ops +95.{1,3}% +foo, points' "is two columns"
# Eight metrics have room in a table: of ten on three chips, two are left out, of nine one.
for most in 10 9; do
    awk -v most=$most 'BEGIN { printf "["; for (c = 1; c <= 3; c++) for (m = 1; m <= most; m++) printf "%s{\"metric\":\"foo%02d\",\"unit\":\"points\",\"chip\":\"Apple M%d\",\"model\":\"m\",\"task\":\"t\",\"value\":%d}", (c + m > 2) ? "," : "", m, c, m + c; print "]" }' > "$work/many$most.json"
    run 0 "a publication of $most metrics" publish "$work/many$most" "$work/many$most.json"
    cp "$work/many$most/RESULTS.md" "$work/out"
    if [ $most = 10 ]; then has '2 further metrics are in the data' "counts metrics, not their results"; else has '1 further metric is in the data' "and one in words for one"; fi
done
run 2 "sides in two units" compare "$work/points.json" "$work/ops.json"
has '^error: the sides have no workload in common' "have nothing in common"
sed 's/"ops"/"furlongs"/; s/foo/memory_bandwidth/' "$work/ops.json" > "$work/furlongs.json"
run 65 "a unit that does not convert" table "$work/furlongs.json"
has 'memory_bandwidth is in GB/s and "furlongs" does not convert to it' "is refused, and says where"
run 0 "one value" distribution "$work/first.json"
has 'Apple M1 +1 +submission +9\.00 +– +– +– +– ' "has no spread"
# Eight days at 10, eight at 8: the row where it changed, in the metric that changed.
day=0
while [ $day -lt 16 ]; do
    day=$((day + 1))
    printf '{"metric":"generation_throughput","unit":"tok/s","chip":"Apple M1","model":"m","task":"t","time":"2026-01-%02dT00:00:00Z","value":%s.0%s}\n' \
        $day $((day <= 8 ? 10 : 8)) $((day % 3))
done > "$work/days.ndjson"
run 0 "a history with a change" history "$work/days.ndjson"
has '^2026-01-09 .*change point: Generation throughput −20\.0.{1,3}%$' "says of which metric"
# What chips give for power and price; the figures of the example in efficiency_tables.c.
# measured FILE CHIP TOK_S WATTS
measured()
{
    printf '[{"metric":"generation_throughput","unit":"tok/s","chip":"%s","model":"m","task":"t","value":%s},
        {"metric":"power","unit":"W","chip":"%s","model":"m","task":"t","value":%s}]\n' "$2" "$3" "$2" "$4" > "$work/$1.json"
}
measured for_a "Apple M1 Max" 100 50
measured for_b "Apple M2" 60 20
measured for_c "Apple M3" 50 25
# prices LINE…
prices()
{
    { echo chip,price,currency,date,source && printf '%s\n' "$@"; } > "$work/prices.csv"
}
prices "M1 Max,1000,EUR,2026-11-01,a shop" "M1 Max,900,EUR,2025-11-01,a shop" "Apple M2,400,EUR,2026-11-01,a shop" \
    "M3,500,EUR,2026-11-02,a shop"
run 0 "per watt and per price" efficiency --prices "$work/prices.csv" "$work"/for_*.json
has 'Power, W +tok/s per W .*Price, EUR +Priced on +tok/s per 1,000 EUR' "units stand in the heading"
has '^M1 Max +100 +50\.0 +2\.00 +yes +1,000 +2026-11-01 +100 +yes ' "the newest price counts"
has '^M2 +60 +20\.0 +3\.00 +yes +400 +2026-11-01 +150 +yes ' "the most for a watt and for money"
has '^M3 +50 +25\.0 +2\.00 +no +500 +2026-11-02 +100 +no ' "what another beats is not on the frontier"
has 'nothing is tested' "and no claim is made"
run 0 "per watt alone" efficiency "$work"/for_*.json
lacks 'Price|EUR' "without prices"
run 0 "as CSV" efficiency --csv --prices "$work/prices.csv" "$work"/for_*.json
has 'generation_throughput_tok_s_per_w,.*generation_throughput_tok_s_per_1000_of_price' "with keys that say the units"
run 2 "neither power nor price" efficiency $samples/llama.cpp-apple/m1*
has '^hint: --prices FILE' "says what is missing"
printf '[{"metric":"generation_throughput","unit":"tok/s","chip":"Apple M2","model":"m","task":"t","value":60}]\n' > "$work/speed.json"
printf '[{"metric":"power","unit":"W","chip":"Apple M2","model":"m","task":"t","value":5}]\n' > "$work/power.json"
run 2 "power of another submission than the speed" efficiency "$work/speed.json" "$work/power.json"
# Of 12 chips; per watt and frontier as R has them: v / w; !any(v >= v[i] & w <= w[i] & (v > v[i] | w < w[i])).
of_r="
M1:41:14:2.928571428571:yes
M1 Pro:77:31:2.483870967741:no
M1 Max:130:58:2.241379310344:no
M2:52:15:3.466666666666:yes
M2 Pro:77:29:2.655172413793:yes
M2 Max:160:61:2.622950819672:no
M3:52:17:3.058823529411:no
M3 Pro:99:31:3.193548387096:yes
M3 Max:181:60:3.016666666666:yes
M4:60:16:3.75:yes
M4 Pro:150:40:3.75:yes
M4 Max:210:90:2.333333333333:yes
"
echo "$of_r" | awk -F: 'NF { printf "%s{\"metric\":\"generation_throughput\",\"unit\":\"tok/s\",\"chip\":\"Apple %s\",\"model\":\"m\",\"task\":\"t\",\"value\":%s},\n{\"metric\":\"power\",\"unit\":\"W\",\"chip\":\"Apple %s\",\"model\":\"m\",\"task\":\"t\",\"value\":%s}", n++ ? "," : "[", $1, $2, $1, $3 } END { print "]" }' > "$work/of_r.json"
run 0 "chips that R has judged" efficiency --csv "$work/of_r.json"
echo "$of_r" | sed -n "s/\(.*\):\(.*\):\(.*\):\(.*\):\(.*\)/^\"\1\",.*,\2,\3,\4[0-9]*,\"\5\",/p" | sed 's/^^/^"m, t [^"]*",/' > "$work/of_r"
number=$((number + 1))
if [ "$(grep -Ec -f "$work/of_r" "$work/out")" = 12 ]; then echo "ok $number - ratios and frontier are those of R"; else echo "not ok $number - ratios and frontier are those of R"; fi
printf '[{"metric":"generation_throughput","unit":"tok/s","chip":"Apple M1","model":"m","task":"t","value":9},
    {"metric":"sustained_ratio","unit":"ratio","chip":"Apple M1","model":"m","task":"t","value":0.8}]\n' > "$work/long.json"
run 0 "a long run" efficiency "$work/long.json"
has '^M1 +9\.00 +0\.80 +n/a +1 +1$' "sustained against peak"
prices "M1 Max,900,EUR,2026-11-01,a shop"
run 0 "prices of some" efficiency --prices "$work/prices.csv" --task tg128 --where quantization=Q4_0 \
    $samples/llama.cpp-apple/m1-max-32c.json $samples/llama.cpp-apple/m1-ultra-64c.json
has '^M1 Ultra \(20C/64G\) +83\.7 +– +– +– +– ' "what has none has no frontier"
prices "M1 Max,900,EUR,2026-11-01,a" "M2,1,USD,2026-11-01,a"
run 65 "two currencies" efficiency --prices "$work/prices.csv" "$work"/for_*.json
has 'prices\.csv:3: prices in EUR and USD: nothing is converted' "are refused with the line"
for wrong in "4090,1,EUR,2026-11-01,a" "M2,0,EUR,2026-11-01,a" "M2,1,EUR,today,a" "M2,1,euro,2026-11-01,a" "M2,1,EUR,2026-11-01,"; do
    prices "$wrong"
    run 65 "a price that is none: $wrong" efficiency --prices "$work/prices.csv" "$work"/for_*.json
    has '^error: .*prices\.csv:2: ' "and its line"
done
# What a figure pools, what counts nowhere, and what is only stated, is said.
pool() { printf '{"chip":"Apple M1","metric":"generation_throughput","unit":"tok/s","model":"m","task":"tg1","setup.flash":%s,"value":%s}\n' "$@"; }
{ pool true 10; pool false 20; } > "$work/pool.ndjson"
run 0 "a pool" table "$work/pool.ndjson"
has '^M1 pools runs that differ in flash \(yes, no\)\.$' "names what its runs differ in"
has '^Setups: different settings' "the legend stands below"
lacks '^Left out' "and all of it counts"
run 0 "two chips of two versions" table $samples/llama.cpp-gpu/nvidia-rtx-3080-cuda.json $samples/llama.cpp-gpu/nvidia-rtx-3060-cuda.json
has '^The rows come from 2 versions of llama-bench' "the versions are counted"
run 0 "two sides of two versions" compare $samples/llama.cpp-gpu/nvidia-rtx-3080-cuda.json $samples/llama.cpp-gpu/nvidia-rtx-3060-cuda.json
has '^The sides differ in version: 9c35706, baa9255\.$' "and named"
run 0 "a published page beside good files" table $samples/anemll-bench/*.json
has '^Left out: 13 quarantined submissions \(crosschip-analyze audit says why\)\.$' "what is quarantined is counted"
echo '{"chip":"Apple M1","metric":"generation_throughput","unit":"tok/s","model":"m","task":"tg1","value":0}' > "$work/zero.json"
run 2 "nothing but what is quarantined" table "$work/zero.json"
has '^hint: 1 is quarantined: crosschip-analyze audit says why$' "sends to the audit"
echo '{"chip":"Apple M1","metric":"generation_throughput","unit":"tok/s","model":"m","task":"tg1","n":9,"value":5,"min":4,"max":8,"stddev":1.5}' > "$work/stated.json"
run 0 "a figure without samples" distribution "$work/stated.json"
has '^Apple M1 +1  submission +5\.00? .* 4\.00? +8\.00? .* standard deviation 1\.50? as stated' "has the least and greatest of its source"
printf '%s\n' '{"chip":"Apple M1","model":"m","metric":"peak_power","unit":"W","task":"t","value":4}' \
    '{"chip":"Apple M2","model":"m","metric":"peak_power","unit":"W","task":"t","value":8}' > "$work/watts.ndjson"
run 0 "what is better when it is less" table "$work/watts.ndjson" --baseline M1
has '^Factors against M1; greater is better \(Peak power: baseline ÷ value\)\.$' "says how its factor is made"
# The page of one result: one file that loads nothing, and its Markdown.
cat > "$work/hostile.json" <<'END'
[{"metric":"generation_throughput","unit":"tok/s","model":"<script>alert(1)</script>|x","mode":"a","task":"tg1","n":3,"samples":[9,10,11]},
 {"metric":"peak_memory","unit":"MiB","model":"<script>alert(1)</script>|x","mode":"a","task":"tg1","value":200},
 {"metric":"generation_throughput","unit":"tok/s","model":"<script>alert(1)</script>|x","mode":"b","task":"tg1","n":3,"samples":[4,5,6]},
 {"metric":"peak_memory","unit":"MiB","model":"<script>alert(1)</script>|x","mode":"b","task":"tg1","value":100}]
END
run 0 "report" report -q $samples/llama.cpp-apple/m1-max-32c.json -o "$work/page"
cp "$work/page/report.html" "$work/out"
has '<svg viewBox=' "a chart stands in the page"
has "default-src 'none'" "nothing else is loaded"
lacks '(src|href)="(http|//|[a-z]+\.)' "no address outside of it"
has 'prefers-color-scheme' "light and dark"
cp "$work/page/report.md" "$work/out"
has '^# Llama 2 7B on Apple M1 Max|^# several|on Apple M1 Max$' "titled by model and chip"
has '^\| Chip \| Apple M1 Max \|' "the configuration"
has '\| 61\.2 \| tok/s \| Generation throughput \| – \| – \| – \| – \| n/a \|' "a figure without spread says so"
run 0 "report of hostile text" report -q "$work/hostile.json" -o "$work/hostile"
cat "$work/hostile/report.html" "$work/hostile/report.md" > "$work/out"
lacks '<script' "names of strangers stay text"
has '10\.0 ± 1\.0' "mean and deviation"
has 'No setting has the best value of every column' "what is gained and lost"
run 64 "report without a folder" report $samples/llama.cpp-apple/m1-max-32c.json
run 2 "a card needs a model before and after" report --card $samples/llama.cpp-apple/m1-max-32c.json
run 73 "a folder that cannot be made" report -q $samples/llama.cpp-apple/m1-max-32c.json -o "$work/out/x"
# The command of the workflow example, as it stands there.
command=$(sed -n '/crosschip-analyze check/,/gate.md/p' analyze/doc/gate/workflow.yml | tr -d '\134' | tr '\n' ' ' |
    sed 's/ && .*//; s/.*crosschip-analyze //; s/ > gate.md//')
cp $samples/llama.cpp-apple/m1-max-32c.json "$work/now.json"
mkdir -p "$work/bench" && cp $samples/llama.cpp-apple/m1-max-24c.json "$work/bench/baseline.json"
program=$(cd "$(dirname "$analyze")" && pwd)/crosschip-analyze
# shellcheck disable=SC2086
(cd "$work" && "$program" $command) > "$work/out" 2>&1
held=$?
number=$((number + 1))
if [ $held = 0 ] && [ -s "$work/gate.xml" ]; then echo "ok $number - the workflow example holds"; else echo "not ok $number - the workflow example holds"; fi
has '^## |^\| ' "and prints Markdown"
# What a gate says of its sides and its rules.
gpu=$samples/llama.cpp-gpu
run 1 "a gate of two chips" check --json $gpu/nvidia-rtx-4070-vulkan.json --against $gpu/nvidia-rtx-5090-cuda.json
has 'The sides differ in chip: NVIDIA GeForce RTX 5090, NVIDIA GeForce RTX 4070\.' "says so"
has '"property": "backend",' "and for programs"
run 64 "a threshold of no metric" check --threshold-for foo=3 $gpu/nvidia-rtx-4070-vulkan.json \
    --against $gpu/nvidia-rtx-5090-cuda.json
has '^hint: there is .*prompt_throughput' "names those that there are"
run 0 "several tables as CSV" scaling --csv --task tg128 --family M2 $samples/llama.cpp-apple/*.json
has '^"Llama 2 7B Q8_0, tg128[^"]*","M2 Max \(12C/38G\)",' "each row with the title of its table"
number=$((number + 1))
if [ "$(grep -c '^table,chip,' "$work/out")" = 1 ]; then echo "ok $number - below one header"; else echo "not ok $number - below one header"; fi
prices "Foo Chip,900,EUR,2026-11-01,a shop" "Apple M2,400,EUR,2026-11-01,a shop"
run 0 "a price of a chip without results" efficiency --prices "$work/prices.csv" "$work"/for_*.json
has 'warning: .*/prices\.csv:2: no result of "Foo Chip"' "is told of, with its line"
run 0 "report of two chips" report -q $samples/anemll-bench/m4.json $samples/anemll-bench/m1.json -o "$work/two"
cp "$work/two/report.md" "$work/out"
has '^\| llama_lm_head, ANE, lm_head \| Apple M1 \| 60\.9 ' "each row says of which"
cp "$work/page/report.md" "$work/out"
has '^\| What was run \| Mean ' "one chip has no column"
# ---- tables that say what they compare, against what, and what they leave out
run 0 "scaling of several backends" scaling --task tg128 $samples/llama.cpp-gpu/*.json
has ': Generation throughput of Ampere on CUDA$' "one table a backend, named"
lacks '^RTX 4080 SUPER ' "a Vulkan run is no measure of a CUDA one"
has '^Not shown: RTX 3060, RTX 3080, A100 \(which variant is not stated' "names what has no known cores"
has 'RTX 4070 on Vulkan, RTX 4080 SUPER on CUDA \(no other of its generation and backend' "and what stands alone"
run 2 "scaling of one chip a backend" scaling $samples/llama.cpp-gpu/nvidia-rtx-40[78]0*.json
has '^hint: Not shown: RTX 4070 on Vulkan, RTX 4080 SUPER on CUDA' "says why there is no table"
run 0 "scaling against a baseline" scaling --baseline "M1 Max" --where quantization=Q4_0 --task tg128 $samples/llama.cpp-apple/*.json
has '^M1 Ultra \(20C/64G\) +83\.7 +1\.53 +2\.67 +57 +2\.00 +77' "83.73 / 54.61, 64 / 24 cores, 800 / 400 GB/s"
has '^Against M1 Max \(10C/24G\), the baseline that was named\.' "names it"
has '^The baseline "M1 Max" has no row here\. Against M2 .*: the one with the fewest GPU cores\.' "or says that it is not here"
run 0 "scaling by bandwidth" scaling --family "RDNA 3.0" --task tg128 $samples/llama.cpp-gpu/*.json
has 'RX 7900 GRE, the smallest .*: the one with the least rated bandwidth\.' "says by what the smallest is the smallest"
# What audit finds names figure and file, what quality remarks is told there and found by audit.
printf '[{"metric":"peak_memory","unit":"MiB","model":"m","task":"t","n":3,"value":14745,"stddev":4290}]\n' > "$work/varies.json"
run 1 "audit of a figure that varies" audit "$work/varies.json"
has '^    Peak memory, MiB: standard deviation 4290 MiB of mean 14745 MiB is 29\.1 %$' "names figure and unit"
has '^    varies\.json, run 0, accepted$' "and the file"
mkdir -p "$work/other" && cp "$work/varies.json" "$work/other/varies.json" && echo >> "$work/other/varies.json"
run_any audit "$work/varies.json" "$work/other/varies.json"
has 'other/varies\.json, run 0' "with its folder where another has its name"
rwkv=tests/data/fuzz/formats/web-rwkv-gguf-md/web_rwkv-0
run 0 "quality of a broken kernel" quality $rwkv
has '^17918661603999143424 .* degenerate_output$' "the row says why"
has '^degenerate_output: The model repeats itself' "and what that means"
run 1 "audit finds what quality remarks" audit $rwkv
has '^degenerate_output \(flag\): AMD Radeon Graphics, 1b5-Q8_0$' "by the same name"
row slow '"model":"m","task":"t","setup":{"quality_hash":"aaaa"}'
sed 's/"value":9/"value":14.4/' "$work/hash_a.json" > "$work/fast.json"
run 0 "one output at two speeds" quality "$work/slow.json" "$work/fast.json"
has 'Median generation, tok/s +Least +Greatest ' "says that it is a median"
has '^aaaa +2 .* 11\.70 +9\.00 +14\.40 .* generation 1\.6× apart$' "of 9 and 14.4, which are far apart"
run 0 "history of a broken kernel" history --by version $rwkv
has '^2026-02-03 05:00 +not stated .*other output than before: not comparable +degenerate_output$' "a row has its flags and says what is not stated"
run 0 "history as CSV" history --csv --by version "$work/days.ndjson"
lacks 'not stated' "has no words for what is missing"
run 0 "history with a change point" history "$work/days.ndjson"
has '^Change points of Generation throughput, where at least 16 results .* of at least 8 .* 3 × ln n × .* below 3 % is none\.$' "and its rule"
run 0 "a mode without figures" modes tests/data/fuzz/formats/vlm-partitioner-json/vlm-0
has '^run_onnx: every run of this mode failed: nothing was measured\.$' "is named, with what the reader says"
echo "1..$number"
