#include "schema/formats/mlperf.h"

#include <string.h>

#include "schema/base/str.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

#define PARTS_MAX 64

static struct str scenario_named(struct str part)
{
    static const char *const names[] = {"Offline", "Server", "Interactive", "SingleStream", "MultiStream"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(part, str_of(names[i])))
            return str_of(names[i]);
    return (struct str){0};
}

static bool is_kind_of_run(struct str part)
{
    return str_equal_ignore_case(part, STR("performance")) || str_equal_ignore_case(part, STR("accuracy")) ||
           str_starts_with(part, STR("TEST"));
}

static size_t split(struct str path, const char *separators, struct str *parts)
{
    size_t count = 0, begin = 0;
    for (size_t at = 0; at <= path.len; at++) {
        if (at < path.len && strchr(separators, path.data[at]) == NULL)
            continue;
        if (at > begin && count == PARTS_MAX)
            memmove(parts, parts + 1, --count * sizeof *parts);
        if (at > begin)
            parts[count++] = str_slice(path.data + begin, at - begin);
        begin = at + 1;
    }
    return count;
}

static struct mlperf_place place_in(struct str path, const char *separators)
{
    struct str parts[PARTS_MAX];
    struct mlperf_place place = {0};
    size_t count = split(path, separators, parts);
    for (size_t i = 1; i + 1 < count; i++) {
        struct str scenario = scenario_named(parts[i]);
        if (scenario.len == 0 || !is_kind_of_run(parts[i + 1]))
            continue;
        place.scenario = scenario;
        place.benchmark = parts[i - 1];
        place.system = i > 1 ? parts[i - 2] : (struct str){0};
    }
    return place;
}

struct mlperf_place mlperf_place_of(const struct format_input *input)
{
    struct mlperf_place place = {0};
    if (input->path != NULL)
        place = place_in(str_of(input->path), "/\\");
    if (place.scenario.len == 0 && input->name != NULL) {
        place = place_in(str_of(input->name), "_");
        place.system = (struct str){0}; /* names of systems have underscores themselves */
    }
    return place;
}

/* "llama2-70b-99.9": the model, held to 99.9 % of the reference's accuracy. */
static void set_benchmark(struct reading *reading, struct run *run, struct str benchmark)
{
    static const char *const targets[] = {"99.9", "99"};
    struct str model = benchmark;
    for (size_t i = 0; i < ARRAY_LENGTH(targets); i++) {
        struct str ending = str_of(targets[i]);
        if (!str_ends_with(model, ending) || model.len < ending.len + 2 ||
            model.data[model.len - ending.len - 1] != '-')
            continue;
        model.len -= ending.len + 1;
        parameters_set_number(&reading->arena, &run->workload.parameters, "accuracy_target", i == 0 ? 99.9 : 99);
    }
    reader_set_model(reading, run, model);
    run->workload.model_as_given = reader_text(&reading->arena, benchmark);
}

void mlperf_set_place(struct reading *reading, struct run *run, const struct format_input *input)
{
    struct mlperf_place place = mlperf_place_of(input);
    struct arena *arena = &reading->arena;
    if (run->workload.model == NULL && place.benchmark.len > 0)
        set_benchmark(reading, run, place.benchmark);
    if (place.scenario.len == 0 || text_equal(run->workload.task, place.scenario.data))
        return;
    if (run->workload.task != NULL)
        parameters_set_word(arena, &run->setup, "scenario", run->workload.task);
    run->workload.task = reader_text(arena, place.scenario);
}
