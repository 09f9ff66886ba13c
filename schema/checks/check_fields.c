/* Fields that contradict each other: a name that holds a number and the number beside it, a part and its whole, a
 * length, a time and the rate between them. */
#include <math.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/checks/rules.h"

#define RATE_TOLERANCE 0.25 /* a rate may leave out the first token, and a time hold the sampling */

static double parameter_of(const struct run *run, const char *const names[2])
{
    for (size_t i = 0; i < 2; i++) {
        const struct parameter *found = parameters_find(&run->workload.parameters, names[i]);
        if (found != NULL && found->type == PARAMETER_NUMBER)
            return found->number;
    }
    return (double)NAN;
}

/* "tg128" states 128 for "tg"; NAN for any other task. */
static double length_of_task(const char *task, const char *prefix)
{
    struct str text = str_of(task);
    int64_t length = 0;
    const size_t begin = str_of(prefix).len;
    if (!str_starts_with(text, str_of(prefix)) ||
        !number_parse_int64(str_slice(text.data + begin, text.len - begin), &length))
        return (double)NAN;
    return (double)length;
}

static void check_part(const struct check *check, size_t index, const char *part_name, int64_t part,
                       const char *whole_name, int64_t whole)
{
    if (part == COUNT_UNKNOWN || whole == COUNT_UNKNOWN || part <= whole)
        return;
    check_add(check, RULE_CONTRADICTORY_FIELDS, index, NULL, (double)part, (double)whole,
              "%lld %s are more than the %lld %s of the machine", (long long)part, part_name, (long long)whole,
              whole_name);
}

struct phase {
    const char *prefix, *parameters[2], *rate, *time;
};

static void check_phase(const struct check *check, size_t index, const struct phase *phase)
{
    const struct run *run = &check->reading->runs[index];
    double length = parameter_of(run, phase->parameters), named = length_of_task(run->workload.task, phase->prefix);
    if (isfinite(length) && isfinite(named) && !number_equal(length, named))
        check_add(check, RULE_CONTRADICTORY_FIELDS, index, NULL, length, named, "the task is %.40s, but %.40s is %.6g",
                  run->workload.task, phase->parameters[0], length);
    const struct measurement *rate = check_measurement(run, phase->rate), *time = check_measurement(run, phase->time);
    if (!isfinite(length) || length <= 0 || rate == NULL || time == NULL)
        return;
    double found = rate->mean * time->mean / 1000; /* tok/s x ms */
    if (fabs(found / length - 1) > RATE_TOLERANCE)
        check_add(check, RULE_TOKENS_TIME_RATE, index, phase->rate, found, length,
                  "%.4g tok/s x %.4g ms = %.4g tokens, but %.4g are stated", rate->mean, time->mean, found, length);
}

void check_fields(const struct check *check, size_t index)
{
    static const struct phase phases[] = {
        {"pp", {"n_prompt", "prompt_tokens"}, "prompt_throughput", "prompt_time"},
        {"tg", {"n_gen", "generated_tokens"}, "generation_throughput", "generation_time"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(phases); i++)
        check_phase(check, index, &phases[i]);
    if (index > 0) /* what follows is about the machine: once */
        return;
    const struct device *device = &check->reading->device;
    check_part(check, index, "cores", device->cores, "threads", device->threads);
    check_part(check, index, "usable threads", device->usable_threads, "threads", device->threads);
}
