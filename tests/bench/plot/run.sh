#!/bin/sh
# make bench-plot: the reference chart as a whole process beside matplotlib and gnuplot, fifty charts in one process,
# two hundred bars beside twenty, size and memory. All interleaved in one run, medians.
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. Needs BIN, TESTBIN (many, measured),
# python3 with matplotlib and gnuplot; what is missing is left out and said. ROUNDS (9).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-9}
here=$(dirname "$0")
data=$here/../../data/charts/lm_head.csv
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-plot.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

now() { date +%s.%N; }
# timed NAME COMMAND…: appends the seconds that it took.
timed()
{
    name=$1
    shift
    start=$(now)
    "$@" > "$work/output" 2>&1 || { echo "bench-plot: $name failed:" >&2; cat "$work/output" >&2; exit 1; }
    awk -v a="$start" -v b="$(now)" 'BEGIN { printf "%.6f\n", b - a }' >> "$work/$name"
}
median() { sort -g "$work/$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
figure() # NAME VALUE UNIT BASELINE RATIO GOAL least|most
{
    awk -v n="$1" -v v="$2" -v u="$3" -v b="$4" -v r="$5" -v g="$6" -v w="$7" 'BEGIN {
        good = w == "least" ? r >= g : r <= g
        printf "%s %.4g %s baseline=%.4g ratio=%.3f goal=%s %s\n", n, v, u, b, r, g, good ? "ok" : "short" }'
}
share() { awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'; }
bars() # COUNT
{
    echo "chip,generation_throughput"
    awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "Chip %03d,%d\n", i, 1000 - 3 * i }'
}
has_matplotlib=false has_gnuplot=false
# The system's own python has the packaged library, also where another one stands before it.
for python in python3 /usr/bin/python3; do
    "$python" -c 'import matplotlib' 2> /dev/null && has_matplotlib=true && break
done
command -v gnuplot > /dev/null && has_gnuplot=true
$has_matplotlib || echo "# python3 has no matplotlib: those comparisons are left out (make deps-bench)"
$has_gnuplot || echo "# gnuplot is not there: those comparisons are left out (make deps-bench)"

bars 20 > "$work/20.csv"
bars 200 > "$work/200.csv"
chart() { "$BIN/crosschip-plot" chips "$data" --baseline "M1 Max" -o "$work/ours.png"; }
long() { "$BIN/crosschip-plot" chips "$work/$1.csv" --baseline none -o "$work/long.png"; }
round=0
while [ $round -le "$rounds" ]; do
    timed ours chart
    timed ours50 "$TESTBIN/bench/plot/many" "$data" 50 "$work/many.png"
    timed ours50two "$TESTBIN/bench/plot/many" "$data" 50 "$work/many.png" 2
    timed bars20 long 20
    timed bars200 long 200
    $has_gnuplot && timed gnuplot gnuplot -e "data='$data'; count=1; out='$work/gnuplot.png'" "$here/chips.gp"
    $has_gnuplot && timed gnuplot50 gnuplot -e "data='$data'; count=50; out='$work/gnuplot.png'" "$here/chips.gp"
    $has_matplotlib && timed matplotlib "$python" "$here/chips.py" "$data" 1 "$work/matplotlib.png"
    $has_matplotlib && [ $((round % 3)) -eq 0 ] &&
        timed matplotlib50 "$python" "$here/chips.py" "$data" 50 "$work/matplotlib.png"
    # The first round warms caches of files and fonts for everybody and does not count.
    [ $round -eq 0 ] && for name in ours ours50 ours50two bars20 bars200 gnuplot gnuplot50 matplotlib matplotlib50; do
        rm -f "$work/$name"
    done
    round=$((round + 1))
done
one=$(median ours) fifty=$(median ours50)
figure plot_fifty_two_threads "$(median ours50two)" s "$fifty" "$(share "$fifty" "$(median ours50two)")" 1.8 least
if $has_matplotlib; then
    figure plot_one_matplotlib "$one" s "$(median matplotlib)" "$(share "$(median matplotlib)" "$one")" 20 least
    figure plot_fifty_matplotlib "$fifty" s "$(median matplotlib50)" "$(share "$(median matplotlib50)" "$fifty")" 18 least
fi
if $has_gnuplot; then
    figure plot_one_gnuplot "$one" s "$(median gnuplot)" "$(share "$(median gnuplot)" "$one")" 2.5 least
    figure plot_fifty_gnuplot "$fifty" s "$(median gnuplot50)" "$(share "$(median gnuplot50)" "$fifty")" 4.5 least
fi
figure plot_200_bars "$(median bars200)" s "$(median bars20)" "$(share "$(median bars200)" "$(median bars20)")" 2 most
size=$(wc -c < "$work/ours.png" | tr -d ' ')
figure plot_png_size "$size" B 40000 "$(share "$size" 40000)" 1 most
memory=$("$TESTBIN/e2e/measured" "$BIN/crosschip-plot" chips "$data" --baseline "M1 Max" -o "$work/ours.png" | awk '{ print $3 }')
figure plot_memory "$memory" KiB 32768 "$(share "$memory" 32768)" 1 most
