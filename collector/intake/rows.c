#include "collector/intake/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake/facts.h"
#include "schema/base/clock.h"
#include "schema/bundle/keys.h"
#include "schema/db/values.h"

enum { RUN_COLUMNS = 17, MEASUREMENT_COLUMNS = 18, FACTS_MAX = 1 << 20 };

/* What is the same for every run of the bundle, or used by each in turn. */
struct encoder {
    const struct bundle *bundle;
    const struct findings *findings;
    size_t next_finding; /* findings are in the order of runs */
    struct prepared *prepared;
    struct bundle_key device_key;
    struct buf device, json; /* JSON of the device; scratch */
    int32_t ordinal;
};

static void encoder_done(struct encoder *encoder)
{
    buf_done(&encoder->device);
    buf_done(&encoder->json);
}
#define autoencoder cleanup(encoder_done)

/* Values that PostgreSQL's columns would refuse; the bundle's own rules come before. */
static int check_measurement(const struct measurement *m, size_t run, size_t index, struct err *err)
{
    const char *fault = NULL;
    if (text_is_empty(m->metric)) {
        fault = "the metric has no name";
    } else if (m->n != COUNT_UNKNOWN && (m->n < 1 || m->n > INT32_MAX)) {
        fault = "n is not a count";
    } else if (m->stddev < 0.0) {
        fault = "the standard deviation is negative";
    } else if (isinf(m->mean) || isinf(m->stddev) || isinf(m->min) || isinf(m->max) || isinf(m->median) ||
               isinf(m->original_value)) {
        fault = "a figure is not finite";
    }
    if (fault == NULL) {
        return 0;
    }
    err_set(err, ERR_DATA, "%s", fault);
    return err_path(err, "runs[%zu].metrics[%zu]", run, index);
}

static const char *stddev_kind_word(const struct measurement *m)
{
    if (isnan(m->stddev)) {
        return NULL;
    }
    switch (m->stddev_kind) {
    case STDDEV_SAMPLE:
        return "sample";
    case STDDEV_POPULATION:
        return "population";
    case STDDEV_UNKNOWN:
        break;
    }
    return "unknown";
}

static bool same_metric(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && text_equal(a, b);
}

/* Flags of the reading and the names of the rules that found something in this run (and metric). */
static void put_flags(struct encoder *encoder, struct db_values *rows, const struct flag_list *own, size_t run,
                      const char *metric)
{
    struct arena *arena = &encoder->prepared->arena;
    struct flag_list rules = {0};
    const struct findings *findings = encoder->findings;
    for (size_t i = encoder->next_finding; i < findings->count && findings->items[i].run == run; i++) {
        const struct finding *finding = &findings->items[i];
        if (same_metric(finding->metric, metric) && !flags_has(own, finding->rule->name)) {
            flags_add(arena, &rules, finding->rule->name);
        }
    }
    db_array_begin(rows, DB_TEXT);
    for (size_t i = 0; i < own->count; i++) {
        db_put_text(rows, own->items[i]);
    }
    for (size_t i = 0; i < rules.count; i++) {
        db_put_text(rows, rules.items[i]);
    }
    db_array_end(rows);
}

static int put_measurement(struct encoder *encoder, size_t run_index, size_t index, struct bundle_key workload_key,
                           struct err *err)
{
    const struct run *run = &encoder->bundle->reading->runs[run_index];
    const struct measurement *m = &run->measurements[index];
    const char *chip = reading_chip_name(encoder->bundle->reading, run);
    struct bundle_key series;
    int code = check_measurement(m, run_index, index, err);
    if (code == 0) {
        code = bundle_series_key(chip, run->chip_count, workload_key, run->variant, m->metric, &series, err);
    }
    if (code != 0) {
        return code;
    }
    struct db_values *rows = &encoder->prepared->measurement_rows;
    db_put_row(rows, MEASUREMENT_COLUMNS);
    db_put_uuid(rows, encoder->prepared->hash);
    db_put_int32(rows, encoder->ordinal++);
    db_put_int32(rows, (int32_t)run_index);
    db_put_uuid(rows, series.bytes);
    db_put_text(rows, m->metric);
    db_put_text(rows, m->unit != NULL ? m->unit : "");
    db_put_text(rows, direction_word(m->direction));
    db_put_text(rows, m->original_unit);
    db_put_number(rows, m->original_unit != NULL ? m->original_value : (double)NAN);
    db_put_count(rows, m->n);
    db_put_number(rows, m->mean);
    db_put_number(rows, m->stddev);
    db_put_text(rows, stddev_kind_word(m));
    db_put_number(rows, m->min);
    db_put_number(rows, m->max);
    db_put_number(rows, m->median);
    db_put_number_array(rows, m->sample_count > 0 ? m->samples : NULL, m->sample_count);
    put_flags(encoder, rows, &m->flags, run_index, m->metric);
    return 0;
}

static void put_json(struct db_values *rows, const struct buf *json)
{
    if (json->len == 0) {
        db_put_null(rows, DB_JSONB);
    } else {
        db_put_jsonb(rows, str_slice(json->data, json->len));
    }
}

/* Conditions of the run, and the cooling that the contributor named for all of them. */
static void put_conditions(struct encoder *encoder, struct db_values *rows, const struct run *run)
{
    struct parameter_list list = run->conditions;
    const char *cooling = encoder->bundle->cooling;
    if (!text_is_empty(cooling) && parameters_find(&list, "cooling") == NULL) {
        struct parameter_list copy = {0};
        (void)parameters_set_word(&encoder->prepared->arena, &copy, "cooling", cooling);
        for (size_t i = 0; i < list.count; i++) {
            struct parameter *items =
                arena_grow(&encoder->prepared->arena, copy.items, &copy.capacity, copy.count + 1, sizeof *items);
            if (items == NULL) {
                return;
            }
            copy.items = items;
            copy.items[copy.count++] = list.items[i];
        }
        list = copy;
    }
    buf_reset(&encoder->json);
    facts_parameters(&list, &encoder->json);
    put_json(rows, &encoder->json);
}

