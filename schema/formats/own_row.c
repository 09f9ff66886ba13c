#include "schema/formats/own_row.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

enum kind { NAME, NUMBER, COUNT, SAMPLES, WORD };

static const struct field {
    const char *name;
    enum kind kind;
} fields[] = {
    {"chip", NAME},     {"chip_count", COUNT}, {"model", NAME},    {"quantization", NAME}, {"backend", NAME},
    {"mode", NAME},     {"task", NAME},        {"category", NAME}, {"variant", NAME},      {"metric", NAME},
    {"unit", NAME},     {"direction", WORD},   {"value", NUMBER},  {"samples", SAMPLES},   {"n", COUNT},
    {"stddev", NUMBER}, {"stddev_kind", WORD}, {"min", NUMBER},    {"max", NUMBER},        {"median", NUMBER},
    {"time", NAME},
};
static const char *const groups[] = {"labels.", "parameters.", "setup.", "conditions."};

static const struct field *find_field(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* The name behind "parameters." and its like, NULL when it is none of them. */
static const char *grouped(const char *name, size_t *ret_group)
{
    for (*ret_group = 0; *ret_group < ARRAY_LENGTH(groups); ++*ret_group)
        if (text_starts_with(name, groups[*ret_group]))
            return name + strlen(groups[*ret_group]);
    return NULL;
}

bool own_is_field(const char *name)
{
    size_t group = 0;
    const char *inner = grouped(name, &group);
    return find_field(name) != NULL || (inner != NULL && *inner != '\0');
}

int own_row_begin(struct reading *reading, struct own_row *ret, struct err *err)
{
    *ret = (struct own_row){.reading = reading, .figures = GIVEN_FIGURES};
    ret->run = reading_add_run(reading);
    return ret->run == NULL ? mem_error(err) : 0;
}

/* ---------------------------------------------------------------- setting a field */

static int wrong(const struct own_row *row, const char *expected, struct err *err)
{
    return err_set(err, ERR_DATA, "%.80s: expected %s", row->field, expected);
}

static void set_model(struct own_row *row, const char *text)
{
    struct workload *workload = &row->run->workload;
    const struct model *known = catalog_match_model(text, MISSING, MISSING);
    workload->model_as_given = text;
    workload->model = known != NULL ? known->name : text;
}

static void set_name(struct own_row *row, const char *name, const char *text)
{
    struct run *run = row->run;
    struct workload *workload = &run->workload;
    const char *quantization = NULL, *backend = NULL;
    if (strcmp(name, "chip") == 0) {
        run->chip_name = text;
    } else if (strcmp(name, "model") == 0) {
        set_model(row, text);
    } else if (strcmp(name, "quantization") == 0) {
        quantization = catalog_match_quantization(text);
        workload->quantization = quantization != NULL ? quantization : text;
    } else if (strcmp(name, "backend") == 0) {
        backend = catalog_match_backend(text);
        workload->backend = backend != NULL ? backend : text;
    } else if (strcmp(name, "mode") == 0) {
        workload->mode = text;
    } else if (strcmp(name, "task") == 0) {
        workload->task = text;
    } else if (strcmp(name, "category") == 0) {
        workload->category = text;
    } else if (strcmp(name, "variant") == 0) {
        run->variant = strcmp(text, "alone") == 0 ? NULL : text;
    } else if (strcmp(name, "metric") == 0) {
        row->metric = text;
    } else if (strcmp(name, "unit") == 0) {
        row->figures.unit = text;
        row->has_unit = true;
    }
}

static int set_text(struct own_row *row, const char *name, const struct own_value *value, struct err *err)
{
    struct arena *arena = &row->reading->arena;
    if (value->text == NULL || value->is_list)
        return wrong(row, "a text", err);
    struct format_input nowhere = {0};
    bool unit = strcmp(name, "unit") == 0;
    const char *text =
        unit ? reader_text(arena, str_of(value->text)) : benchmark_name(row->reading, &nowhere, str_of(value->text));
    if (unit && text == NULL)
        text = "";
    if (text == NULL)
        return arena_check(arena, err);
    if (strcmp(name, "time") != 0) {
        set_name(row, name, text);
        return 0;
    }
    return reader_set_time(arena, row->run, text) ? 0 : wrong(row, "a time such as 2026-11-21T07:48:00Z", err);
}

static int set_word(struct own_row *row, const char *name, const struct own_value *value, struct err *err)
{
    const char *text = value->text;
    if (strcmp(name, "direction") == 0) {
        if (!text_equal(text, "higher") && !text_equal(text, "lower"))
            return wrong(row, "\"higher\" or \"lower\", which of them is better", err);
        row->figures.direction = text_equal(text, "higher") ? DIRECTION_HIGHER : DIRECTION_LOWER;
        return 0;
    }
    if (!text_equal(text, "sample") && !text_equal(text, "population"))
        return wrong(row, "\"sample\" (divided by n - 1) or \"population\" (by n)", err);
    row->figures.stddev_kind = text_equal(text, "sample") ? STDDEV_SAMPLE : STDDEV_POPULATION;
    return 0;
}

static int set_number(struct own_row *row, const char *name, const struct own_value *value, struct err *err)
{
    struct given_figures *figures = &row->figures;
    if (value->is_list || value->is_boolean || (isnan(value->number) && !value->not_finite))
        return wrong(row, "a number", err);
    if (strcmp(name, "value") == 0) {
        figures->stated.mean = value->number;
        figures->stated.mean_not_finite = value->not_finite;
    } else if (strcmp(name, "stddev") == 0) {
        figures->stated.stddev = value->number;
    } else if (strcmp(name, "min") == 0) {
        figures->min = value->number;
    } else if (strcmp(name, "max") == 0) {
        figures->max = value->number;
    } else {
        figures->median = value->number;
    }
    return 0;
}

static int set_count(struct own_row *row, const char *name, const struct own_value *value, struct err *err)
{
    if (value->is_list || value->is_boolean || !(value->number >= 1) || value->number > 9e15 ||
        !number_is_integer(value->number))
        return wrong(row, "a whole number above zero", err);
    if (strcmp(name, "n") == 0)
        row->figures.stated.n = (int64_t)value->number;
    else
        row->run->chip_count = (int64_t)value->number;
    return 0;
}

static int set_samples(struct own_row *row, const struct own_value *value, struct err *err)
{
    if (!value->is_list)
        return wrong(row, "a list of numbers", err);
    row->figures.stated.samples = value->samples;
    row->figures.stated.sample_count = value->sample_count;
    return 0;
}

static int set_grouped(struct own_row *row, size_t group, const char *name, const struct own_value *value,
                       struct err *err)
{
    struct arena *arena = &row->reading->arena;
    struct run *run = row->run;
    struct parameter_list *const lists[] = {NULL, &run->workload.parameters, &run->setup, &run->conditions};
    const char *copy = arena_strdup(arena, name);
    enum private_kind kind;
    if (copy == NULL || *copy == '\0' || strlen(copy) > 64 || reader_name_is_personal(str_of(copy), &kind))
        return wrong(row, "a name of at most 64 characters that is not about a person or a host", err);
    if (group == 0) {
        const char *text = value->text == NULL ? NULL : reader_long_text(arena, str_of(value->text), 1000);
        if (text == NULL && !value->is_list && value->text != NULL)
            return 0;
        if (text == NULL)
            return wrong(row, "a text", err);
        labels_add(arena, &run->labels, copy, text);
        return 0;
    }
    if (value->is_list || value->not_finite)
        return wrong(row, "a number, true, false or a word", err);
    if (value->is_boolean)
        parameters_set_boolean(arena, lists[group], copy, value->number > 0);
    else if (!isnan(value->number))
        parameters_set_number(arena, lists[group], copy, value->number);
    else if (!parameters_set_word(arena, lists[group], copy, value->text == NULL ? "" : value->text))
        return wrong(row, "a number, true, false or a word of at most 64 characters without / \\ @", err);
    return 0;
}

int own_row_set(struct own_row *row, const char *name, const struct own_value *value, struct err *err)
{
    size_t group = 0;
    if (name == NULL)
        return err_set(err, ERR_INTERNAL, "a value without a name");
    text_copy(row->field, sizeof row->field, name);
    const char *inner = grouped(name, &group);
    if (inner != NULL)
        return set_grouped(row, group, inner, value, err);
    const struct field *field = find_field(name);
    if (field == NULL) {
        err_set(err, ERR_DATA, "%.80s is not known", row->field);
        return err_hint(err, "%s", OWN_HINT);
    }
    switch (field->kind) {
    case NAME:
        return set_text(row, name, value, err);
    case NUMBER:
        return set_number(row, name, value, err);
    case COUNT:
        return set_count(row, name, value, err);
    case SAMPLES:
        return set_samples(row, value, err);
    case WORD:
        break;
    }
    return set_word(row, name, value, err);
}

/* ---------------------------------------------------------------- the measurement */

int own_row_measure(struct own_row *row, struct err *err)
{
    const struct metric *known = row->metric == NULL ? NULL : catalog_metric(row->metric);
    const struct stated_figures *stated = &row->figures.stated;
    text_copy(row->field, sizeof row->field, "metric");
    if (row->metric == NULL)
        return err_set(err, ERR_DATA, "metric is missing: what was measured, such as generation_throughput");
    if (!row->has_unit) {
        err_set(err, ERR_DATA, "unit is missing for %.60s", row->metric);
        return err_hint(err, "a unit is never guessed; write \"\" for a figure without one");
    }
    text_copy(row->field, sizeof row->field, "unit");
    if (known != NULL && isnan(catalog_unit_factor(row->figures.unit, known->unit)))
        return err_set(err, ERR_DATA, "%.60s is in %s and \"%.40s\" does not convert to it", row->metric, known->unit,
                       row->figures.unit);
    text_copy(row->field, sizeof row->field, "value");
    if (isnan(stated->mean) && !stated->mean_not_finite && stated->sample_count == 0)
        return err_set(err, ERR_DATA, "neither value nor samples are given for %.60s", row->metric);
    const struct measurement *added = figures_add(row->reading, row->run, row->metric, &row->figures);
    row->metric = NULL;
    row->has_unit = false;
    row->figures = GIVEN_FIGURES;
    return added == NULL ? mem_error(err) : 0;
}
