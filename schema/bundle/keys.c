#include "schema/bundle/keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/bundle/limits.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#define GIB 1073741824.0
#define CANONICAL_MAX ((size_t)1 << 20)
#define CANONICAL_USUAL ((size_t)400)

const char *bundle_key_text(char target[BUNDLE_KEY_TEXT_SIZE], struct bundle_key key)
{
    struct sha256 hash = {{0}};
    memcpy(hash.bytes, key.bytes, sizeof key.bytes);
    return sha256_uuid(target, &hash);
}

static void pair_text(struct json_writer *writer, const char *key, const char *text)
{
    if (text != NULL)
        json_pair_string(writer, key, text);
}

static void pair_count(struct json_writer *writer, const char *key, int64_t count)
{
    if (count != COUNT_UNKNOWN)
        json_pair_int(writer, key, count);
}

/* Kernels differ in what they leave of the memory, so that only whole GiB identify a machine. */
static void pair_gib(struct json_writer *writer, double bytes)
{
    if (isfinite(bytes) && bytes > 0 && bytes < 1e18)
        json_pair_int(writer, "memory_gib", (int64_t)floor(bytes / GIB + 0.5));
}

static int compare_chips(const void *left, const void *right)
{
    const struct device_chip *a = left, *b = right;
    int order = strcmp(a->name != NULL ? a->name : "", b->name != NULL ? b->name : "");
    if (order == 0)
        order = (a->count > b->count) - (a->count < b->count);
    if (order == 0)
        order = (a->cores > b->cores) - (a->cores < b->cores);
    return order;
}

static int compare_kinds(const void *left, const void *right)
{
    const struct core_kind *a = left, *b = right;
    int order = strcmp(a->name != NULL ? a->name : "", b->name != NULL ? b->name : "");
    return order != 0 ? order : (a->cores > b->cores) - (a->cores < b->cores);
}

static void write_chips(struct json_writer *writer, const struct device *device)
{
    struct device_chip sorted[BUNDLE_CHIPS_MAX];
    size_t count = device->chip_count < BUNDLE_CHIPS_MAX ? device->chip_count : BUNDLE_CHIPS_MAX;
    if (count == 0)
        return;
    memcpy(sorted, device->chips, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_chips);
    json_write_key(writer, "chips");
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(writer);
        pair_count(writer, "cores", sorted[i].cores);
        pair_count(writer, "count", sorted[i].count);
        pair_text(writer, "kind", sorted[i].kind);
        pair_gib(writer, sorted[i].memory_bytes);
        pair_text(writer, "name", sorted[i].name);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_core_kinds(struct json_writer *writer, const struct device *device)
{
    struct core_kind sorted[BUNDLE_CHIPS_MAX];
    size_t count = device->core_kind_count < BUNDLE_CHIPS_MAX ? device->core_kind_count : BUNDLE_CHIPS_MAX;
    if (count == 0)
        return;
    memcpy(sorted, device->core_kinds, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_kinds);
    json_write_key(writer, "core_kinds");
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(writer);
        pair_count(writer, "cores", sorted[i].cores);
        pair_text(writer, "name", sorted[i].name);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void bundle_device_facts(const struct device *device, struct buf *into)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    pair_text(&writer, "architecture", device->architecture);
    pair_text(&writer, "board", device->board);
    pair_text(&writer, "chip", device->chip);
    write_chips(&writer, device);
    write_core_kinds(&writer, device);
    pair_count(&writer, "cores", device->cores);
    pair_count(&writer, "cpu_count", device->cpu_count);
    pair_count(&writer, "gpu_cores", device->gpu_cores);
    pair_gib(&writer, device->memory_bytes);
    pair_count(&writer, "threads", device->threads);
    json_end_object(&writer);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct parameter *)a)->name, ((const struct parameter *)b)->name);
}

static void write_parameters(struct json_writer *writer, const struct parameter_list *list)
{
    struct parameter sorted[BUNDLE_PARAMETERS_MAX];
    size_t count = list->count < BUNDLE_PARAMETERS_MAX ? list->count : BUNDLE_PARAMETERS_MAX;
    if (count == 0)
        return;
    memcpy(sorted, list->items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_names);
    json_write_key(writer, "parameters");
    json_begin_object(writer);
    for (size_t i = 0; i < count; i++) {
        if (sorted[i].type == PARAMETER_WORD)
            json_pair_string(writer, sorted[i].name, sorted[i].word);
        else if (sorted[i].type == PARAMETER_BOOLEAN)
            json_pair_bool(writer, sorted[i].name, sorted[i].number > 0.5);
        else
            json_pair_number(writer, sorted[i].name, sorted[i].number);
    }
    json_end_object(writer);
}

void bundle_workload_facts(const struct workload *workload, struct buf *into)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    pair_text(&writer, "backend", workload->backend);
    pair_text(&writer, "category", workload->category);
    pair_text(&writer, "mode", workload->mode);
    pair_text(&writer, "model", workload->model);
    write_parameters(&writer, &workload->parameters);
    pair_text(&writer, "quantization", workload->quantization);
    pair_text(&writer, "task", workload->task);
    json_end_object(&writer);
}

static int key_of(const struct buf *canonical, struct bundle_key *ret, struct err *err)
{
    int result = buf_check(canonical, err);
    if (result < 0)
        return result;
    struct sha256 hash = sha256_of(canonical->data, canonical->len);
    memcpy(ret->bytes, hash.bytes, sizeof ret->bytes);
    return 0;
}

int bundle_device_key(struct bundle_key contributor, const struct device *device, struct bundle_key *ret,
                      struct err *err)
{
    char text[BUNDLE_KEY_TEXT_SIZE];
    autobuf struct buf canonical = BUF(CANONICAL_MAX);
    buf_addf(&canonical, "crosschip-device-1\n%s\n", bundle_key_text(text, contributor));
    bundle_device_facts(device, &canonical);
    return key_of(&canonical, ret, err);
}

int bundle_workload_key(const struct workload *workload, struct bundle_key *ret, struct err *err)
{
    autobuf struct buf canonical = BUF(CANONICAL_MAX);
    buf_reserve(&canonical, CANONICAL_USUAL);
    buf_adds(&canonical, "crosschip-workload-1\n");
    bundle_workload_facts(workload, &canonical);
    return key_of(&canonical, ret, err);
}

int bundle_series_key(const char *chip_name, int64_t chip_count, struct bundle_key workload, const char *variant,
                      const char *metric, struct bundle_key *ret, struct err *err)
{
    char text[BUNDLE_KEY_TEXT_SIZE];
    autobuf struct buf canonical = BUF(CANONICAL_MAX);
    buf_reserve(&canonical, CANONICAL_USUAL);
    buf_adds(&canonical, "crosschip-series-1\n");
    struct json_writer writer = json_writer(&canonical, 0);
    json_begin_object(&writer);
    json_pair_string(&writer, "chip", chip_name != NULL ? chip_name : "");
    json_pair_int(&writer, "count", chip_count);
    json_pair_string(&writer, "metric", metric != NULL ? metric : "");
    json_pair_string(&writer, "variant", variant != NULL ? variant : "alone");
    json_pair_string(&writer, "workload", bundle_key_text(text, workload));
    json_end_object(&writer);
    return key_of(&canonical, ret, err);
}
