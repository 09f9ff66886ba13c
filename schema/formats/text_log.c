#include "schema/formats/text_log.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/reader.h"

int text_log_open(struct text_log *log, const struct format *format, const struct format_input *input,
                  struct reading_list *into, struct err *err)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return mem_error(err);
    reading->format = format->name;
    reading->reader_version = format->version;
    reading->tool = format->tool;
    int result = reading_list_add(into, reading, err);
    *log = (struct text_log){.text = input->text, .reading = result < 0 ? NULL : reading};
    return result;
}

bool text_log_next(struct text_log *log)
{
    struct str rest = str_slice(log->text.data + log->at, log->text.len - log->at), line;
    size_t before = rest.len;
    if (!str_next_line(&rest, &line))
        return false;
    log->begin = log->at;
    log->at += before - rest.len;
    log->line = str_trim(line);
    log->number++;
    return true;
}

/* Marks what stands between `from` and `to`, blanks at the ends apart. */
static void mark_gap(struct text_log *log, size_t from, size_t to)
{
    struct str gap = str_trim(str_slice(log->text.data + from, to - from));
    if (gap.len > 0)
        reading_add_private(log->reading, (size_t)(gap.data - log->text.data), gap.len, PRIVATE_TEXT);
}

void text_log_keep(struct text_log *log)
{
    if (log->kept >= log->at)
        return;
    mark_gap(log, log->kept, log->begin);
    log->kept = log->at;
}

void text_log_private(struct text_log *log, struct str part, enum private_kind kind)
{
    if (part.len > 0 && !str_starts_with(part, STR("[removed:")) && !str_starts_with(part, STR("[text:")))
        reading_add_private(log->reading, (size_t)(part.data - log->text.data), part.len, kind);
}

struct str text_log_path(struct text_log *log, struct str path)
{
    struct str folder, base;
    reader_split_path(path, &folder, &base);
    bool removed = str_starts_with(folder, STR("[removed:"));
    if (!removed && !reader_path_is_private(path))
        return path;
    if (!removed)
        text_log_private(log, folder, PRIVATE_PATH);
    return base;
}

int text_log_close(struct text_log *log, const char *nothing, struct err *err)
{
    struct reading *reading = log->reading;
    size_t kept = 0;
    for (size_t i = 0; i < reading->run_count; i++) /* lines of a run that never came to a figure */
        if (reading->runs[i].measurement_count > 0)
            reading->runs[kept++] = reading->runs[i];
    reading->run_count = kept;
    if (reading->run_count == 0 && nothing != NULL)
        reading_add_problem(reading, "", 0, 0, "%s", nothing);
    mark_gap(log, log->kept, log->text.len);
    reader_set_original(reading, 0, log->text.len);
    return arena_check(&reading->arena, err);
}

int text_log_abandon(struct text_log *log, int result)
{
    if (log->reading != NULL) {
        mark_gap(log, log->kept, log->text.len);
        reader_set_original(log->reading, 0, log->text.len);
    }
    return result;
}

bool text_split(struct str line, char separator, struct str *ret_label, struct str *ret_value)
{
    const char *found = line.len > 0 ? memchr(line.data, separator, line.len) : NULL;
    if (found == NULL || str_starts_with(line, STR("[text:")) || str_starts_with(line, STR("[removed:")))
        return false;
    size_t at = (size_t)(found - line.data);
    *ret_label = str_trim(str_slice(line.data, at));
    *ret_value = str_trim(str_slice(found + 1, line.len - at - 1));
    return ret_label->len > 0;
}

static bool is_number_character(char c)
{
    return (c >= '0' && c <= '9') || strchr("+-.eE", c) != NULL;
}

bool text_quantity(struct str text, double *ret_number, struct str *ret_unit)
{
    text = str_trim(text);
    size_t length = 0;
    while (length < text.len && text.data[length] != '\0' && is_number_character(text.data[length]))
        length++;
    while (length > 0 && !number_parse_loose(str_slice(text.data, length), ret_number))
        length--;
    if (length == 0) {
        while (length < text.len && strchr(" \t%", text.data[length]) == NULL)
            length++;
        if (!reader_is_not_finite(str_slice(text.data, length)))
            return false;
        *ret_number = MISSING;
    }
    *ret_unit = str_trim(str_slice(text.data + length, text.len - length));
    return true;
}

bool text_number_after(struct str line, const char *label, double *ret_number)
{
    struct str unit;
    size_t at = str_find(line, str_of(label), 0);
    if (at == SIZE_MAX)
        return false;
    at += strlen(label);
    return text_quantity(str_slice(line.data + at, line.len - at), ret_number, &unit);
}

/* ---------------------------------------------------------------- figures */

struct measurement *text_measure(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                 enum direction direction, const struct text_figures *figures)
{
    struct given_figures given = {
        .unit = unit,
        .stated = STATED_FIGURES,
        .min = figures->min,
        .max = figures->max,
        .median = figures->median,
        .stddev_kind = figures->stddev_kind,
        .direction = direction,
    };
    given.stated.mean = figures->mean;
    given.stated.stddev = figures->stddev;
    given.stated.n = figures->n;
    given.stated.mean_not_finite = figures->not_finite;
    return figures_add(reading, run, metric, &given);
}

struct measurement *text_measure_one(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                     double value)
{
    struct text_figures figures = TEXT_FIGURES;
    figures.mean = value;
    figures.not_finite = !isfinite(value);
    return text_measure(reading, run, metric, unit, DIRECTION_UNKNOWN, &figures);
}

const struct measurement *run_find(const struct run *run, const char *metric)
{
    for (size_t i = 0; i < run->measurement_count; i++)
        if (text_equal(run->measurements[i].metric, metric))
            return &run->measurements[i];
    return NULL;
}

/* ---------------------------------------------------------------- model */

void reader_set_model(struct reading *reading, struct run *run, struct str given)
{
    struct str folder, base;
    given = str_trim(given);
    reader_split_path(given, &folder, &base);
    if (reader_path_is_private(given) || str_starts_with(given, STR("[removed:")))
        given = base;
    char *text = reader_text(&reading->arena, given);
    if (text == NULL || reader_is_placeholder(text))
        return;
    const struct model *model = catalog_match_model(text, MISSING, MISSING);
    run->workload.model_as_given = text;
    run->workload.model = model != NULL ? model->name : text;
    run->workload.quantization = catalog_match_quantization(text);
}

void reader_tell_no_chip(struct reading *reading)
{
    if (reading->run_count > 0 && reading->device.chip == NULL)
        reading_add_problem(reading, "", 0, 0, "the file does not name the chip that this ran on");
}
