#!/bin/sh
# Charts of data and of what crosschip-analyze prints, asked by their layouts: which way is better, what factors refer
# to, which axes are logarithmic, that every mark has its words. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
plot=$BIN/crosschip-plot
analyze=$BIN/crosschip-analyze
data=tests/data/charts
samples=tests/data/samples
number=0
failed=0
if ! command -v python3 > /dev/null; then
    echo "1..0 # SKIP python3 is not there"
    exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-charts.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

cat > "$work/ask.py" << 'SCRIPT'
import json, sys
layout = json.load(open(sys.argv[1], encoding="utf-8"))
def texts(*roles):
    return [text["text"] for text in layout["texts"] if not roles or text["role"] in roles]
def boxes(role):
    return [text for text in layout["texts"] if text["role"] == role]
def marks(*kinds):
    return [mark for mark in layout["marks"] if mark["kind"] in kinds]
def subtitle():
    return " ".join(texts("subtitle"))
def footer():
    return " ".join(texts("footer")).replace("\u202f", " ")
def middle(text):
    return text["x"] + text["w"] / 2
def numbered(mark):
    """Whether a grid line has a number at it."""
    return any(abs(middle(text) - mark["x"]) < 1 for text in boxes("tick"))
sys.exit(0 if eval(sys.argv[2]) else 1)
SCRIPT

asked() { # asked WORDS QUESTION VERB FILE OPTION…
    words=$1 question=$2
    shift 2
    number=$((number + 1))
    if "$plot" "$@" --layout-json "$work/layout.json" 2> "$work/said" &&
        python3 "$work/ask.py" "$work/layout.json" "$question"; then
        echo "ok $number - $words"
    else
        echo "not ok $number - $words"
        sed 's/^/# /' "$work/said"
        failed=1
    fi
}

# Direction and companions of a heat map, series of grouped bars.
asked "half the time is twice as good" "'lower for inference time (ms)' in subtitle() and '0.51×' not in texts()" \
    heatmap $data/lm_head.csv
