#include "analyze/data/database_rows.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/database_loading.h"
#include "analyze/data/statements.h"
#include "schema/base/buf.h"
#include "schema/base/progress.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"
#include "schema/json/json.h"
#include "schema/proof/hash.h"

static void cache_done(struct facts_cache *cache)
{
    names_done(&cache->texts);
    free(cache->items);
}

static void loading_done(struct loading *loading)
{
    names_done(&loading->texts.names);
    cache_done(&loading->workloads);
    cache_done(&loading->setups);
    cache_done(&loading->devices);
    cache_done(&loading->machines);
    cache_done(&loading->labels);
    database_index_done(&loading->index);
    free(loading->first_runs);
}

const char *row_text(struct row_texts *texts, const struct db_row *row, size_t field)
{
    const char *text = row->fields[field].data;

    if (text == NULL)
        return "";
    if (texts->last[field] == NULL || strcmp(texts->last[field], text) != 0)
        texts->last[field] = names_text(&texts->names, texts->arena, text);
    return texts->last[field];
}

static const char *hex_text(struct arena *arena, const char *prefix, struct str bytes)
{
    const size_t length = strlen(prefix);
    char *text = arena_alloc(arena, length + 2 * bytes.len + 1, 1);

    if (text == NULL)
        return NULL;
    memcpy(text, prefix, length);
    (void)hex_encode(text + length, bytes.data, bytes.len);
    return text;
}

const char *row_key_text(struct row_texts *texts, const struct db_row *row, size_t field)
{
    static const uint8_t nobody[DATABASE_KEY_SIZE] = {0};
    const uint8_t *key = db_field_uuid(row, field);
    char text[2 * DATABASE_KEY_SIZE + 1];

    if (key == NULL || memcmp(key, nobody, sizeof(nobody)) == 0)
        return "";
    (void)hex_encode(text, key, DATABASE_KEY_SIZE);
    if (texts->last[field] == NULL || strcmp(texts->last[field], text) != 0)
        texts->last[field] = names_text(&texts->names, texts->arena, text);
    return texts->last[field];
}

int loading_wrong_row(struct err *err, const char *what)
{
    return err_set(err, ERR_INTERNAL, "the database holds %s that this version does not know", what);
}

#define ROWS_A_STEP 256 /* so that no clock is asked for every row */

/* As it came, in one piece, with which of its fields are NULL: no field is so long that the bytes leave anything else
 * open. */
static void add_content(struct content *content, const struct db_row *row)
{
    uint32_t nulls = 0;

    if (content == NULL)
        return;
    for (size_t i = 0; i < row->count; i++)
        nulls |= row->fields[i].data == NULL ? UINT32_C(1) << i : 0;
    content_add(content, &nulls, sizeof(nulls));
    content_add(content, row->bytes.data, row->bytes.len);
}
static_assert(DB_ROW_FIELDS <= 32 && BUNDLE_BYTES_MAX < (size_t)1 << 24, "a row has one reading");

int loading_each_row(struct db *db, const char *name, const char *label, struct content *content,
                     int (*add)(void *, const struct db_row *, struct err *), void *context, struct err *err)
{
    const struct db_row *row = NULL;
    struct progress progress = {.label = NULL};
    int status = db_copy_out_begin(db, analyze_statement(name), err), added = 0;

    if (status < 0)
        return status;
    if (label != NULL)
        progress_begin(&progress, label, 0);
    content_add_text(content, name);
    for (size_t rows = 0; added >= 0 && (status = db_copy_out_next(db, &row, err)) > 0; rows++) {
        add_content(content, row);
        added = add(context, row, err);
        if (rows % ROWS_A_STEP == 0)
            progress_step(&progress, rows);
    }
    progress_end(&progress);
    if (added >= 0)
        return status;
    db_copy_out_end(db);
    return added;
}

/* ---- submissions and their findings */

