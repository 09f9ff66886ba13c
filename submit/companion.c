#include "submit/companion.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/formats/mlperf.h"
#include "submit/attach.h"
#include "submit/input.h"

#define LOOK_MAX ((size_t)32 << 20)

void companions_done(struct companions *companions)
{
    for (size_t i = 0; i < companions->count; i++)
        reading_free(companions->items[i].reading);
    free(companions->items);
    *companions = (struct companions){0};
}

/* Only what may be of MLPerf is read twice. */
static bool may_be(const char *path)
{
    static const char *const parts[] = {"mlperf", "summary", "detail", "console", ".json"};
    struct stat status;
    const char *name = file_base_name(path);
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > (off_t)LOOK_MAX)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        if (strstr(name, parts[i]) != NULL)
            return true;
    return false;
}

static bool kind_of(const struct format *format, enum companion_kind *ret)
{
    static const struct {
        const char *format;
        enum companion_kind kind;
    } kinds[] = {
        {"mlperf-system", COMPANION_SYSTEM},
        {"mlperf-detail", COMPANION_LOG},
        {"mlperf-summary", COMPANION_SUMMARY},
        {"mlperf-console", COMPANION_SUMMARY},
    };
    for (size_t i = 0; format != NULL && i < ARRAY_LENGTH(kinds); i++)
        if (strcmp(format->name, kinds[i].format) == 0) {
            *ret = kinds[i].kind;
            return true;
        }
    return false;
}

int companions_look(struct companions *companions, const char *path, struct err *err)
{
    autobuf struct buf bytes = BUF(LOOK_MAX);
    autoinput struct input input = {0};
    struct err ignored;
    enum companion_kind kind;
    if (!may_be(path) || file_read(path, &bytes, &ignored) < 0)
        return 0;
    const struct format_input look = {
        .name = file_base_name(path), .path = path, .text = str_slice(buf_text(&bytes), bytes.len)};
    if (!kind_of(formats_detect(&look), &kind) ||
        input_of_bytes(path, str_slice(buf_text(&bytes), bytes.len), &input, &ignored) < 0 || input_is_bundle(&input) ||
        input_read(&input, NULL, &ignored) < 0 || !kind_of(input.format, &kind) || input.readings.count != 1)
        return 0;
    if (mem_grow(&companions->items, &companions->capacity, companions->count + 1, sizeof *companions->items) < 0)
        return mem_error(err);
    companions->items[companions->count++] = (struct companion){path, kind, input.readings.items[0]};
    companions->systems += kind == COMPANION_SYSTEM;
    input.readings.count = 0;
    return 0;
}

/* systems/NAME.json is of the logs below results/NAME. */
static bool is_named(const struct companion *system, struct str name)
{
    struct str file = str_of(file_base_name(system->path)), ending = STR(".json");
    if (str_ends_with(file, ending))
        file.len -= ending.len;
    return name.len > 0 && str_equal_ignore_case(file, name);
}

static const struct companion *system_of(const struct companions *companions, const char *path)
{
    struct format_input input = {.name = file_base_name(path), .path = path};
    struct mlperf_place place = mlperf_place_of(&input);
    const struct companion *only = NULL;
    for (size_t i = 0; i < companions->count; i++) {
        const struct companion *companion = &companions->items[i];
        if (companion->kind != COMPANION_SYSTEM)
            continue;
        if (is_named(companion, place.system))
            return companion;
        only = companion;
    }
    return companions->systems == 1 ? only : NULL;
}

static bool is_log(const struct reading *reading)
{
    return text_equal(reading->format, "mlperf-detail") || text_equal(reading->format, "mlperf-summary") ||
           text_equal(reading->format, "mlperf-console");
}

bool companions_complete(const struct companions *companions, const char *path, struct reading *reading)
{
    const struct companion *system = is_log(reading) ? system_of(companions, path) : NULL;
    if (system == NULL || reading->device.chip != NULL || reading->device.chip_count > 0)
        return false;
    const struct device *device = &system->reading->device;
    attach_facts(reading, device);
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        if (run->chip_name != NULL || device->chip_count == 0)
            continue;
        run->chip_name = arena_strdup(&reading->arena, device->chips[0].name);
        run->chip_count = device->chips[0].count > 0 ? device->chips[0].count : 1;
    }
    /* It is named now. */
    size_t kept = 0;
    for (size_t i = 0; i < reading->problem_count; i++)
        if (strstr(reading->problems[i].message, "does not name the chip") == NULL)
            reading->problems[kept++] = reading->problems[i];
    reading->problem_count = kept;
    return true;
}

bool companions_used(const struct companions *companions, const char *path)
{
    const struct companion *used = NULL;
    for (size_t i = 0; used == NULL && i < companions->count; i++)
        if (companions->items[i].kind != COMPANION_SYSTEM) {
            used = system_of(companions, companions->items[i].path);
            used = used != NULL && text_equal(used->path, path) ? used : NULL;
        }
    return used != NULL;
}

static bool same_figure(const struct run *a, const struct run *b, const char *metric)
{
    const struct measurement *left = NULL, *right = NULL;
    for (size_t i = 0; i < a->measurement_count; i++)
        if (text_equal(a->measurements[i].metric, metric))
            left = &a->measurements[i];
    for (size_t i = 0; i < b->measurement_count; i++)
        if (text_equal(b->measurements[i].metric, metric))
            right = &b->measurements[i];
    return left != NULL && right != NULL && number_equal(left->mean, right->mean) &&
           number_equal(left->min, right->min) && number_equal(left->max, right->max);
}

const char *companions_twin(const struct companions *companions, const char *path)
{
    const struct companion *summary = NULL;
    for (size_t i = 0; i < companions->count; i++)
        if (companions->items[i].kind == COMPANION_SUMMARY && text_equal(companions->items[i].path, path))
            summary = &companions->items[i];
    if (summary == NULL || summary->reading->run_count != 1)
        return NULL;
    for (size_t i = 0; i < companions->count; i++) {
        const struct companion *log = &companions->items[i];
        if (log->kind == COMPANION_LOG && log->reading->run_count == 1 &&
            same_figure(&summary->reading->runs[0], &log->reading->runs[0], "latency"))
            return log->path;
    }
    return NULL;
}
