#include <stdio.h>

#include "submit/bench/bench.h"

struct product {
    struct lm_head *head;
    struct team *team;
};

static void multiply(void *context)
{
    const struct product *product = context;
    lm_head_multiply(product->head, product->team);
}

static int measure(struct bench *bench, enum lm_type type, size_t rows, struct lm_head *head, struct err *err)
{
    static const char *const shown[LM_TYPES] = {
        [LM_F16] = "lm_head: fp16", [LM_I8] = "lm_head: int8", [LM_F32] = "lm_head: fp32"};
    autosamples struct samples samples = {0};
    struct product product = {head, bench->team};
    const bool whole = rows == LM_HEAD_ROWS;
    bench_set_progress(bench, shown[type], 0);
    int r = lm_head_open(type, rows, 1, bench->kernels, bench->ground.bytes, bench->team, head, err);
    if (r < 0)
        return r;
    struct run *run = bench_begin_run(bench, whole ? "llama_lm_head" : "lm_head", lm_quantization(type), NULL,
                                      "lm_head", team_size(bench->team));
    r = bench_take(bench, run, shown[type], multiply, &product, &samples, err);
    if (r == 0)
        r = bench_check_hash(bench, run, head, err);
    if (r < 0)
        return r;
    bench_add_passes(bench, run, &samples, (double)lm_head_bytes(type, rows));
    if (!whole) /* other work than the whole layer: never in one cell with it */
        parameters_set_number(&bench->reading->arena, &run->workload.parameters, "rows", (double)rows);
    return 0;
}

int bench_lm_head(struct bench *bench, struct err *err)
{
    static struct lm_head head; /* 20 KB of input: too much for a stack frame */
    int r = 0;
    for (int i = 0; r == 0 && i < LM_TYPES; i++) {
        const enum lm_type type = (enum lm_type)i;
        const double megabytes = (double)lm_head_bytes(type, LM_HEAD_ROWS) / 1e6;
        if (type == LM_F32 && bench->options->quick)
            continue;
        if (!bench->sizes.fits[type])
            bench_left_out(bench, "lm_head: %s weights (%.0f MB) do not fit into the free memory",
                           lm_quantization(type), megabytes);
        else
            r = measure(bench, type, LM_HEAD_ROWS, &head, err);
        lm_head_close(&head);
    }
    if (r == 0 && !bench->sizes.fits[LM_I8] && bench->sizes.rows > 0) {
        bench_left_out(bench, "lm_head: int8 weights with %zu rows instead of %zu", bench->sizes.rows, LM_HEAD_ROWS);
        r = measure(bench, LM_I8, bench->sizes.rows, &head, err);
        lm_head_close(&head);
    }
    return r;
}
