#!/bin/sh
# A run that failed and one that its tool calls invalid are kept and shown, and count nowhere: straight from files and
# from the database. The rate of the good run is 100.5, those of the others 901.5. Needs BIN (programs); prints TAP.
set -u
BIN=${BIN:-build/release/bin}
analyze=$BIN/crosschip-analyze
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-failed.XXXXXX") || exit 1
chmod 755 "$work"
pid=
number=0
finish()
{
    [ -n "$pid" ] && kill -TERM "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
check()
{ # check TEXT COMMAND…
    number=$((number + 1))
    text=$1
    shift
    if "$@"; then echo "ok $number - $text"; else echo "not ok $number - $text"; fi
}
has() { grep -Eq -- "$1" "$work/out"; }
lacks() { ! grep -Eq -- "$1" "$work/out"; }
# run WANTED TEXT COMMAND…: exit status; both outputs in out
run()
{
    wanted=$1 text=$2
    shift 2
    "$@" > "$work/out" 2>&1
    got=$?
    number=$((number + 1))
    if [ "$got" = "$wanted" ]; then
        echo "ok $number - $text"
    else
        echo "not ok $number - $text: exit $got"
        sed 's/^/# /' "$work/out"
    fi
}
# log NAME RATE PASSED|FAILED
log()
{
    cat > "$work/$1" << LOG
&&&& RUNNING TensorRT.trtexec [TensorRT v101601] # trtexec --onnx=resnet50.onnx
[12/31/2025-23:59:58] [I] === Model Options ===
[12/31/2025-23:59:58] [I] Model: resnet50.onnx
[12/31/2025-23:59:58] [I] Selected Device: NVIDIA H100 PCIe
[12/31/2025-23:59:58] [I] === Performance summary ===
[12/31/2025-23:59:58] [I] Throughput: $2 qps
&&&& $3 TensorRT.trtexec # trtexec --onnx=resnet50.onnx
LOG
}
log good.log 100.5 PASSED
log failed.log 901.5 FAILED
cat > "$work/stream.txt" << RESULT
STREAM version \$Revision: 5.10 \$
Function    Best Rate MB/s  Avg time     Min time     Max time
Copy:          901500.0     0.028500     0.028312     0.029001
-----
Failed Validation on array a[], AvgRelAbsErr > epsilon (1.000000e-13)
RESULT

# ---- straight on files
run 0 "a table of a good and a failed run" "$analyze" table "$work/good.log" "$work/failed.log"
check "has the good one alone" has '^1 .* 100 '
check "and not the other" lacks '90[12]|501'
run 2 "a failed run alone is nothing to compare" "$analyze" table "$work/failed.log"
check "and the reason is said" has 'hint: .*failed'
run 2 "a comparison with it" "$analyze" compare "$work/good.log" "$work/failed.log"
check "says why there is none" has 'its runs failed or are invalid'
run 2 "a gate that is given it" "$analyze" check "$work/failed.log" --against "$work/good.log"
run 0 "its own page" "$analyze" report -q "$work/failed.log" -o "$work/page"
check "shows the figure with the remark" grep -Eq '90[12].*failed' "$work/page/report.md"

# ---- from the database
"$BIN/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/serve" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q '^listening on ' "$work/serve" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
server=$(sed -n 's/^listening on //p' "$work/serve")
run 0 "all three are sent" "$BIN/crosschip-submit" send -q --elsewhere --set chip="NVIDIA H100 PCIe" \
    --server "$server" --key "$work/key" --spool "$work/spool" \
    "$work/good.log" "$work/failed.log" "$work/stream.txt"
run 0 "the table from the database" "$analyze" table --data "$work/data"
check "has the good one alone" has '^1 .* 100 '
check "and not the others" lacks '90[12]|501'
run 0 "published" "$analyze" publish -q --data "$work/data" "$work/reports"
check "the report counts what it left out" grep -q 'Left out: 2 runs of accepted' "$work/reports/RESULTS.md"
check "so does the provenance" grep -q '"failed_runs": 2' "$work/reports/data/provenance.json"
check "both are in the data, marked" test "$(grep -c '"accepted","failed"' "$work/reports/data/measurements.csv")" -ge 2
check "and in no figure" sh -c "! grep -Eq '90[12]\.?5?,' '$work/reports/data/figures.csv'"
echo "1..$number"