"$analyze" table --json --task tg128 --quantization Q4_0 $samples/llama.cpp-apple/*.json > "$work/table.json" 2> /dev/null
asked "intervals and run counts are no columns" "not any(text.endswith(('_low', '_high', '_runs')) for text in texts())" \
    heatmap "$work/table.json"
cat > "$work/runs.csv" << 'TABLE'
chip,Generation (tok/s),Generation (tok/s)_low,Generation (tok/s)_high,Generation (tok/s)_runs
Board A,15000,,,30
Board B,2200,2090,2332,30
Board C,41.3,39.2,43.8,4
Board D,0.017,0.016,0.018,30
TABLE
asked "run counts are no series" "len({m['series'] for m in marks('bar')}) == 1" \
    categories "$work/runs.csv" --y "Generation (tok/s)"

sed 's/Board/NVIDIA GeForce RTX 4090 Laptop GPU 16GB Max-Q/' "$work/runs.csv" > "$work/long.csv"

# What the data contradicts, and what a layout has no room for.
asked "bytes that differ by chip are told" \
    "'bandwidth × time' in footer() and 'M4 Pro 0.486 GB (+17' in footer() and 'M4 Max' in footer()" chips $data/lm_head.csv
grep -v M4 $data/lm_head.csv > "$work/same.csv"
asked "bytes that are the same are not" "'bandwidth × time' not in footer()" chips "$work/same.csv"
asked "a phone's chart says what it leaves out" "'Left out at this width: 95 % CI as figures, run counts.' in footer()" \
    chips $data/ecdsa_verify.csv --width 400
asked "a page's leaves nothing out" "'Left out' not in footer() and texts('runs')" chips $data/ecdsa_verify.csv
asked "unknown spread is told of factors" "'no intervals, and factors carry' in footer()" chips $data/lm_head.csv
asked "but not where none is drawn" "'no intervals. Bars' in footer() and 'factors' not in footer()" \
    chips $data/lm_head.csv --baseline none
asked "variants are explained" "'76c = GPU cores' in footer()" chips $data/many_chips.csv

# The baseline of a table, and small factors.
"$analyze" table --json $samples/anemll-bench/*.json > "$work/table.json" 2> /dev/null
asked "the table's baseline is that of the chart" "'relative to M1,' in subtitle()" chips "$work/table.json"
"$analyze" table --json $samples/llama.cpp-gpu/*.json $samples/llama.cpp-apple/*.json > "$work/table.json" 2> /dev/null
asked "also with its backend" "'vs Tesla V100' in texts()" chips "$work/table.json"
asked "--baseline goes before it" "'vs H100' in texts()" chips "$work/table.json" --baseline H100
asked "small factors keep two digits" "'0.0028×' in texts('factor')" chips "$work/runs.csv" --baseline "Board A"

# Evidence.
asked "four runs give no interval" \
    "sorted(texts('interval-share')).count('–') == 2 and texts('runs').count('4') == 1" chips "$work/runs.csv"

# Axes.
asked "a scatter says that its axes are logarithmic" "'Both axes logarithmic' in subtitle()" \
    scatter $data/bandwidth_latency.csv
asked "also behind other words" "'Ours · Both axes logarithmic' in subtitle()" \
    scatter $data/bandwidth_latency.csv --subtitle Ours
printf 'chip,Speed (tok/s),Time (ms)\nA,1,5\nB,2,4\nC,3,3\n' > "$work/near.csv"
asked "a linear one does not" "'ogarithmic' not in subtitle()" scatter "$work/near.csv"
asked "so does the one of loads" "'Both axes logarithmic' in subtitle()" serving $data/serving_loads.csv
asked "whose ticks go by 1, 2 and 5" \
    "all(t.replace(',', '').strip('0.')[:1] in ('1', '2', '5') for t in texts('tick')) and len(texts('tick')) > 8" \
    serving $data/serving_loads.csv
printf 'chip,output_throughput_tok_s,median_latency_s,request_rate\nA,10,5,1\nA,500,6,2\n' > "$work/wide.csv"
asked "one logarithmic axis is called by its name" "'Horizontal axis logarithmic' in subtitle()" \
    serving "$work/wide.csv"
for width in 400 800; do
    asked "the last grid line of grouped bars has its number, $width" \
        "numbered(max(marks('grid'), key=lambda m: m['x'])) and 'vs M1 Max' in texts()" \
        categories $data/modes.csv --metric "Memory bandwidth (GB/s)" --width $width
    asked "that of bars too, $width" "numbered(max(marks('grid'), key=lambda m: m['x']))" \
        chips "$work/long.csv" --width $width
done

# A history of few runs, and of many changes.
printf 'date,Speed (tok/s)\n2026-01-01,44\n2026-01-02,15.1\n2026-01-03,97\n2026-01-04,15.1\n2026-01-05,15.1\n' \
    > "$work/few.csv"
asked "few runs stand on the axis, without a level" \
    "len(marks('run')) == 5 and not marks('median', 'interval') and 'no band' in subtitle()" history "$work/few.csv"
asked "each change has its date" "len(texts('date')) == len(marks('change')) == 5" \
    history $data/fibonacci_l4.csv --width 400

# Names of points.
asked "no leader ends at the marker of another chip" \
    "not any(abs(p['x'] + p['w'] / 2 - x) < p['w'] / 2 and abs(p['y'] + p['h'] / 2 - y) < p['h'] / 2
             and not (p['row'] or '').endswith(name)
             for l in marks('leader') for p in marks('point') for x, y in ((l['x'], l['y']),)
             for name in [min(boxes('name') + boxes('number'), key=lambda t: min(
                 abs(t['x'] - l['x'] - l['w']), abs(t['x'] + t['w'] - l['x'] - l['w'])) +
                 abs(t['y'] + t['h'] / 2 - l['y'] - l['h']))['text']] if not name.isdigit())" \
    scatter $data/bandwidth_latency.csv --limit 3830
asked "names of crowded points find places in another order" "not boxes('number') and len(boxes('name')) == 15" \
    scatter $data/bandwidth_latency.csv --limit 3800
asked "a number leaves its marker as full as it was" \
    "boxes('number') and not any(
        abs(h['x'] + h['w'] / 2 - middle(n)) < 1 and abs(h['y'] + h['h'] / 2 - n['y'] - n['h'] / 2) < 4
        for h in marks('hole') for n in boxes('number'))" \
    scatter $data/bandwidth_latency.csv --limit 3830 --width 400

# Scaling as crosschip-analyze prints it.
"$analyze" scaling --json --task pp512 $samples/llama.cpp-apple/*.json > "$work/scaling.json" 2> /dev/null
asked "one panel of the metric, with its workload" \
    "texts('panel') == ['Prompt throughput'] and 'Llama 2 7B' in subtitle() and 'pp512' in subtitle()" \
    scaling "$work/scaling.json"
asked "with all generations that it printed of that workload" \
    "len(boxes('label')) == 4 and len({m['series'] for m in marks('line')}) == 4" scaling "$work/scaling.json"
asked "against cores, which prompts are bound by" "any('GPU cores' in text for text in texts())" \
    scaling "$work/scaling.json"
# The bytes of a picture do not depend on what an account prefers; what FONTCONFIG_FILE names counts.
if fc-list 2> /dev/null | grep -q '^/usr/share/fonts/.*: Inter:'; then
    mkdir -p "$work/settings/fontconfig"
    cat > "$work/settings/fontconfig/fonts.conf" << 'SETTINGS'
<?xml version="1.0"?><fontconfig><match target="pattern"><test name="family"><string>Inter</string></test>
<edit name="family" mode="assign" binding="same"><string>DejaVu Sans Mono</string></edit></match></fontconfig>
SETTINGS
    "$plot" chips $data/lm_head.csv -o "$work/plain.png"
    XDG_CONFIG_HOME="$work/settings" "$plot" chips $data/lm_head.csv -o "$work/preferred.png"
    FONTCONFIG_FILE="$work/settings/fontconfig/fonts.conf" "$plot" chips $data/lm_head.csv -o "$work/named.png" \
        2> /dev/null
    number=$((number + 1))
    if cmp -s "$work/plain.png" "$work/preferred.png" && ! cmp -s "$work/plain.png" "$work/named.png"; then
        echo "ok $number - fonts are those of the usual folders, or of FONTCONFIG_FILE"
    else
        echo "not ok $number - fonts are those of the usual folders, or of FONTCONFIG_FILE"
        failed=1
    fi
fi
echo "1..$number"
exit $failed
