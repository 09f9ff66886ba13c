#include "collector/intake/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/keys.h"
#include "schema/bundle/parts_json.h"
#include "schema/json/json_write.h"

/* Opens the object that stands at the end of `into` again, so that members can follow. */
static struct json_writer reopen(struct buf *into)
{
    while (into->len > 0 && (into->data[into->len - 1] == '\n' || into->data[into->len - 1] == '}')) {
        bool closed = into->data[into->len - 1] == '}';
        into->len--;
        if (closed) {
            break;
        }
    }
    struct json_writer writer = json_writer(into, 0);
    writer.depth = 1;
    writer.need_comma = into->len > 0 && into->data[into->len - 1] != '{';
    return writer;
}

static void pair_text(struct json_writer *writer, const char *key, const char *text)
{
    if (!text_is_empty(text)) {
        json_pair_string(writer, key, text);
    }
}

static void pair_number(struct json_writer *writer, const char *key, double number)
{
    if (isfinite(number)) {
        json_pair_number(writer, key, number);
    }
}

static void pair_count(struct json_writer *writer, const char *key, int64_t count)
{
    if (count >= 0) {
        json_pair_int(writer, key, count);
    }
}

void facts_workload(const struct workload *workload, struct buf *into)
{
    bundle_workload_facts(workload, into);
    struct json_writer writer = reopen(into);
    pair_text(&writer, "model_as_given", workload->model_as_given);
    pair_number(&writer, "model_bytes", workload->model_bytes);
    pair_number(&writer, "model_parameters", workload->model_parameters);
    json_end_object(&writer);
}

void facts_device(const struct device *device, struct buf *into)
{
    bundle_device_facts(device, into);
    struct json_writer writer = reopen(into);
    pair_number(&writer, "memory_bytes", device->memory_bytes);
    pair_text(&writer, "memory_type", device->memory_type);
    pair_count(&writer, "usable_threads", device->usable_threads);
    pair_text(&writer, "os_name", device->os_name);
    pair_text(&writer, "os_version", device->os_version);
    pair_text(&writer, "kernel", device->kernel);
    pair_text(&writer, "driver", device->driver);
    pair_text(&writer, "virtualization", device->virtualization);
    if (device->extra.count > 0) {
        json_write_key(&writer, "extra");
        facts_parameters(&device->extra, into);
        writer.after_key = false;
        writer.need_comma = true;
    }
    json_end_object(&writer);
}

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

void facts_parameters(const struct parameter_list *list, struct buf *into)
{
    if (list->count == 0) {
        return;
    }
    autofree const struct parameter **sorted = mem_zalloc(list->count, sizeof *sorted);
    if (sorted == NULL) {
        into->failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = &list->items[i];
    }
    qsort(sorted, list->count, sizeof *sorted, compare_parameters);
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    for (size_t i = 0; i < list->count; i++) {
        /* Of a repeated name the first counts, as json_get reads it. */
        if (i == 0 || !text_equal(sorted[i]->name, sorted[i - 1]->name)) {
            parameter_write_json(&writer, sorted[i]);
        }
    }
    json_end_object(&writer);
}

void facts_labels(const struct label_list *list, struct buf *into)
{
    if (list->count == 0) {
        return;
    }
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    for (size_t i = 0; i < list->count; i++) {
        json_pair_string(&writer, list->items[i].name, list->items[i].text);
    }
    json_end_object(&writer);
}