static void put_ran_at(struct db_values *rows, const struct run *run)
{
    int64_t ran_at = 0;
    bool known = run->ran_at != NULL && clock_parse(str_of(run->ran_at), &ran_at);
    autofree char *with_zone = NULL;
    if (!known && run->ran_at != NULL && run->ran_at_local) {
        with_zone = mem_printf("%sZ", run->ran_at);
        known = with_zone != NULL && clock_parse(str_of(with_zone), &ran_at);
    }
    if (known) {
        db_put_timestamptz(rows, ran_at);
    } else {
        db_put_null(rows, DB_TIMESTAMPTZ);
    }
    db_put_bool(rows, known && run->ran_at_local);
}

static int put_run_row(struct encoder *encoder, size_t index, struct bundle_key workload_key)
{
    const struct reading *reading = encoder->bundle->reading;
    const struct run *run = &reading->runs[index];
    const char *chip = reading_chip_name(reading, run);
    struct db_values *rows = &encoder->prepared->run_rows;
    db_put_row(rows, RUN_COLUMNS);
    db_put_uuid(rows, encoder->prepared->hash);
    db_put_int32(rows, (int32_t)index);
    db_put_uuid(rows, encoder->device_key.bytes);
    db_put_text(rows, text_is_empty(chip) ? ROWS_CHIP_UNSTATED : chip);
    db_put_int32(rows, (int32_t)run->chip_count);
    db_put_uuid(rows, workload_key.bytes);
    db_put_text(rows, text_is_empty(run->variant) ? "alone" : run->variant);
    put_ran_at(rows, run);
    db_put_text(rows, reading->tool);
    db_put_text(rows, reading->tool_version);
    buf_reset(&encoder->json);
    facts_workload(&run->workload, &encoder->json);
    put_json(rows, &encoder->json);
    put_json(rows, &encoder->device);
    buf_reset(&encoder->json);
    facts_parameters(&run->setup, &encoder->json);
    put_json(rows, &encoder->json);
    put_conditions(encoder, rows, run);
    buf_reset(&encoder->json);
    facts_labels(&run->labels, &encoder->json);
    put_json(rows, &encoder->json);
    put_flags(encoder, rows, &run->flags, index, NULL);
    return encoder->json.failed;
}

static int check_run(const struct run *run, size_t index, struct err *err)
{
    static const char *const variants[] = {"alone", "parallel", "combined"};
    bool known = text_is_empty(run->variant);
    for (size_t i = 0; i < ARRAY_LENGTH(variants); i++) {
        known = known || text_equal(run->variant, variants[i]);
    }
    if (!known) {
        err_set(err, ERR_DATA, "expected alone, parallel or combined");
        return err_path(err, "runs[%zu].variant", index);
    }
    if (run->chip_count < 1 || run->chip_count > INT32_MAX) {
        err_set(err, ERR_DATA, "the number of chips is not a count");
        return err_path(err, "runs[%zu].chip.count", index);
    }
    return 0;
}

static int encode_run(struct encoder *encoder, size_t index, struct err *err)
{
    const struct run *run = &encoder->bundle->reading->runs[index];
    const struct findings *findings = encoder->findings;
    while (encoder->next_finding < findings->count && (findings->items[encoder->next_finding].run == CHECK_NO_RUN ||
                                                       findings->items[encoder->next_finding].run < index)) {
        encoder->next_finding++;
    }
    struct bundle_key workload_key = {0};
    int code = check_run(run, index, err);
    if (code == 0) {
        code = bundle_workload_key(&run->workload, &workload_key, err);
    }
    if (code == 0 && put_run_row(encoder, index, workload_key) != 0) {
        code = buf_check(&encoder->json, err);
    }
    for (size_t i = 0; code == 0 && i < run->measurement_count; i++) {
        code = put_measurement(encoder, index, i, workload_key, err);
    }
    return code;
}

static int check_size(const struct db_values *rows, struct err *err)
{
    if (rows->bytes.failed == ERR_LIMIT || db_values_size(rows) > INTAKE_ROWS_MAX) {
        return err_set(err, ERR_LIMIT, "the runs of this bundle need more than %zu MiB of rows", INTAKE_ROWS_MAX >> 20);
    }
    return buf_check(&rows->bytes, err);
}

static int encode_all(struct encoder *encoder, struct err *err)
{
    struct prepared *prepared = encoder->prepared;
    size_t count = encoder->bundle->reading->run_count;
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = encode_run(encoder, i, err);
        if (code == 0) {
            code = check_size(&prepared->run_rows, err);
        }
        if (code == 0) {
            code = check_size(&prepared->measurement_rows, err);
        }
    }
    return code != 0 ? code : arena_check(&prepared->arena, err);
}

int rows_encode(const struct bundle *bundle, const struct findings *findings, struct prepared *prepared,
                struct err *err)
{
    autoencoder struct encoder encoder = {
        .bundle = bundle,
        .findings = findings,
        .prepared = prepared,
        .device = BUF(FACTS_MAX),
        .json = BUF(FACTS_MAX),
    };
    struct bundle_key contributor;
    memcpy(contributor.bytes, prepared->contributor_key, sizeof contributor.bytes);
    int code = bundle_device_key(contributor, &bundle->reading->device, &encoder.device_key, err);
    if (code == 0) {
        facts_device(&bundle->reading->device, &encoder.device);
        code = buf_check(&encoder.device, err);
    }
    return code != 0 ? code : encode_all(&encoder, err);
}
