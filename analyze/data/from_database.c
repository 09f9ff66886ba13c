#include "analyze/data/from_database.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analyze/data/facts.h"
#include "analyze/data/names.h"
#include "schema/base/embedded.h"
#include "schema/base/str.h"
#include "schema/cluster/cluster.h"
#include "schema/db/db.h"
#include "schema/db/migrate.h"
#include "schema/json/json.h"

#include "gen/analyze/sql/files.inc"

#define UUID_TEXT_SIZE 37

static const char *statement(const char *name)
{
    for (size_t i = 0; embedded_files[i].name != NULL; i++)
        if (text_equal(embedded_files[i].name, name))
            return (const void *)embedded_files[i].data; /* ends in NUL */
    return "";
}

/* Facts of runs repeat: each different text is read once. Copies of the results that hold what was read. */
struct facts_cache {
    struct names texts;
    struct result *items;
    size_t count, capacity;
};

/* What goes along while rows are read. */
struct loading {
    struct result_set *set;
    struct names names;
    struct facts_cache workloads, setups, chips;
};

static void cache_done(struct facts_cache *cache)
{
    names_done(&cache->texts);
    free(cache->items);
}

static void loading_done(struct loading *loading)
{
    names_done(&loading->names);
    cache_done(&loading->workloads);
    cache_done(&loading->setups);
    cache_done(&loading->chips);
}

static const char *copy_text(struct loading *loading, const char *text)
{
    return names_text(&loading->names, &loading->set->arena, text);
}

/* "" for the key of nobody. */
static const char *copy_uuid(struct loading *loading, const uint8_t *uuid)
{
    static const uint8_t nobody[16] = {0};
    static const char digits[] = "0123456789abcdef";
    char text[33];

    if (uuid == NULL || memcmp(uuid, nobody, sizeof(nobody)) == 0)
        return "";
    for (size_t i = 0; i < 16; i++) {
        text[2 * i] = digits[uuid[i] >> 4];
        text[2 * i + 1] = digits[uuid[i] & 15];
    }
    text[32] = '\0';
    return copy_text(loading, text);
}

static int wrong_row(struct err *err, const char *what)
{
    return err_set(err, ERR_INTERNAL, "the database holds %s that this version does not know", what);
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
    finding->rule = copy_text(loading, json_string(json_get(found, "rule")));
    finding->severity = copy_text(loading, json_string(json_get(found, "severity")));
    finding->message = copy_text(loading, json_string(json_get(found, "message")));
    if (json_integer(json_get(found, "run"), &run) && run >= 0)
        finding->run = (long)run;
    return 0;
}

static int add_findings(struct loading *loading, size_t submission, const char *text, struct err *err)
{
    autojson struct json_document *document = NULL;
    int status = 0;

    if (text == NULL)
        return 0;
    status = json_read_strict(str_of(text), &json_limits_tool, &document, err);
    if (status < 0)
        return err_prefix(err, "findings of a submission");
    for (const struct json *found = json_first(json_root(document)); found != NULL && status == 0;
         found = json_next(found))
        status = add_finding(loading, submission, found, err);
    return status;
}

static int add_submission(struct loading *loading, const struct db_result *row, struct err *err)
{
    struct result_set *set = loading->set;
    struct submission *submission = result_set_add_submission(set);

    if (submission == NULL)
        return arena_check(&set->arena, err);
    submission->id = arena_printf(&set->arena, "sha256:%s", db_text(row, 0, 0));
    if (!submission_state_parse(db_text(row, 0, 1), &submission->state))
        return wrong_row(err, "a state of a submission");
    submission->contributor = copy_uuid(loading, db_uuid(row, 0, 2));
    submission->format = copy_text(loading, db_text(row, 0, 3));
    submission->original = arena_strdup(&set->arena, db_text(row, 0, 4));
    if (!db_is_null(row, 0, 5))
        submission->received_us = db_timestamptz(row, 0, 5);
    return add_findings(loading, set->submission_count - 1, db_text(row, 0, 6), err);
}

