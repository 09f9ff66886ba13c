/* What memory traffic allows. Sources: a pass over a dense model reads each weight byte once, so that bandwidth × time
 * is the size of the weights (ANEMLL-Bench computes its bandwidth that way); nothing moves faster than the rated
 * bandwidth of the memory. */
#include <math.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/checks/rules.h"

#define BANDWIDTH "memory_bandwidth"
#define TIME "inference_time"
#define DECODE "generation_throughput"
#define PROMPT "prompt_throughput"

#define BYTES_TOLERANCE 0.03
#define RATED_TOLERANCE 0.01    /* rated figures are rounded */
#define DECODE_TOLERANCE 0.10   /* an input embedding is not read whole */
#define CACHED_BYTES 0.5e9      /* smaller models may live in caches */
#define PROMPT_SHARE 0.7        /* embedding and output layer may be left out for all tokens but the last */
#define NEAR_RUNS ((size_t)100) /* how far apart two results of one run may stand in a file */

static bool same_work(const struct run *a, const struct run *b)
{
    const struct workload *x = &a->workload, *y = &b->workload;
    return text_equal(x->model, y->model) && text_equal(x->quantization, y->quantization) &&
           text_equal(x->backend, y->backend) && text_equal(x->mode, y->mode) && text_equal(x->task, y->task) &&
           text_equal(x->category, y->category) && text_equal(a->chip_name, b->chip_name) &&
           text_equal(a->variant, b->variant) && a->chip_count == b->chip_count;
}

/* The time that belongs to the bandwidth of a run: its own, or that of a result of the same work nearby. */
static const struct measurement *time_of(const struct reading *reading, size_t index)
{
    const struct run *run = &reading->runs[index];
    const struct measurement *time = check_measurement(run, TIME);
    if (time != NULL)
        return time;
    size_t first = index > NEAR_RUNS ? index - NEAR_RUNS : 0;
    for (size_t i = first; i < reading->run_count && i <= index + NEAR_RUNS; i++) {
        const struct run *other = &reading->runs[i];
        if (i == index || !same_work(run, other) || check_measurement(other, BANDWIDTH) != NULL)
            continue;
        time = check_measurement(other, TIME);
        if (time != NULL)
            return time;
    }
    return NULL;
}

static double model_bytes(const struct workload *workload)
{
    if (isfinite(workload->model_bytes) && workload->model_bytes > 0)
        return workload->model_bytes;
    return workload->model != NULL ? catalog_model_bytes(workload->model, workload->quantization) : (double)NAN;
}

/* The factor of a wrong unit that explains a ratio; 0 = none. */
static double slip_of(double ratio)
{
    static const double factors[] = {
        1e3, 1e-3, 1e6, 1e-6, 1e9, 1e-9, 1.073741824, 1 / 1.073741824, 8, 0.125, 1024, 1.0 / 1024,
    };
    for (size_t i = 0; i < ARRAY_LENGTH(factors); i++)
        if (fabs(ratio / factors[i] - 1) <= 0.005)
            return factors[i];
    return 0;
}

void check_bandwidth_time(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    const struct measurement *bandwidth = check_measurement(run, BANDWIDTH);
    if (bandwidth == NULL || run->workload.model == NULL || text_equal(run->variant, "combined"))
        return;
    const struct measurement *time = time_of(check->reading, index);
    double bytes = model_bytes(&run->workload);
    if (time == NULL || !isfinite(bytes) || bytes <= 0)
        return;
    double found = bandwidth->mean * time->mean / 1000, expected = bytes / 1e9; /* GB/s × ms, GB */
    if (fabs(found / expected - 1) <= BYTES_TOLERANCE)
        return;
    double slip = slip_of(found / expected);
    check_add(check, slip > 0 ? RULE_UNIT_SLIP : RULE_BANDWIDTH_TIME_BYTES, index, BANDWIDTH, found, expected,
              "%.4g GB/s x %.4g ms = %.3g GB, but %.60s has %.3g GB (%+.1f %%)%s", bandwidth->mean, time->mean, found,
              run->workload.model, expected, 100 * (found / expected - 1),
              slip > 0 ? ": one of the two figures has another unit" : "");
}

/* The name of a chip with what the device says about it, where it is the device's own. */
static void find_chip(const struct device *device, const char *name, struct chip_match *ret)
{
    bool main_chip = text_equal(name, device->chip);
    const struct chip_facts facts = {
        .cpu_cores = main_chip && device->cores > 0 ? device->cores : 0,
        .gpu_cores = main_chip && device->gpu_cores > 0 ? device->gpu_cores : 0,
        .memory_gib = (double)NAN,
        .board = main_chip ? device->board : NULL,
    };
    catalog_match_chip(name, &facts, ret);
}

/* The chip of a run and how many worked in it; false when it is not known. */
static bool match_chip(const struct check *check, const struct run *run, struct chip_match *ret, double *ret_count)
{
    const char *name = reading_chip_name(check->reading, run);
    if (name == NULL)
        return false;
    struct known_chip *known = check->known;
    if (known->name == NULL || !text_equal(known->name, name)) {
        find_chip(&check->reading->device, name, &known->match);
        known->name = name;
    }
    *ret = known->match;
    *ret_count = (double)run->chip_count * (ret->count > 1 ? ret->count : 1);
    return ret->chip != NULL;
}

