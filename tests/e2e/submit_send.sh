#!/bin/sh
# crosschip-submit and a real collector: sent once, remembered, queued while it is away, nothing private in the bytes.
# Needs BIN (programs); prints TAP.
set -u
. tests/e2e/beside.sh
samples=$(pwd)/tests/data/samples
in_own_folder send

spooled()
{
    find "home/crosschip/spool/$1" -type f | wc -l
}

start
[ -n "$url" ]
ok $? "the collector is ready"

submit send "$samples/llama.cpp-apple/m1-max-24c.json" -s "$url" > out 2> err
[ $? = 0 ] && grep -q '^accepted sha256:[0-9a-f]\{64\}$' out && grep -q 'another machine' err
ok $? "a result of another machine is accepted, and the preview says so"
id=$(cut -d' ' -f2 out)
[ "$(spooled queue)" = 0 ] && [ -f "home/crosschip/spool/sent/$id.receipt" ]
ok $? "it leaves the queue with a receipt"

cp "$samples/llama.cpp-apple/m1-max-24c.json" copy.json
submit send copy.json -s "$url" > out 2> err
[ $? = 0 ] && grep -q "^accepted $id (sent before)" out
ok $? "the same file under another name is not sent again"
submit send --again copy.json -s "$url" > out 2> err
[ $? = 0 ] && grep -q "^accepted $id\$" out
ok $? "--again gets the same id"
submit status "$id" -s "$url" > out 2> err
[ $? = 0 ] && grep -q "^accepted $id" out
ok $? "status asks the collector"

submit send "$samples/anemll-bench/page-as-published.json" -s "$url" > out 2> err
[ $? = 0 ] && [ "$(grep -c '^quarantined sha256:.*(bandwidth_time_bytes)' out)" = 13 ]
ok $? "a page of thirteen machines makes thirteen bundles, all quarantined by the physics check"
submit send "$samples/anemll-bench/page-as-published.json" -s "$url" 2> err | grep -c 'sent before' > out
[ "$(cat out)" = 13 ]
ok $? "all thirteen are known the next time"

stop
submit send "$samples/llama.cpp-apple/m2-8c.json" "$samples/llama.cpp-apple/m1-max-24c.json" -s "$url" > out 2> err
[ $? = 75 ] && grep -q '^queued ' out && grep -q "^accepted $id (sent before)" out && [ "$(spooled queue)" = 1 ]
ok $? "while the collector is away the new one waits, the known one is known"
start
submit queue flush -s "$url" > out 2> err
[ $? = 0 ] && grep -q '^accepted ' out && [ "$(spooled queue)" = 0 ] && [ "$(spooled about)" = 0 ]
ok $? "queue flush sends it to the address named"
submit queue list --json > out
[ $? = 0 ] && grep -q 'm2-8c.json' out
ok $? "the list shows what was sent"

# Five clients at once with one spool: every bundle is stored, none waits, none is lost.
for i in 1 2 3 4 5 6; do
    sed "s/\"avg_ts\": *\([0-9]*\)/\"avg_ts\": \1$i/" "$samples/llama.cpp-apple/m2-max-30c.json" > "many$i.json"
done
clients=
for i in 1 2 3 4 5; do
    submit -q send many*.json -s "$url" > "out$i" 2> "err$i" &
    clients="$clients $!"
done
for client in $clients; do
    wait "$client"
done
[ "$(cat out1 out2 out3 out4 out5 | grep -c '^[a-z]* sha256:')" = 30 ] &&
    [ "$(cat out1 out2 out3 out4 out5 | sed 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/' | sort -u | wc -l)" = 6 ] &&
    ! grep -q '^queued\|^refused' out1 out2 out3 out4 out5 && [ "$(spooled queue)" = 0 ]
ok $? "five clients that send the same six files at once"

# Killed at a random moment, twenty times: afterwards nothing is left that a flush does not settle.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sed "s/\"avg_ts\": *\([0-9]*\)/\"avg_ts\": \1$i/" "$samples/llama.cpp-apple/m3-max-30c.json" > "kill$i.json"
    # Not through the function: its subshell would die in place of the program.
    "$bin/crosschip-submit" -q send "kill$i.json" -s "$url" > /dev/null 2>&1 &
    victim=$!
    sleep "0.00$i"
    kill -9 "$victim" 2>/dev/null
    wait "$victim" 2>/dev/null
done
submit -q queue flush -s "$url" > /dev/null 2> err
[ $? = 0 ] && [ "$(spooled queue)" = 0 ] && [ "$(spooled dead)" = 0 ]
ok $? "after twenty kills a flush settles the queue"
submit -q send kill*.json -s "$url" > out 2> err
[ $? = 0 ] && [ "$(sed 's/^[a-z]* \(sha256:[0-9a-f]*\).*/\1/' out | sort -u | wc -l)" = 20 ] && [ "$(grep -vc '^accepted\|^quarantined' out)" = 0 ]
ok $? "and each of the twenty is stored under one id"

# This machine's facts and secrets.
printf '[{"build_commit":"abc","build_number":1,"cpu_info":"","gpu_info":"","backends":"CPU","model_filename":"%s/models/x.gguf","model_type":"llama 7B Q4_0","model_size":3825065984,"model_n_params":6738415616,"n_prompt":512,"n_gen":0,"avg_ts":12.5,"stddev_ts":0.5}]' "$HOME" > local.json
submit send --dry-run local.json > bundle 2> err
[ $? = 0 ] && grep -q 'run here' err && grep -q '"kernel"' bundle
ok $? "a result that names no machine gets the facts of this one"
host=$(uname -n)
# A host may be called like a fact that is allowed: "vm" is one.
! grep -q -F "$HOME/models" bundle && ! sed 's/"virtualization":"[a-z0-9]*"//' bundle | grep -q -F "\"$host\""
ok $? "neither the home folder nor the host is in the bytes"
submit send --dry-run --elsewhere local.json > bundle 2> err
[ $? = 0 ] && ! grep -q '"kernel"' bundle
ok $? "--elsewhere keeps this machine out"
submit device --json > device.json 2> err && submit send --dry-run --elsewhere --device device.json local.json > bundle 2> err
[ $? = 0 ] && grep -q '"kernel"' bundle
ok $? "--device takes what device --json printed"
submit send --dry-run --set model="Llama 2 13B" --set chip="Apple M1" --set n_batch=7 local.json > bundle 2> err
[ $? = 0 ] && grep -q '"Llama 2 13B"' bundle && grep -q '"n_batch":7' bundle
ok $? "--set states what the file does not"
submit send --output bundle2 local.json > out 2> err
[ $? = 0 ] && grep -q '^written ' out && submit send --dry-run local.json 2> err | cmp -s - bundle2
ok $? "--output writes the same bytes"
submit send --json local.json -s "$url" > out 2> err
[ $? = 0 ] && grep -q '"state": "accepted"' out
ok $? "--json tells the outcome"
echo "1..$number"
