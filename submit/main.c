#include "submit/verbs.h"

static const struct verb verbs[] = {
    {"send", "[FILE…|-]", "send benchmark results to a collector",
     "Recognises the output of a benchmark program, takes private parts out of it, adds what this machine is where the "
     "output was made here, shows what goes, keeps it in a spool and uploads it. Without a collector it waits there "
     "(exit 75). "
     "One bundle is made of each machine that a file tells of. A bundle that --output wrote is sent as it is. "
     "A folder gives all files below it. On a terminal what only a person knows is asked, once for the device.",
     "llama-bench -m model.gguf -o json > result.json\n"
     "crosschip-submit send result.json --server https://collector.example\n"
     "crosschip-submit send --dry-run result.json\n"
     "crosschip-submit send --replaces sha256:0123…cdef corrected.json",
     send_options, 0, -1, cmd_send},
    {"run", "-- COMMAND…", "run a benchmark, watch the machine meanwhile, send the results",
     "Passes the output of the command through as it comes, and reads it when the command has ended; or the files that "
     "it wrote, with --results. Meanwhile it looks each second at power, clocks, temperature, load and memory, and "
     "flags "
     "runs that were slowed down by heat, on battery, or beside other programs that used the machine. A command that "
     "fails is not sent: its status is that of run (128 and the number of the signal that ended it). With --dry-run, "
     "--json and --output - what the command prints on stdout goes to stderr. Results that cannot be sent stay in a "
     "file crosschip-run-TIME.txt.",
     "crosschip-submit run -- llama-bench -m model.gguf -o json\n"
     "crosschip-submit run --results 'results-*.json' -- python3 bench.py",
     run_options, 1, -1, cmd_run},
    {"bench", "[memory|lm_head|together]…", "measure this machine's CPU and memory, and send the result",
     "For whoever has no benchmark at hand. memory: read, copy and triad over arrays of at least four times the last "
     "caches. lm_head: the product of the last layer of a Llama 3 model (4096 x 128,256 weights of fp16, int8, fp32) "
     "and a vector; its result is the same on every machine and is checked. together: two such models at once. All "
     "three unless some are named; with --sustained the product for minutes. Each figure is measured until the 95 % "
     "interval of its median is below 1 %, at most 300 times. What does not fit into the free memory is left out, "
     "and that is said. Without --json the result goes the way of `send`.",
     "crosschip-submit bench --quick\n"
     "crosschip-submit bench --server https://collector.example\n"
     "crosschip-submit bench --sustained 10 --json > sustained.json",
     bench_options_table, 0, -1, cmd_bench},
    {"check", "FILE…", "say what was understood of a file, or what is wrong and where",
     "Exits 0 when something was measured, 65 when not. Takes what `send` takes: output of a benchmark, folders of it, "
     "a bundle, or a text with bundles that --output wrote. Nothing is sent or stored.",
     "crosschip-submit check result.json\n"
     "crosschip-submit check --json result.md",
     check_options_table, 1, -1, cmd_check},
    {"device", NULL, "print the facts of this machine that a bundle may carry",
     "Only facts of the kinds printed here ever leave this machine: no host, user, serial or address.",
     "crosschip-submit device\n"
     "crosschip-submit device --json > laptop.json",
     device_options, 0, 0, cmd_device},
    {"formats", NULL, "list the benchmark outputs that can be read", NULL, "crosschip-submit formats", formats_options,
     0, 0, cmd_formats},
    {"chip", "NAME…", "tell which chip of the catalogue a name means",
     "A name that matches nothing is answered with the nearest ones; the exit status is 0 all the same.",
     "crosschip-submit chip \"Apple M1 Max\" \"NVIDIA GeForce RTX 4090\"", chip_options, 1, -1, cmd_chip},
    {"queue", "list|flush|drop ID…|prune", "look after the bundles that wait",
     "list: what waits (queued), what was refused and why, and what was sent, the oldest first. Refused is what a "
     "collector will never take, or what was damaged on disk: it lies in the folder dead of the spool. flush: send "
     "what waits, to --server or where it was meant to go. drop: remove queued and refused bundles for good. prune: "
     "remove old receipts.",
     "crosschip-submit queue list\n"
     "crosschip-submit queue flush --server https://collector.example",
     queue_options, 1, -1, cmd_queue},
    {"status", "ID", "tell what became of a submission",
     "Asks the collector that --server names, else the one that gave the receipt; where nobody answers it repeats the "
     "receipt and says so. "
     "The first line is its state and what the checks of its bundle found. A line follows for each decision of a rule "
     "that "
     "looks at other submissions too, with the name of the rule, the oldest first.",
     "crosschip-submit status sha256:0123…cdef --server https://collector.example", status_options, 1, 1, cmd_status},
    {"withdraw", "ID", "take a submission back",
     "It counts no more, and its bytes are removed from the collector. Proof is the secret that only the key of this "
     "client makes (or the token that it was sent with).",
     "crosschip-submit withdraw sha256:0123…cdef", withdraw_options, 1, 1, cmd_withdraw},
    {"claim", "ID", "put your name to a submission that was sent without one",
     "It then belongs to the contributor of your token, and counts as his. Proof is the secret that only the key of "
     "this "
     "client makes; whoever else has sent the same bytes loses them to you.",
     "crosschip-submit claim sha256:0123…cdef "
     "--token-file token",
     claim_options, 1, 1, cmd_claim},
    {"login", NULL, "store the token that a collector gave",
     "The token is read from the terminal without showing it, or from standard input, and kept in a file that only "
     "this "
     "account may read. A token can also be given by --token-file, or in the variable CROSSCHIP_TOKEN; never on a "
     "command "
     "line.",
     "crosschip-submit login --server https://collector.example", login_options, 0, 0, cmd_login},
    {"trust", NULL, "show or forget the keys by which receipts are checked",
     "The key that signs the first receipt of a collector is pinned, and every later receipt is checked by it, or by a "
     "key to which it leads. --server-key of other verbs counts for one call and never replaces it. Where a collector "
     "has a new key that the old one did not sign, ask its owner, forget the old one, and name the new one with "
     "--server-key: it is pinned once a receipt holds by it.",
     "crosschip-submit trust\n"
     "crosschip-submit trust --forget --server https://collector.example",
     trust_options, 0, 0, cmd_trust},
    {0},
};

static const struct program program = {
    "crosschip-submit",
    "send benchmark results, and see first what goes",
    "Reads what a benchmark program printed and sends it to a collector, with the facts of the machine and without "
    "anything personal. `send --dry-run` prints the exact bytes.",
    verbs,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
