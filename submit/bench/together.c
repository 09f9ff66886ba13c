/* Two models at once, as the dual-model test of ANEMLL-Bench does it: each alone, then both in parallel, and what they
 * reach together. Each model has its own half of the threads, alone and in parallel alike; in parallel both begin a
 * pass together.
 *
 * Combined bandwidth = bytes of both / time until both are done; bandwidth utilisation = combined / sum of both alone.
 */
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "submit/bench/bench.h"

#define MODELS 2
#define MODE "two_at_once"

struct side {
    struct lm_head head;
    struct team *team;
    double recent[SAMPLE_RUNS_MAX]; /* seconds of the last passes, in turn */
    size_t passes;
    double alone_gb_s;
};

struct pair {
    struct bench *bench;
    struct side sides[MODELS];
    struct team *drivers; /* one thread for each side */
    enum lm_type type;
};

static const char *const names[MODELS] = {"llama_lm_head", "DeepHermes_lm_head"};

static void pair_done(struct pair *pair)
{
    for (size_t i = 0; i < MODELS; i++) {
        team_close(pair->sides[i].team);
        lm_head_close(&pair->sides[i].head);
    }
    team_close(pair->drivers);
}

static void pass(void *context)
{
    struct side *side = context;
    const double began = sample_clock();
    lm_head_multiply(&side->head, side->team);
    side->recent[side->passes++ % SAMPLE_RUNS_MAX] = sample_clock() - began;
}

static void drive(void *context, size_t member, size_t begin, size_t end)
{
    struct pair *pair = context;
    (void)member;
    for (size_t i = begin; i < end; i++)
        pass(&pair->sides[i]);
}

static void pass_both(void *context)
{
    struct pair *pair = context;
    team_run(pair->drivers, drive, pair, MODELS, 1, false);
}

static double bytes_of(const struct pair *pair)
{
    return (double)lm_head_bytes(pair->type, LM_HEAD_ROWS);
}

static struct run *begin_run(struct pair *pair, const char *model, size_t threads)
{
    return bench_begin_run(pair->bench, model, lm_quantization(pair->type), MODE, "lm_head", threads);
}

static int measure_alone(struct pair *pair, size_t index, struct err *err)
{
    static const char *const shown[MODELS] = {"two models: first alone ", "two models: second alone"};
    struct side *side = &pair->sides[index];
    autosamples struct samples samples = {0};
    struct run *run = begin_run(pair, names[index], team_size(side->team));
    int r = bench_take(pair->bench, run, shown[index], pass, side, &samples, err);
    if (r == 0)
        r = bench_check_hash(pair->bench, run, &side->head, err);
    if (r < 0)
        return r;
    bench_add_passes(pair->bench, run, &samples, bytes_of(pair));
    side->alone_gb_s = bytes_of(pair) / 1e9 * (double)samples.count / stats_sum(samples.seconds, samples.count);
    return 0;
}

/* The passes that belong to the samples: the last ones, in their order. */
static void add_parallel(struct pair *pair, size_t index, const struct run *combined, size_t count)
{
    struct side *side = &pair->sides[index];
    struct arena *arena = &pair->bench->reading->arena;
    autofree double *seconds = mem_zalloc(count + 1, sizeof(*seconds));
    const struct parameter_list conditions = combined->conditions;
    struct run *run = begin_run(pair, names[index], team_size(side->team));
    if (seconds == NULL || run == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        seconds[i] = side->recent[(side->passes - count + i) % SAMPLE_RUNS_MAX];
    run->variant = "parallel";
    parameters_add(arena, &run->conditions, &conditions);
    const struct samples samples = {.seconds = seconds, .count = count};
    bench_add_passes(pair->bench, run, &samples, bytes_of(pair));
}

static int measure_parallel(struct pair *pair, struct err *err)
{
    struct bench *bench = pair->bench;
    autosamples struct samples samples = {0};
    const char *both = arena_printf(&bench->reading->arena, "%s + %s", names[0], names[1]);
    struct run *run = begin_run(pair, both, team_size(pair->sides[0].team) + team_size(pair->sides[1].team));
    int r = bench_take(bench, run, "two models: both together", pass_both, pair, &samples, err);
    for (size_t i = 0; r == 0 && i < MODELS; i++)
        r = bench_check_hash(bench, NULL, &pair->sides[i].head, err);
    if (r < 0)
        return r;
    const double sum_s = stats_sum(samples.seconds, samples.count);
    const double combined = MODELS * bytes_of(pair) / 1e9 * (double)samples.count / sum_s;
    const double alone = pair->sides[0].alone_gb_s + pair->sides[1].alone_gb_s;
    run->variant = "combined";
    bench_add_passes(bench, run, &samples, MODELS * bytes_of(pair));
    (void)bench_add_value(bench, run, "bandwidth_utilization", "ratio", combined / alone, samples.count);
    (void)bench_add_value(bench, run, "duration", "s", sum_s, 0);
    /* Adding a run may move the others. */
    const struct run copy = *run;
    for (size_t i = 0; i < MODELS; i++)
        add_parallel(pair, i, &copy, samples.count);
    return arena_check(&bench->reading->arena, err);
}

static int open_pair(struct pair *pair, struct err *err)
{
    struct bench *bench = pair->bench;
    const size_t bytes = lm_head_bytes(pair->type, LM_HEAD_ROWS), threads = team_size(bench->team);
    int r = team_open(MODELS, &pair->drivers, err);
    for (size_t i = 0; r == 0 && i < MODELS; i++) {
        struct side *side = &pair->sides[i];
        r = team_open(threads > 1 ? threads / 2 : 1, &side->team, err);
        if (r == 0)
            r = lm_head_open(pair->type, LM_HEAD_ROWS, i + 1, bench->kernels, bench->ground.bytes + i * bytes,
                             bench->team, &side->head, err);
    }
    return r;
}

int bench_together(struct bench *bench, struct err *err)
{
    const enum lm_type type = bench->sizes.two_fit[LM_F16] && !bench->options->quick ? LM_F16 : LM_I8;
    if (!bench->sizes.two_fit[type]) {
        bench_left_out(bench, "two models at once: %.0f MB do not fit into the free memory",
                       2 * (double)lm_head_bytes(LM_I8, LM_HEAD_ROWS) / 1e6);
        return 0;
    }
    autofree struct pair *pair = aligned_alloc(_Alignof(struct pair), sizeof(*pair));
    if (pair == NULL)
        return mem_error(err);
    memset(pair, 0, sizeof(*pair));
    pair->bench = bench;
    pair->type = type;
    bench_set_progress(bench, "two models", 0);
    int r = open_pair(pair, err);
    for (size_t i = 0; r == 0 && i < MODELS; i++)
        r = measure_alone(pair, i, err);
    if (r == 0)
        r = measure_parallel(pair, err);
    pair_done(pair);
    return r;
}
