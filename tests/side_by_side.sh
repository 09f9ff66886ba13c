#!/bin/sh
# Draws the data of the reference pictures and puts reference | ours into one picture each, to be looked at:
# side_by_side.sh REFERENCE_FOLDER [OUTPUT_FOLDER]   (needs ImageMagick)
set -eu
cd "$(dirname "$0")/.."
references=${1:?folder with a_chip_comparison.png and the others}
into=${2:-build/side-by-side}
plot=${BIN:-build/bin}/crosschip-plot
mkdir -p "$into"
family() { # family NAME VERB DATA OPTION…: NAME.png beside the reference, NAME.phone.png alone, dark and narrow
    name=$1 verb=$2 data=$3
    shift 3
    "$plot" "$verb" "tests/data/charts/$data" -o "$into/$name.ours.png" "$@"
    "$plot" "$verb" "tests/data/charts/$data" -o "$into/$name.phone.png" --width 400 --theme dark "$@"
    convert "$references/$name.png" "$into/$name.ours.png" -background grey50 +append "$into/$name.png"
    echo "$into/$name.png"
}
lm_head_footer="Check failed: bandwidth × time should be the same bytes on every chip; it is 0.41–0.42 GB on M1/M2, 0.46–0.49 GB on M4."
family a_chip_comparison chips lm_head.csv --baseline "M1 Max" --subtitle "llama_lm_head on the Apple Neural Engine. Factors (bold) are relative to M1 Max." \
    --footer "$lm_head_footer" --source "ANEMLL-Bench Results, llama_lm_head (standard)."
CROSSCHIP_THEME=dark family a_chip_comparison_dark chips lm_head.csv --baseline "M1 Max" --subtitle "llama_lm_head on the Apple Neural Engine. Factors (bold) are relative to M1 Max." \
    --footer "$lm_head_footer" --source "ANEMLL-Bench Results, llama_lm_head (standard)."
family g_many_chips chips many_chips.csv --baseline "M1 Max" --title "Generation throughput by chip, Llama 2 7B Q4_0" \
    --subtitle "LLaMA 2 7B Q4_0 text generation (tg128) in llama.cpp, tokens per second, higher is better →" \
    --source "llama.cpp discussions #4167 (Metal), #15013 (CUDA), #10879 (Vulkan); llm-tracker.info (Ryzen AI)."
family h_bars_with_ci chips ecdsa_verify.csv --baseline "Linux CPU" --sort input \
    --subtitle "Proof time for ecdsa_verify in seconds (median), ← lower is better. Factors vs Linux CPU." \
    --source "RISC Zero CI benchmark history (risc0/ghpages), 15 Jun – 15 Jul 2024."
family b_heatmap heatmap llama_7b.csv --baseline "M1 Max" --by "Text generation (128 tokens) | Q4_0" \
    --title "LLaMA 7B throughput by chip" \
    --subtitle "LLaMA 7B in llama.cpp (Metal), tokens per second, higher is better. Colour: factor versus M1 Max (32-core GPU)." \
    --footer "Each chip at its largest GPU; 76c = GPU cores. Newer chips ran newer builds." \
    --source "llama.cpp discussion #4167, Apple Silicon table (community)."
family e_scatter_frontier scatter bandwidth_latency.csv --limit 3800 --limit-text "3.8 GB of weights ÷ rated bandwidth" \
    --subtitle "LLaMA 7B Q4_0, time per generated token against rated memory bandwidth. Both axes logarithmic." \
    --source "llama.cpp discussion #4167, Apple Silicon table (community)."
family d_history history fibonacci_l4.csv --title "fibonacci-90 on the NVIDIA L4" \
    --subtitle "Proof time in ms, lower is better. 274 CI runs. Line: segment median; band: 95 % confidence interval." \
    --source "RISC Zero CI history (risc0/ghpages), g6.xlarge, Jun 2024 – Jun 2025."
family f_family_scaling scaling family_scaling.csv \
    --subtitle "Speed-up over the smallest chip of the same family against its extra resources. LLaMA 7B Q4_0; dashed = perfect scaling." \
    --source "llama.cpp discussion #4167 (community)."
family c_distribution distribution iter_sha2.csv --title "iter_sha2-100 by chip" \
    --subtitle "Proof time for iter_sha2-100, each run as % above or below its own chip’s median. Right of the line = slower." \
    --source "RISC Zero CI benchmark history (risc0/ghpages), 1 Dec 2024 – 31 Jan 2025, same CI period on every chip."
