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
    const size_t known = cache->texts.count;
    const size_t number = names_number(&cache->texts, &loading->set->arena, text);

    if (number == NAMES_NONE || mem_grow(&cache->items, &cache->capacity, number + 1, sizeof(*cache->items)) < 0)
        return NULL;
    *ret_new = number == known;
    return &cache->items[number];
}

static int take_machine(struct loading *loading, struct set_run *run, const char *chip, int64_t chip_count,
                        struct str device, struct err *err)
{
    autobuf struct buf key = BUF(1 << 20);
    const struct set_machine *machine = NULL;
    bool is_new = false;

    /* The chip's name and its device together decide. */
    buf_addf(&key, "%lld\n%s\n", (long long)chip_count, chip);
    buf_add(&key, device.data, device.len);
    const void **known = cached(loading, &loading->machines, str_slice(buf_text(&key), key.len), &is_new);

    if (known == NULL || buf_check(&key, err) < 0)
        return mem_error(err);
    if (is_new) {
        const int status = facts_read_machine(loading->set, chip, chip_count, device.data, &machine, err);

        if (status < 0)
            return status;
        *known = machine;
    }
    run->machine = *known;
    return 0;
}

static int take_setup(struct loading *loading, struct set_run *run, struct str text, struct err *err)
{
    const struct set_setup *setup = NULL;
    bool is_new = false;

    if (text.len == 0)
        return 0;
    const void **known = cached(loading, &loading->setups, text, &is_new);

    if (known == NULL)
        return mem_error(err);
    if (is_new) {
        const int status = facts_read_setup(loading->set, text.data, &setup, err);

        if (status < 0)
            return status;
        *known = setup;
    }
    run->setup = *known;
    return 0;
}

static int take_labels(struct loading *loading, struct set_run *run, struct str text, struct err *err)
{
    const struct label_list *labels = NULL;
    bool is_new = false;

    if (text.len == 0)
        return 0;
    const void **known = cached(loading, &loading->labels, text, &is_new);

    if (known == NULL)
        return mem_error(err);
    if (is_new) {
        const int status = facts_read_labels(loading->set, text.data, &labels, err);

        if (status < 0)
            return status;
        *known = labels;
    }
    run->labels = *known;
    return 0;
}

/* Only its number yet, in `kind`: what it says is asked for when all are known. */
static int number_workload(struct loading *loading, struct set_run *run, struct str key, struct err *err)
{
    bool is_new = false;

    if (cached(loading, &loading->workloads, key, &is_new) == NULL)
        return mem_error(err);
    run->kind = (uint32_t)names_number(&loading->workloads.texts, &loading->set->arena, key);
    if (!is_new)
        return 0;
    if (mem_grow(&loading->first_runs, &loading->first_capacity, run->kind + 1, sizeof(struct set_run *)) < 0)
        return mem_error(err);
    loading->first_runs[run->kind] = run;
    return 0;
}

static int add_run(struct loading *loading, const struct db_row *row, struct err *err)
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
    const size_t submission = database_index_find(&loading->index, db_field_uuid(row, SUBMISSION));
    struct set_run *run = submission != SIZE_MAX ? result_set_add_run(loading->set, submission) : NULL;

    if (submission == SIZE_MAX)
        return loading_wrong_row(err, "a run without its submission");
    if (run == NULL)
        return arena_check(&loading->set->arena, err);
    run->number = (uint32_t)db_field_int64(row, NUMBER);
    run->device = loading_key_text(loading, row, DEVICE_KEY);
    run->variant = loading_text(loading, row, VARIANT);
    run->tool = loading_text(loading, row, TOOL);
    run->tool_version = loading_text(loading, row, TOOL_VERSION);
    run->ran_us = row->fields[RAN_AT].data != NULL ? db_field_timestamptz(row, RAN_AT) : TIME_UNKNOWN;
    run->flags = loading_text(loading, row, FLAGS);
    int status = number_workload(loading, run, row->fields[WORKLOAD], err);

    if (status == 0)
        status = take_setup(loading, run, db_field_json(row, SETUP), err);
    if (status == 0)
        status = take_labels(loading, run, db_field_json(row, LABELS), err);
    return status < 0 ? status
                      : take_machine(loading, run, row->fields[CHIP].data, db_field_int64(row, CHIP_COUNT),
                                     db_field_json(row, DEVICE), err);
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
    int status = loading_each_row(loading, "runs.sql", add_run, err);

    if (status == 0 && loading->workloads.texts.count > 0)
        status = ask_workloads(loading, err);
    for (size_t i = 0; i < loading->set->run_count && status == 0; i++) {
        struct set_run *run = loading->set->runs[i];

        run->workload = loading->workloads.items[run->kind];
        if (run->workload == NULL)
            return loading_wrong_row(err, "a run without its workload");
    }
    return status == 0 ? database_index_runs(&loading->index, loading->set, err) : status;
}
