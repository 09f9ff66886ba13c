#!/bin/sh
# The demo: a private PostgreSQL and a collector on a free loopback port, the sample results through the
# real crosschip-submit, and reports/ from the real crosschip-analyze. Stops what it started.
# demo.sh [--serve] [--into DIR]    --serve leaves the collector running until Ctrl-C
#                                   --into publishes elsewhere (tests compare it with reports/)
set -eu
cd "$(dirname "$0")/.."
serve="" into=reports
while [ $# -gt 0 ]; do
    case $1 in
    --serve) serve=yes ;;
    --into) shift; into=$1 ;;
    *) echo "error: demo.sh does not know $1" >&2; exit 64 ;;
    esac
    shift
done
bin=${BIN:-build/bin}
work=${CROSSCHIP_DEMO:-build/demo}
mkdir -p "$work"
collector=""
finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$collector" ]; then
        kill -TERM "$collector" 2>/dev/null || true
        wait "$collector" 2>/dev/null || true
    fi
    exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Nothing of this machine or account may reach the result: own settings, own key, own spool.
export CROSSCHIP_CONFIG=tests/data/samples/crosschip.conf
export SOURCE_DATE_EPOCH=0
rm -rf "$work/spool"
: > "$work/collector.out"
mkdir -p "$into"
"$bin/crosschip-collector" serve --listen 127.0.0.1:0 --data "$work/data" --site "$into" > "$work/collector.out" 2> "$work/collector.err" &
collector=$!
waited=0
while ! grep -q '^listening on ' "$work/collector.out"; do
    if ! kill -0 "$collector" 2>/dev/null; then
        cat "$work/collector.err" >&2
        wait "$collector" || status=$?
        collector=""
        exit "${status:-69}"
    fi
    waited=$((waited + 1))
    if [ "$waited" -gt 1200 ]; then
        cat "$work/collector.err" >&2
        echo "error: the collector was not ready after 60 s" >&2
        exit 69
    fi
    sleep 0.05
done
server=$(sed -n 's/^listening on //p' "$work/collector.out" | head -n 1)
echo "Collector: $server (data in $work/data)"

# The key that binds a withdrawal; the same everywhere, so that the ids of the samples are.
umask 077
cp tests/data/samples/demo.key "$work/demo.key"
chmod 600 "$work/demo.key"
umask 022
[ ! -e "$work/submitted.txt" ] || mv "$work/submitted.txt" "$work/submitted.before"
find tests/data/samples -name '*.json' | LC_ALL=C sort | xargs "$bin/crosschip-submit" send -q --elsewhere \
    --server "$server" --key "$work/demo.key" --spool "$work/spool" > "$work/submitted.txt"
echo "Submitted: $(grep -c '^accepted ' "$work/submitted.txt") accepted, $(grep -c '^quarantined ' "$work/submitted.txt" || true) quarantined"
# Samples that another version sent have other ids: beside these each result would stand twice.
ids() { cut -d ' ' -f 2 "$1" | LC_ALL=C sort; }
if [ -e "$work/submitted.before" ] && [ "$(ids "$work/submitted.before")" != "$(ids "$work/submitted.txt")" ]; then
    kill -TERM "$collector"
    wait "$collector" || true
    collector=""
    rm -rf "$work/data.before" "$work/submitted.before"
    mv "$work/data" "$work/data.before"
    echo "The samples have other ids than the last time: again with a new database (the old one: $work/data.before)"
    trap - EXIT INT TERM
    exec sh tests/demo.sh ${serve:+--serve} --into "$into"
fi

"$bin/crosschip-analyze" publish -q --data "$work/data" "$into"
echo "Published: $into/RESULTS.md, charts in $into/charts, tables in $into/data, pages in $into/site"
echo "Open $into/site/index.html in a browser, $into/RESULTS.md in a Markdown viewer, or $into/charts/*.png"
# The same everywhere is only what stands in reports/: this machine has a page of its own.
[ "$into" != reports ] || BIN=$bin sh tests/this_machine.sh "$work/this-machine"
if [ -n "$serve" ]; then
    echo "The collector goes on at $server with the published pages and those of new submissions; Ctrl-C stops it."
    echo "Open $server/"
    echo "Send one: $bin/crosschip-submit send --server $server FILE"
    wait "$collector" || true
    collector=""
fi