/* Calls `add` for every row of a statement. */
static int each_row(struct db *db, const char *name, struct loading *loading,
                    int (*add)(struct loading *, const struct db_result *, struct err *), struct err *err)
{
    const struct db_result *row = NULL;
    int status = db_stream_begin(db, statement(name), NULL, err);

    if (status < 0)
        return status;
    while ((status = db_stream_next(db, &row, err)) > 0) {
        const int added = add(loading, row, err);

        if (added < 0) {
            db_stream_end(db);
            return added;
        }
    }
    return status < 0 ? status : arena_check(&loading->set->arena, err);
}

/* ---- results */

/* Rows come by submission, so the last one is nearly always the right one. */
static size_t find_submission(const struct result_set *set, const char *hash, size_t near)
{
    for (size_t i = 0; i < set->submission_count; i++) {
        const size_t at = (near + i) % set->submission_count;

        if (text_equal(set->submissions[at].id + strlen("sha256:"), hash))
            return at;
    }
    return SIZE_MAX;
}

static void copy_samples(struct result_set *set, struct result *result, const struct db_result *row, int column)
{
    const size_t count = db_is_null(row, 0, column) ? 0 : db_array_length(row, 0, column);
    double *samples = count > 0 ? arena_alloc(&set->arena, count, sizeof(*samples)) : NULL;

    if (samples == NULL)
        return;
    db_array_float8s(row, 0, column, samples);
    result->samples = samples;
    result->sample_count = count;
}

static enum stddev_kind stddev_kind_of(const char *word)
{
    if (text_equal(word, "sample"))
        return STDDEV_SAMPLE;
    return text_equal(word, "population") ? STDDEV_POPULATION : STDDEV_UNKNOWN;
}

static enum direction direction_of(const char *word)
{
    if (text_equal(word, "higher"))
        return DIRECTION_HIGHER;
    return text_equal(word, "lower") ? DIRECTION_LOWER : DIRECTION_UNKNOWN;
}

/* Columns of results.sql. */
enum {
    COLUMN_HASH,
    COLUMN_RUN,
    COLUMN_DEVICE_KEY,
    COLUMN_CHIP,
    COLUMN_CHIP_COUNT,
    COLUMN_VARIANT,
    COLUMN_RAN_AT,
    COLUMN_TOOL,
    COLUMN_TOOL_VERSION,
    COLUMN_WORKLOAD,
    COLUMN_DEVICE,
    COLUMN_SETUP,
    COLUMN_LABELS,
    COLUMN_ORDINAL,
    COLUMN_METRIC,
    COLUMN_UNIT,
    COLUMN_DIRECTION,
    COLUMN_N,
    COLUMN_MEAN,
    COLUMN_STDDEV,
    COLUMN_STDDEV_KIND,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_MEDIAN,
    COLUMN_SAMPLES,
    COLUMN_FLAGS
};

static void fill_measurement(struct loading *loading, struct result *result, const struct db_result *row)
{
    struct result_set *set = loading->set;

    result->ordinal = (size_t)db_int64(row, 0, COLUMN_ORDINAL);
    result->metric = copy_text(loading, db_text(row, 0, COLUMN_METRIC));
    result->unit = copy_text(loading, db_text(row, 0, COLUMN_UNIT));
    result->direction = direction_of(db_text(row, 0, COLUMN_DIRECTION));
    result->n = db_is_null(row, 0, COLUMN_N) ? COUNT_UNKNOWN : db_int64(row, 0, COLUMN_N);
    result->mean = db_float8(row, 0, COLUMN_MEAN);
    result->stddev = db_float8(row, 0, COLUMN_STDDEV);
    result->stddev_kind = stddev_kind_of(db_text(row, 0, COLUMN_STDDEV_KIND));
    result->min = db_float8(row, 0, COLUMN_MIN);
    result->max = db_float8(row, 0, COLUMN_MAX);
    result->median = db_float8(row, 0, COLUMN_MEDIAN);
    copy_samples(set, result, row, COLUMN_SAMPLES);
    result_set_flags(result, copy_text(loading, db_text(row, 0, COLUMN_FLAGS)));
    result_choose_value(result, &set->arena);
}

