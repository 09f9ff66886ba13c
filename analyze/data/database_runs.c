/* Runs, and the facts that they share. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/database_loading.h"
#include "analyze/data/facts.h"
#include "analyze/data/statements.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

/* The place of what a text says; *ret_new when it must be read first. NULL when memory is out. */
static const void **cached(struct loading *loading, struct facts_cache *cache, struct str text, bool *ret_new)
{
    const struct names *texts = &cache->texts;
    const size_t known = texts->count;

    *ret_new = false;
    if (cache->last < known && texts->lengths[cache->last] == text.len &&
        memcmp(texts->items[cache->last], text.data, text.len) == 0)
        return &cache->items[cache->last];
    const size_t number = names_number(&cache->texts, &loading->set->arena, text);

    if (number == NAMES_NONE || mem_grow(&cache->items, &cache->capacity, number + 1, sizeof(*cache->items)) < 0)
        return NULL;
    *ret_new = number == known;
    cache->last = number;
    return &cache->items[number];
}

static int read_setup(struct result_set *set, const char *text, const void **ret, struct err *err)
{
    const struct set_setup *setup = NULL;
    const int status = facts_read_setup(set, text, &setup, err);

    *ret = setup;
    return status;
}

static int read_labels(struct result_set *set, const char *text, const void **ret, struct err *err)
{
    const struct label_list *labels = NULL;
    const int status = facts_read_labels(set, text, &labels, err);

    *ret = labels;
    return status;
}

/* What a text says; *ret stays as it is where there is none. */
static int take_facts(struct loading *loading, struct facts_cache *cache, struct str text,
                      int (*read)(struct result_set *, const char *, const void **, struct err *), const void **ret,
                      struct err *err)
{
    bool is_new = false;

    if (text.len == 0)
        return 0;
    const void **known = cached(loading, cache, text, &is_new);
    const int status = known == NULL ? mem_error(err) : is_new ? read(loading->set, text.data, known, err) : 0;

    if (status == 0)
        *ret = *known;
    return status;
}

/* The chip's name, how many, and the device together decide. */
static int take_machine(struct loading *loading, struct set_run *run, const char *chip, int64_t chip_count,
                        struct str device, struct err *err)
{
    bool is_new = false;
    const void **of_device = cached(loading, &loading->devices, device, &is_new);
    const struct set_machine *machine = NULL;

    if (of_device == NULL)
        return mem_error(err);
    const uint64_t key[] = {(uintptr_t)chip, (uint64_t)chip_count, loading->devices.last};
    const void **known = cached(loading, &loading->machines, str_slice((const char *)key, sizeof(key)), &is_new);
    const int status = known == NULL ? mem_error(err)
                       : is_new      ? facts_read_machine(loading->set, chip, chip_count, device.data, &machine, err)
                                     : 0;

    if (status < 0)
        return status;
    if (is_new)
        *known = machine;
    run->machine = *known;
    return 0;
}

/* Only its number yet, in `kind`: what it says is asked for when all are known. */
static int number_workload(struct loading *loading, struct set_run *run, struct str key, struct err *err)
{
    bool is_new = false;

    if (cached(loading, &loading->workloads, key, &is_new) == NULL)
        return mem_error(err);
    run->kind = (uint32_t)loading->workloads.last;
    if (!is_new)
        return 0;
    if (mem_grow(&loading->first_runs, &loading->first_capacity, run->kind + 1, sizeof(struct set_run *)) < 0)
        return mem_error(err);
    loading->first_runs[run->kind] = run;
    return 0;
}

static int add_run(void *context, const struct db_row *row, struct err *err)
{
    enum {
        SUBMISSION,
        NUMBER,
        DEVICE_KEY,
        CHIP,
        CHIP_COUNT,
        VARIANT,
        RAN_AT,
        TOOL,
        TOOL_VERSION,
        WORKLOAD,
        DEVICE,
        SETUP,
        LABELS,
        FLAGS
    };
    struct loading *loading = context;
    const size_t submission =
        database_index_find(&loading->index, db_field_uuid(row, SUBMISSION), &loading->last_submission);
    struct set_run *run = submission != SIZE_MAX ? result_set_add_run(loading->set, submission) : NULL;

    if (submission == SIZE_MAX)
        return loading_wrong_row(err, "a run without its submission");
    if (run == NULL)
        return arena_check(&loading->set->arena, err);
    run->number = (uint32_t)db_field_int64(row, NUMBER);
    run->device = row_key_text(&loading->texts, row, DEVICE_KEY);
    run->variant = row_text(&loading->texts, row, VARIANT);
    run->tool = row_text(&loading->texts, row, TOOL);
    run->tool_version = row_text(&loading->texts, row, TOOL_VERSION);
    run->ran_us = row->fields[RAN_AT].data != NULL ? db_field_timestamptz(row, RAN_AT) : TIME_UNKNOWN;
    run->flags = row_text(&loading->texts, row, FLAGS);
    int status = number_workload(loading, run, row->fields[WORKLOAD], err);

    const void *setup = run->setup, *labels = run->labels;

    if (status == 0)
        status = take_facts(loading, &loading->setups, db_field_json(row, SETUP), read_setup, &setup, err);
    if (status == 0)
        status = take_facts(loading, &loading->labels, db_field_json(row, LABELS), read_labels, &labels, err);
    run->setup = setup;
    run->labels = labels;
    return status < 0 ? status
                      : take_machine(loading, run, row_text(&loading->texts, row, CHIP),
                                     db_field_int64(row, CHIP_COUNT), db_field_json(row, DEVICE), err);
}

static int ask_workloads(struct loading *loading, struct err *err)
{
    autovalues struct db_values wanted = DB_VALUES(DB_PARAMETERS);
    const struct db_result *row = NULL;
    const size_t count = loading->workloads.texts.count;

    db_array_begin(&wanted, DB_UUID);
    for (size_t i = 0; i < count; i++)
        db_put_uuid(&wanted, database_index_key(&loading->index, loading->first_runs[i]->submission));
    db_array_end(&wanted);
    db_array_begin(&wanted, DB_INT32);
    for (size_t i = 0; i < count; i++)
        db_put_int32(&wanted, (int32_t)loading->first_runs[i]->number);
    db_array_end(&wanted);
    int status = db_stream_begin(loading->db, analyze_statement("workloads.sql"), &wanted, err);

    while (status >= 0 && (status = db_stream_next(loading->db, &row, err)) > 0) {
        const struct set_workload *workload = NULL;
        const size_t at = (size_t)db_int64(row, 0, 0) - 1;
        content_add(loading->set->content, &at, sizeof(at));
        content_add_text(loading->set->content, db_text(row, 0, 1));
        const int read = facts_read_workload(loading->set, db_text(row, 0, 1), &workload, err);

        if (read < 0) {
            db_stream_end(loading->db);
            return read;
        }
        if (at < count)
            loading->workloads.items[at] = workload;
    }
    return status;
}

int loading_runs(struct loading *loading, struct err *err)
{
    int status =
        loading_each_row(loading->db, "runs.sql", "reading runs", loading->set->content, add_run, loading, err);

    if (status == 0 && loading->workloads.texts.count > 0)
        status = ask_workloads(loading, err);
    for (size_t i = 0; i < loading->set->run_count && status == 0; i++) {
        struct set_run *run = loading->set->runs[i];

        run->workload = loading->workloads.items[run->kind];
        if (run->workload == NULL)
            return loading_wrong_row(err, "a run without its workload");
    }
    if (status == 0)
        status = arena_check(&loading->set->arena, err);
    return status == 0 ? database_index_runs(&loading->index, loading->set, err) : status;
}