/* Rated GB/s of the chips that worked in a run; NAN when the chip or its rating is not known. */
static double rated_bandwidth(const struct check *check, const struct run *run, const char **ret_chip)
{
    struct chip_match match = {0};
    double count = 1;
    if (!match_chip(check, run, &match, &count))
        return (double)NAN;
    *ret_chip = match.chip;
    double rated = match.entry != NULL ? match.entry->bandwidth_gb_s : match.bandwidth_max_gb_s;
    return rated > 0 ? rated * count : (double)NAN;
}

void check_rated_bandwidth(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    const struct measurement *bandwidth = check_measurement(run, BANDWIDTH);
    if (bandwidth == NULL)
        return;
    const char *chip = NULL;
    double rated = rated_bandwidth(check, run, &chip);
    if (!isfinite(rated) || bandwidth->mean <= rated * (1 + RATED_TOLERANCE))
        return;
    check_add(check, RULE_ABOVE_RATED_BANDWIDTH, index, BANDWIDTH, bandwidth->mean, rated,
              "measured %.4g GB/s, but %.60s is rated %.4g GB/s (%+.1f %%)", bandwidth->mean, chip, rated,
              100 * (bandwidth->mean / rated - 1));
}

/* Several sequences at once share one reading of the weights, and so do guesses that are checked together. */
static bool is_one_sequence(const struct parameter_list *list)
{
    static const char *const several[] = {
        "batch",       "batch_size",  "n_parallel",   "parallel",     "concurrency",     "max_concurrency",
        "num_prompts", "n_sequences", "request_rate", "max_num_seqs", "threads_clients",
    };
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *parameter = &list->items[i];
        struct str name = str_of(parameter->name);
        if (str_find(name, STR("draft"), 0) != SIZE_MAX || str_find(name, STR("specul"), 0) != SIZE_MAX)
            return false;
        for (size_t k = 0; k < ARRAY_LENGTH(several); k++)
            if (text_equal(parameter->name, several[k]) &&
                (parameter->type != PARAMETER_NUMBER || parameter->number > 1))
                return false;
    }
    return true;
}

/* The share of the weights that work on each token: 1 for a dense model; NAN when the catalogue does not know it. */
static double active_share(const struct workload *workload)
{
    const struct model *model = workload->model != NULL ? catalog_model(workload->model) : NULL;
    if (model == NULL || !isfinite(model->parameters) || model->parameters <= 0)
        return (double)NAN;
    return isfinite(model->active_parameters) ? fmin(1, model->active_parameters / model->parameters) : 1;
}

void check_decode_rate(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    const struct measurement *decode = check_measurement(run, DECODE);
    if (decode == NULL || !is_one_sequence(&run->workload.parameters) || !is_one_sequence(&run->setup))
        return;
    double bytes = model_bytes(&run->workload) * active_share(&run->workload);
    const char *chip = NULL;
    double rated = rated_bandwidth(check, run, &chip);
    if (!isfinite(bytes) || bytes < CACHED_BYTES || !isfinite(rated))
        return;
    double found = decode->mean * bytes / 1e9;
    if (found <= rated * (1 + DECODE_TOLERANCE))
        return;
    check_add(check, RULE_DECODE_ABOVE_BANDWIDTH, index, DECODE, found, rated,
              "%.4g tok/s x %.3g GB = %.4g GB/s, but %.60s is rated %.4g GB/s (%+.1f %%)", decode->mean, bytes / 1e9,
              found, chip, rated, 100 * (found / rated - 1));
}

/* A cache of prompts answers without computing. */
static bool may_be_cached(const struct parameter_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_find(str_of(list->items[i].name), STR("cache"), 0) != SIZE_MAX &&
            !(list->items[i].type == PARAMETER_WORD &&
              str_find(str_of(list->items[i].name), STR("type"), 0) != SIZE_MAX))
            return true;
    return false;
}

void check_prompt_rate(const struct check *check, size_t index)
{
    const struct run *run = &check->reading->runs[index];
    const struct measurement *prompt = check_measurement(run, PROMPT);
    const struct model *model = run->workload.model != NULL ? catalog_model(run->workload.model) : NULL;
    double share = active_share(&run->workload);
    if (prompt == NULL || model == NULL || !isfinite(share) || may_be_cached(&run->workload.parameters) ||
        may_be_cached(&run->setup))
        return;
    struct chip_match match = {0};
    double count = 1;
    if (!match_chip(check, run, &match, &count))
        return;
    double peak = count * catalog_peak_tflops(match.chip, run->workload.backend);
    double found = 2 * PROMPT_SHARE * share * model->parameters * prompt->mean / 1e12;
    if (!isfinite(peak) || found <= peak)
        return;
    check_add(check, RULE_PROMPT_ABOVE_PEAK, index, PROMPT, found, peak,
              "%.4g tok/s of %.60s take at least %.4g TFLOPS, but %.60s computes %.4g at most (%+.1f %%)", prompt->mean,
              run->workload.model, found, match.chip, peak, 100 * (found / peak - 1));
}