/* The entry of a text; *ret_new when it must be read first. NULL when memory is out. */
static struct result *cached(struct loading *loading, struct facts_cache *cache, const char *text, bool *ret_new)
{
    const size_t known = cache->texts.count;
    const size_t number = names_number(&cache->texts, &loading->set->arena, str_of(text != NULL ? text : ""));

    if (number == NAMES_NONE || mem_grow(&cache->items, &cache->capacity, number + 1, sizeof(*cache->items)) < 0)
        return NULL;
    *ret_new = number == known;
    return &cache->items[number];
}

static int fill_workload(struct loading *loading, struct result *result, const char *text, struct err *err)
{
    bool is_new = false;
    struct result *known = cached(loading, &loading->workloads, text, &is_new);

    if (known == NULL)
        return mem_error(err);
    if (is_new) {
        *known = *result;
        const int status = facts_workload_of(loading->set, known, text, err);

        if (status < 0)
            return status;
    }
    result->model = known->model;
    result->quantization = known->quantization;
    result->backend = known->backend;
    result->mode = known->mode;
    result->task = known->task;
    result->category = known->category;
    result->parameter_items = known->parameter_items;
    result->parameters = known->parameters;
    result->model_bytes = known->model_bytes;
    return 0;
}

static int fill_setup(struct loading *loading, struct result *result, const char *text, struct err *err)
{
    bool is_new = false;
    struct result *known = cached(loading, &loading->setups, text, &is_new);

    if (known == NULL)
        return mem_error(err);
    if (is_new) {
        *known = *result;
        const int status = facts_setup_of(loading->set, known, text, err);

        if (status < 0)
            return status;
    }
    result->setup_items = known->setup_items;
    result->setup = known->setup;
    return 0;
}

/* The chip's name and its device together decide. */
static int fill_chip(struct loading *loading, struct result *result, const char *chip, const char *device,
                     struct err *err)
{
    autobuf struct buf key = BUF(1 << 20);
    bool is_new = false;

    buf_addf(&key, "%lld\n%s\n%s", (long long)result->chip_count, chip != NULL ? chip : "",
             device != NULL ? device : "");
    struct result *known = cached(loading, &loading->chips, buf_text(&key), &is_new);

    if (known == NULL || buf_check(&key, err) < 0)
        return mem_error(err);
    if (is_new) {
        *known = *result;
        const int status = facts_chip_of(loading->set, known, chip, device, err);

        if (status < 0)
            return status;
    }
    result->chip_count = known->chip_count;
    result->chip_given = known->chip_given;
    result->chip = known->chip;
    result->chip_variant = known->chip_variant;
    result->chip_entry = known->chip_entry;
    result->chip_known = known->chip_known;
    result->os = known->os;
    result->driver = known->driver;
    return 0;
}

static int fill_run(struct loading *loading, struct result *result, const struct db_result *row, struct err *err)
{
    result->run = (size_t)db_int64(row, 0, COLUMN_RUN);
    result->device = copy_uuid(loading, db_uuid(row, 0, COLUMN_DEVICE_KEY));
    result->chip_count = db_int64(row, 0, COLUMN_CHIP_COUNT);
    result->variant = copy_text(loading, db_text(row, 0, COLUMN_VARIANT));
    result->tool = copy_text(loading, db_text(row, 0, COLUMN_TOOL));
    result->tool_version = copy_text(loading, db_text(row, 0, COLUMN_TOOL_VERSION));
    if (!db_is_null(row, 0, COLUMN_RAN_AT))
        result->ran_us = db_timestamptz(row, 0, COLUMN_RAN_AT);
    int status = fill_workload(loading, result, db_text(row, 0, COLUMN_WORKLOAD), err);

    if (status == 0)
        status = fill_setup(loading, result, db_text(row, 0, COLUMN_SETUP), err);
    if (status == 0)
        status = facts_labels_of(loading->set, result, db_text(row, 0, COLUMN_LABELS), err);
    return status < 0 ? status
                      : fill_chip(loading, result, db_text(row, 0, COLUMN_CHIP), db_text(row, 0, COLUMN_DEVICE), err);
}

