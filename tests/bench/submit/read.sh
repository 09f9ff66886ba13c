#!/bin/sh
# Part of make bench-submit: reading a 100 MB llama-bench JSONL as check and send do, against cJSON_Parse of its lines,
# interleaved; and the memory that it takes beside that of a tenth of the file. Needs BIN and TESTBIN. MEGABYTES (100),
# ROUNDS (5). Prints NAME VALUE UNIT baseline=VALUE ratio=R goal=G ok|short.
set -u
BIN=${BIN:-build/release/bin}
TESTBIN=${TESTBIN:-build/release/tests}
megabytes=${MEGABYTES:-100}
work=$(mktemp -d "${TMPDIR:-/tmp}/crosschip-read.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# make_file BYTES: records as llama-bench -o jsonl prints them, every one other figures.
make_file()
{
    awk -v size="$1" 'BEGIN {
        srand(1)
        for (n = 0; n < size; n += length(line) + 1) {
            m = 0; ts = ""; ns = ""
            for (i = 0; i < 5; i++) { v[i] = 7000 + 1000 * rand(); m += v[i] / 5
                ts = ts (i ? ", " : "") sprintf("%.2f", v[i]); ns = ns (i ? ", " : "") sprintf("%d", 512e9 / v[i]) }
            d = 0
            for (i = 0; i < 5; i++) d += (v[i] - m) ^ 2 / 4
            line = sprintf("{\"build_commit\": \"8cf427ff\", \"build_number\": 5163, \"cpu_info\": \"AMD Ryzen 7 7800X3D 8-Core Processor\", \"gpu_info\": \"NVIDIA GeForce RTX 4080\", \"backends\": \"CUDA\", \"model_filename\": \"models/Qwen2.5-7B-Instruct-Q4_K_M.gguf\", \"model_type\": \"qwen2 7B Q4_K - Medium\", \"model_size\": 4677120000, \"model_n_params\": 7615616512, \"n_batch\": 2048, \"n_ubatch\": 512, \"n_threads\": %d, \"cpu_mask\": \"0x0\", \"cpu_strict\": false, \"poll\": 50, \"type_k\": \"f16\", \"type_v\": \"f16\", \"n_gpu_layers\": 99, \"split_mode\": \"layer\", \"main_gpu\": 0, \"no_kv_offload\": false, \"flash_attn\": false, \"tensor_split\": \"0.00\", \"use_mmap\": true, \"embeddings\": false, \"n_prompt\": 512, \"n_gen\": 0, \"test_time\": \"2025-04-24T11:57:09Z\", \"avg_ns\": %d, \"stddev_ns\": 100000, \"avg_ts\": %.6f, \"stddev_ts\": %.6f, \"samples_ns\": [ %s ], \"samples_ts\": [ %s ]}", 1 + int(63 * rand()), 512e9 / m, m, sqrt(d), ns, ts)
            print line
        }
    }'
}
figure() { # NAME VALUE UNIT BASELINE GOAL
    awk -v n="$1" -v v="$2" -v u="$3" -v b="$4" -v g="$5" 'BEGIN {
        printf "%s %.4g %s baseline=%.4g ratio=%.3f goal=%s %s\n", n, v, u, b, v / b, g, v / b <= g ? "ok" : "short" }'
}

make_file "${megabytes}000000" > "$work/long.jsonl"
make_file "${megabytes}00000" > "$work/short.jsonl"
round=0
while [ $round -lt "${ROUNDS:-5}" ]; do
    for reader in ours cjson; do "$TESTBIN/bench/submit/read" $reader "$work/long.jsonl" >> "$work/$reader"; done
    round=$((round + 1))
done
if [ "$(awk '{ print $2 }' "$work/ours" | sort -u)" != "$(wc -l < "$work/long.jsonl" | tr -d ' ')" ]; then
    echo "bench-submit: not every record was read" >&2
    exit 1
fi
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'; }
figure submit_read_jsonl "$(median "$work/ours")" s "$(median "$work/cjson")" 2
memory() { "$TESTBIN/e2e/measured" "$BIN/crosschip-submit" check --json "$1" | awk '{ print $3 }'; }
figure submit_read_memory "$(memory "$work/long.jsonl")" KiB "$(memory "$work/short.jsonl")" 1.1
