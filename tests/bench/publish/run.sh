#!/bin/sh
# make bench-publish: about 10,000 published values of 500 chips from a database to everything on disk: for the first
# time, again without new data, and after one new submission. The values are those of ../shared/corpus/crosschip where
# that is there (CSV=FILE for others), else as many made up in the same shape. Medians over ROUNDS (3).
#
# One line a figure: NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short. The first two stand beside what the data set
# should take (5 s, 200 MiB), the others beside the first publication. Memory is that of the largest process. Needs BIN (programs) and TESTBIN (watched).
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
rounds=${ROUNDS:-3}
csv=${CSV:-../shared/corpus/crosschip/crosschip.csv}
collector=$BIN/crosschip-collector
bin=$(pg_config --bindir)
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-bench.XXXXXX") || exit 1
chmod 755 "$work"
pid=''
trap 'finish' EXIT
trap 'exit 130' INT TERM
finish()
{
    [ -n "$pid" ] && kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null
    [ -n "${folder:-}" ] && rm -rf "$folder"
    rm -rf "$work"
}
fail()
{
    echo "bench-publish: $1" >&2
    [ -s "$work/log" ] && tail -n 5 "$work/log" >&2
    exit 1
}
median() { sort -g "$1" | awk -v column="$2" '{ v[NR] = $column } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }

# Four metrics of one model on all chips, and 370 models with few chips and one or two metrics each.
made_up()
{
    awk 'BEGIN {
        print "chip,vendor,chip_family,generation,memory_bandwidth_gb_s_theoretical,tool,model,quantization,metric,unit,value,stddev,source,config,higher_is_better"
        split("generation prompt ttft localscore", names, " ")
        for (model = 0; model < 373; model++) {
            chips = model == 0 ? 487 : model < 3 ? 247 : 5 + model % 5
            for (i = 0; i < chips; i++)
                for (metric = 1; metric <= (model < 3 ? 4 : 2); metric++)
                    printf "Chip %d,,,,,tool-%d,model-%d,Q%d_0,%s,%s,%.2f,,source-%d,,%d\n", (i * (1 + model % 7)) % 500, model % 14,
                        model, 4 + model % 3, names[metric], metric < 3 ? "t/s" : "ms", 10 + (i * 37 + model * 11 + metric * 5) % 900, i % 9, metric != 3
        }
    }'
}
if [ -r "$csv" ]; then cp "$csv" "$work/given.csv"; else made_up > "$work/given.csv"; fi
chmod 644 "$work/given.csv"

# Only for its PostgreSQL: nothing is sent to it.
"$collector" serve --listen 127.0.0.1:0 --data "$work/data" > "$work/out" 2> "$work/log" &
pid=$!
waited=0
while ! grep -q listening "$work/out" && kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
folder=$(cat "$work/data/cluster" 2> /dev/null || echo "$work/data")
socket=$(sed -n 5p "$folder/pgdata/postmaster.pid") || fail "the collector does not start"
"$bin/psql" -qAtX -h "$socket" -U crosschip_admin postgres -c "create database pages owner crosschip" || fail "no database"
uri="postgresql:///pages?host=$socket&user=crosschip"
"$collector" migrate --database "$uri" > /dev/null || fail "no schema"
sql() { "$bin/psql" -qAtX -h "$socket" -U crosschip pages "$@"; }
columns="chip text, vendor text, chip_family text, generation text, bandwidth text, tool text, model text, quantization text, metric text, unit text, value text, stddev text, source text, config text, higher_is_better text"
load() # load FILE
{
    { echo "create temporary table given ($columns);"
      printf '%s\n' "\\copy given from '$1' with (format csv, header)"
      cat tests/bench/publish/load.sql; } | sql > "$work/log" 2>&1 || fail "no rows"
}
load "$work/given.csv"
{ head -n 1 "$work/given.csv"; sed -n 2p "$work/given.csv" | sed 's/,[^,]*$/,1/'; } > "$work/one.csv"
publish() # publish FILE FOLDER
{
    "$TESTBIN/bench/publish/watched" "$BIN/crosschip-analyze" publish -q --database "$uri" "$2" >> "$work/$1" 2> "$work/log" ||
        fail "publishing fails"
}
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    # Never where files were just deleted: ext4 walks past every inode freed in the last minute.
    pages=$work/pages.$round
    publish cold "$pages"
    publish unchanged "$pages"
    sed "2s/.*/Apple M1 Max,,,,,llama-bench,LLaMA 7B v2,Q4_0,tg128,t\/s,6$round.5,,newcomer $round,,1/" "$work/one.csv" > "$work/new.csv"
    chmod 644 "$work/new.csv"
    load "$work/new.csv"
    publish new "$pages"
done
report() # report NAME FILE COLUMN UNIT BASELINE GOAL
{
    awk -v name="$1" -v ours="$(median "$work/$2" "$3")" -v unit="$4" -v other="$5" -v goal="$6" 'BEGIN {
        ratio = ours / other
        printf "%s %.0f %s baseline=%.0f ratio=%.2f goal=%.2f %s\n", name, ours, unit, other, ratio, goal, (ratio <= goal) ? "ok" : "short"
    }'
}
sql -c "select count(*) || ' measurements, ' || count(distinct chip_name) || ' chips, ' || count(distinct submission_id) || ' submissions' from measurement join run using (submission_id, run_no)"
echo "$(find "$pages" -type f | wc -l) files, $(du -sm "$pages" | cut -f 1) MiB"
report publish_first cold 1 ms 5000 1
report publish_first_memory cold 2 MiB 200 1
report publish_unchanged unchanged 1 ms "$(median "$work/cold" 1)" 0.1
report publish_one_new new 1 ms "$(median "$work/cold" 1)" 0.2