static int add_result(struct loading *loading, const struct db_result *row, struct err *err)
{
    struct result_set *set = loading->set;
    const size_t near = set->result_count > 0 ? set->results[set->result_count - 1].submission : 0;
    const size_t submission = find_submission(set, db_text(row, 0, COLUMN_HASH), near);
    struct result *result = result_set_add_result(set);

    if (result == NULL)
        return arena_check(&set->arena, err);
    if (submission == SIZE_MAX)
        return wrong_row(err, "a run without its submission");
    result->submission = submission;
    fill_measurement(loading, result, row);
    return fill_run(loading, result, row, err);
}

/* Findings name a run; its chip and model stand in the results. */
static void name_findings(struct result_set *set)
{
    for (size_t i = 0; i < set->finding_count; i++) {
        struct set_finding *finding = &set->findings[i];

        for (size_t j = 0; j < set->result_count; j++) {
            const struct result *result = &set->results[j];

            if (result->submission != finding->submission || (finding->run >= 0 && (long)result->run != finding->run))
                continue;
            finding->chip = result->chip;
            finding->model = finding->run >= 0 ? result->model : "";
            break;
        }
    }
}

static int take_log_head(struct loading *loading, const struct db_result *row, struct err *err)
{
    struct result_set *set = loading->set;

    set->log_epoch = db_int64(row, 0, 0);
    set->log_size = db_int64(row, 0, 1);
    set->log_root = arena_strdup(&set->arena, db_text(row, 0, 2));
    return arena_check(&set->arena, err);
}

static int load(struct db *db, struct result_set *set, struct err *err)
{
    struct loading loading cleanup(loading_done) = {.set = set};
    int status = db_schema_check(db, err);

    if (status == 0)
        status = db_begin(db, DB_SNAPSHOT, err);
    if (status == 0)
        status = each_row(db, "submissions.sql", &loading, add_submission, err);
    if (status == 0)
        status = each_row(db, "results.sql", &loading, add_result, err);
    if (status == 0)
        status = each_row(db, "log_head.sql", &loading, take_log_head, err);
    if (status == 0)
        status = db_commit(db, err);
    if (status < 0)
        return status;
    name_findings(set);
    return 0;
}

static int load_from(const char *conninfo, struct result_set *set, struct err *err)
{
    static const struct db_options options = {.application_name = "crosschip-analyze", .statement_timeout_ms = 600000};
    autodb struct db *db = NULL;
    const int status = db_connect(conninfo, &options, &db, err);

    return status < 0 ? status : load(db, set, err);
}

/* Nothing was ever collected: the folder holds neither a cluster nor the word where it is. Where this account may
 * not look, opening it will say so. */
static bool never_collected(const char *folder)
{
    static const char *const signs[] = {"pgdata", "cluster"};

    for (size_t i = 0; i < ARRAY_LENGTH(signs); i++) {
        autofree char *path = mem_printf("%s/%s", folder, signs[i]);

        if (path == NULL || access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
            return false;
    }
    return true;
}

static int check_collected(const struct database_source *source, struct err *err)
{
    autofree char *fallback = NULL;

    if (source->data_folder == NULL) {
        const int status = cluster_default_folder(&fallback, err);

        if (status < 0)
            return status;
    }
    const char *folder = source->data_folder != NULL ? source->data_folder : fallback;

    if (!never_collected(folder))
        return 0;
    (void)err_set(err, ERR_NOTHING, "there is no database here yet");
    (void)err_path(err, "%s", folder);
    return err_hint(err, "name benchmark outputs as arguments, a folder by --data or a server by --database; "
                         "crosschip-collector serve makes one");
}

int from_database(struct result_set *set, const struct database_source *source, struct err *err)
{
    struct cluster *cluster = NULL;
    struct cluster_options options = {.data_folder = source->data_folder,
                                      .account = source->account,
                                      .progress = source->progress,
                                      .progress_context = source->progress_context,
                                      .existing_only = true};

    if (source->uri != NULL)
        return load_from(source->uri, set, err);
    int status = check_collected(source, err);

    if (status == 0)
        status = cluster_open(&options, &cluster, err);
    if (status < 0)
        return status;
    status = load_from(cluster_conninfo(cluster), set, err);
    struct err closing;
    const int closed = cluster_close(cluster, status < 0 ? &closing : err);

    return status < 0 ? status : closed;
}
