#!/bin/sh
# The layouts of the reference pictures' data, on a page and on a phone, beside committed ones; a difference is told in
# lines. With one font family (DejaVu Sans) and no other, so that the fonts of a machine do not matter. UPDATE=1 writes
# them anew: look at the pictures (tests/side_by_side.sh) before that is committed. Each is also asked what a chart has
# to answer. Prints TAP.
set -u
BIN=${BIN:-build/release/bin}
plot=$BIN/crosschip-plot
here=$(dirname "$0")
golden=tests/data/charts/layouts
number=0
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-golden.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
command -v fc-list > /dev/null && [ ! -e $font ] && font=$(fc-list "DejaVu Sans:style=Book" file | sed 's/: *$//;q')
if [ ! -e "$font" ] || ! command -v python3 > /dev/null; then
    echo "1..0 # SKIP the font DejaVu Sans or python3 is not there"
    exit 0
fi
mkdir "$work/fonts" "$work/cache"
ln -s "$font" "$(dirname "$font")/DejaVuSans-Bold.ttf" "$work/fonts/"
printf '<?xml version="1.0"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' "$work/fonts" \
    "$work/cache" > "$work/fonts.conf"
export FONTCONFIG_FILE="$work/fonts.conf"

one() { # one NAME WIDTH THEME VERB FILE OPTION…
    name=$1.$2 width=$2 theme=$3 verb=$4 data=tests/data/charts/$5
    shift 5
    number=$((number + 1))
    if ! "$plot" "$verb" "$data" --width "$width" --theme "$theme" --layout-json "$work/$name.json" "$@"; then
        echo "not ok $number - $name is laid out"
        failed=1
        return
    fi
    other=light
    [ "$theme" = dark ] || other=dark
    "$plot" "$verb" "$data" --width "$width" --theme $other --layout-json "$work/$name.$other.json" "$@"
    [ -z "${UPDATE:-}" ] || python3 "$here/chart_layout.py" print "$work/$name.json" > "$golden/$name.txt"
    if python3 "$here/chart_layout.py" compare "$golden/$name.txt" "$work/$name.json" > "$work/differences"; then
        echo "ok $number - $name is laid out as before"
    else
        echo "not ok $number - $name is laid out as before"
        cat "$work/differences"
        failed=1
    fi
    number=$((number + 1))
    if python3 "$here/chart_layout.py" ask "$work/$name.json" "$work/$name.$other.json" > "$work/answers"; then
        echo "ok $number - $name answers what a chart has to"
    else
        echo "not ok $number - $name answers what a chart has to"
        cat "$work/answers"
        failed=1
    fi
}
both() { # both NAME VERB FILE OPTION…
    family=$1
    shift
    one "$family" 800 light "$@"
    one "$family" 400 dark "$@"
}
both chips chips lm_head.csv --baseline "M1 Max" --source "ANEMLL-Bench Results"
both chips_many chips many_chips.csv --baseline "M1 Max" --title "Generation throughput by chip, Llama 2 7B Q4_0"
both chips_intervals chips ecdsa_verify.csv --baseline "Linux CPU" --sort input
both heatmap heatmap llama_7b.csv --baseline "M1 Max" --by "Text generation (128 tokens) | Q4_0"
both distribution distribution iter_sha2.csv
both history history fibonacci_l4.csv --title "fibonacci-90 on the NVIDIA L4"
both scatter scatter bandwidth_latency.csv --limit 3800 --limit-text "3.8 GB of weights ÷ rated bandwidth"
both scaling scaling family_scaling.csv
both categories categories modes.csv --metric "Memory bandwidth (GB/s)"
both serving serving serving_loads.csv
both sustained sustained sustained_runs.csv

# The comparison itself: a text that moves, one that is gone and one that is new are each told.
number=$((number + 1))
first=$golden/chips.800.txt
[ -e "$work/chips.800.json" ] && sed -e 's/"text": "M4 Pro"/"text": "M4 Prx"/' -e 's/"y": 16\.[0-9]*/"y": 20/' \
    "$work/chips.800.json" > "$work/changed.json"
python3 "$here/chart_layout.py" compare "$first" "$work/changed.json" > "$work/differences"
if [ $? -eq 1 ] && grep -q '^# moved: title' "$work/differences" && grep -q '^# new: .*M4 Prx' "$work/differences" &&
    grep -q '^# gone: .*M4 Pro' "$work/differences"; then
    echo "ok $number - a changed layout is told by what moved, is new and is gone"
else
    echo "not ok $number - a changed layout is told by what moved, is new and is gone"
    sed 's/^/# /' "$work/differences"
    failed=1
fi
number=$((number + 1))
sed -e 's/"x": 24,/"x": 20,/' -e 's/better/other/' -e 's/"colour": "#5F6B76"/"colour": "#DDDDDD"/' "$work/chips.800.json" \
    > "$work/changed.json"
python3 "$here/chart_layout.py" ask "$work/changed.json" "$work/chips.800.dark.json" > "$work/answers"
if grep -q '^# 1: outside' "$work/answers" && grep -q '^# 12: ' "$work/answers" && grep -q '^# 15: ' "$work/answers"; then
    echo "ok $number - a chart that answers less is told what it does not answer"
else
    echo "not ok $number - a chart that answers less is told what it does not answer"
    failed=1
fi
echo "1..$number"
exit $failed