static int add_finding(struct loading *loading, size_t submission, const struct json *found, struct err *err)
{
    struct result_set *set = loading->set;
    struct set_finding *finding = result_set_add_finding(set);
    int64_t run = -1;

    if (finding == NULL)
        return arena_check(&set->arena, err);
    finding->submission = submission;
    finding->rule = names_text(&loading->texts.names, &set->arena, json_string(json_get(found, "rule")));
    finding->severity = names_text(&loading->texts.names, &set->arena, json_string(json_get(found, "severity")));
    finding->metric = names_text(&loading->texts.names, &set->arena, json_string(json_get(found, "metric")));
    finding->message = names_text(&loading->texts.names, &set->arena, json_string(json_get(found, "message")));
    if (json_integer(json_get(found, "run"), &run) && run >= 0)
        finding->run = (long)run;
    return 0;
}

static int add_findings(struct loading *loading, size_t submission, struct str text, struct err *err)
{
    autojson struct json_document *document = NULL;
    int status = 0;

    if (text.len == 0)
        return 0;
    status = json_read_strict(text, &json_limits_tool, &document, err);
    if (status < 0)
        return err_prefix(err, "findings of a submission");
    for (const struct json *found = json_first(json_root(document)); found != NULL && status == 0;
         found = json_next(found))
        status = add_finding(loading, submission, found, err);
    return status;
}

static int add_submission(void *context, const struct db_row *row, struct err *err)
{
    enum { HASH, STATE, CONTRIBUTOR, FORMAT, ORIGINAL, RECEIVED, FINDINGS, EPOCH, INDEX };
    struct loading *loading = context;
    struct result_set *set = loading->set;
    const struct str hash = row->fields[HASH], original = row->fields[ORIGINAL];
    struct submission *submission = result_set_add_submission(set);

    if (submission == NULL)
        return arena_check(&set->arena, err);
    submission->id = hex_text(&set->arena, "sha256:", hash);
    if (hash.len < DATABASE_KEY_SIZE || !submission_state_parse(row->fields[STATE].data, &submission->state))
        return loading_wrong_row(err, "a state of a submission");
    submission->contributor = row_key_text(&loading->texts, row, CONTRIBUTOR);
    submission->format = row_text(&loading->texts, row, FORMAT);
    submission->original = original.data != NULL ? hex_text(&set->arena, "", original) : NULL;
    submission->received_us = row->fields[RECEIVED].data != NULL ? db_field_timestamptz(row, RECEIVED) : TIME_UNKNOWN;
    if (row->fields[EPOCH].data != NULL) {
        submission->log_epoch = db_field_int64(row, EPOCH);
        submission->log_index = db_field_int64(row, INDEX);
    }
    if (!database_index_add(&loading->index, (const uint8_t *)hash.data))
        return mem_error(err);
    return add_findings(loading, set->submission_count - 1, db_field_json(row, FINDINGS), err);
}

/* ---- all */

/* Findings name a run; its chip and model stand there. */
static void name_findings(const struct loading *loading)
{
    for (size_t i = 0; i < loading->set->finding_count; i++) {
        struct set_finding *finding = &loading->set->findings[i];
        const struct set_run *run = database_index_run_of(&loading->index, loading->set, finding->submission,
                                                          (uint32_t)(finding->run < 0 ? 0 : finding->run));

        if (run == NULL)
            continue;
        finding->chip = run->machine->chip;
        finding->model = finding->run >= 0 ? run->workload->model : "";
    }
}

int database_rows_load(struct db *db, bool values_only, struct result_set *set, struct err *err)
{
    struct loading loading cleanup(loading_done) = {
        .db = db, .set = set, .values_only = values_only, .texts = {.arena = &set->arena}};
    struct measuring *measuring cleanup(measuring_free_cleanup) = NULL;
    int status =
        loading_each_row(db, "submissions.sql", "reading submissions", set->content, add_submission, &loading, err);

    if (status == 0)
        status = measuring_begin(&loading, &measuring, err);
    if (status == 0)
        status = loading_runs(&loading, err);
    if (status == 0)
        status = measuring_end(measuring, err);
    if (status < 0)
        return status;
    name_findings(&loading);
    status = result_set_finish(set, err);
    return status == 0 && values_only ? loading_details(&loading, err) : status;
}
