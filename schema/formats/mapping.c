#include "schema/formats/mapping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/lines.h"
#include "schema/formats/mapping_row.h"
#include "schema/formats/own_row.h"
#include "schema/formats/reader.h"

#define DOCUMENT_MAX ((size_t)256 * BUF_MIB)

void mapped_done(struct mapped *mapped)
{
    buf_done(&mapped->document);
    free(mapped->lines);
    *mapped = (struct mapped){0};
}

/* ---------------------------------------------------------------- what is mapped */

/* The unit that a column's name ends in; "" when it tells none. "gbps" is bits to some and bytes to others. */
static const char *unit_of_name(const char *column)
{
    static const struct {
        const char *ending, *unit;
    } endings[] = {
        {"_tok_per_sec", "tok/s"},
        {"_tokens_per_second", "tok/s"},
        {"_tokens_per_sec", "tok/s"},
        {"_tok_s", "tok/s"},
        {"_toks", "tok/s"},
        {"_tps", "tok/s"},
        {"_req_s", "req/s"},
        {"_rps", "req/s"},
        {"_gb_s", "GB/s"},
        {"_mb_s", "MB/s"},
        {"_gib_s", "GiB/s"},
        {"_mib_s", "MiB/s"},
        {"_ms", "ms"},
        {"_us", "us"},
        {"_ns", "ns"},
        {"_seconds", "s"},
        {"_sec", "s"},
        {"_secs", "s"},
        {"_s", "s"},
        {"_gb", "GB"},
        {"_mb", "MB"},
        {"_kb", "kB"},
        {"_gib", "GiB"},
        {"_mib", "MiB"},
        {"_bytes", "B"},
        {"_watts", "W"},
        {"_w", "W"},
        {"_pct", "%"},
        {"_percent", "%"},
        {"_tflops", "TFLOPS"},
        {"_gflops", "GFLOPS"},
        {"_iops", "IOPS"},
    };
    size_t length = strlen(column);
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        size_t ending = strlen(endings[i].ending);
        if (length > ending && text_equal_ignore_case(column + length - ending, endings[i].ending))
            return endings[i].unit;
    }
    return "";
}

/* "latency (ns)", "Throughput [tok/s]" */
static bool unit_in_brackets(const char *column, char *ret, size_t size)
{
    struct str name = str_trim(str_of(column));
    char last = name.len > 0 ? name.data[name.len - 1] : '\0', first = last == ')' ? '(' : last == ']' ? '[' : '\0';
    size_t at = name.len;
    while (first != '\0' && at > 0 && name.data[at - 1] != first)
        at--;
    if (first == '\0' || at == 0 || name.len - at - 1 >= size)
        return false;
    (void)text_of(ret, size, str_trim(str_slice(name.data + at, name.len - at - 1)));
    return true;
}

static int set_unit(struct mapping_item *item, struct err *err)
{
    const struct metric *metric = catalog_metric(item->field);
    char given[sizeof item->unit];
    bool stated = item->unit[0] != '\0';
    if (!stated && unit_in_brackets(item->column, given, sizeof given))
        text_copy(item->unit, sizeof item->unit, given);
    else if (!stated)
        text_copy(item->unit, sizeof item->unit, unit_of_name(item->column));
    if (!isnan(catalog_unit_factor(item->unit, metric->unit)))
        return 0;
    if (stated)
        err_set(err, ERR_USAGE, "--map %s:%s=…: %s is in %s, and %s does not convert to it", item->field, item->unit,
                item->field, metric->unit, item->unit);
    else
        err_set(err, ERR_USAGE, "--map %s=%.80s: the column's name does not tell its unit", item->field, item->column);
    return err_hint(err, "say in which unit the column is, for example --map %s:%s=%.80s", item->field, metric->unit,
                    item->column);
}

static int split(const char *option, const char *text, char *name, const char **ret_rest, struct err *err)
{
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - text);
    if (length == 0 || length >= MAPPING_NAME_MAX || equals[1] == '\0') {
        err_set(err, ERR_USAGE, "%s %.120s is not FIELD=%s", option, text,
                strcmp(option, "--map") == 0 ? "COLUMN" : "VALUE");
        return err_hint(err, "for example --map model=name --map generation_throughput:tok/s=speed --set chip=\"%s\"",
                        "Apple M4");
    }
    memcpy(name, text, length);
    name[length] = '\0';
    *ret_rest = equals + 1;
    return 0;
}

static int take_item(struct mapping *mapping, struct mapping_item **ret, struct err *err)
{
    if (mapping->count == MAPPING_ITEMS_MAX)
        return err_set(err, ERR_USAGE, "more than %d fields are mapped", MAPPING_ITEMS_MAX);
    *ret = &mapping->items[mapping->count++];
    **ret = (struct mapping_item){0};
    return 0;
}

int mapping_add(struct mapping *mapping, const char *text, struct err *err)
{
    struct mapping_item *item = NULL;
    int result = take_item(mapping, &item, err);
    if (result == 0)
        result = split("--map", text, item->field, &item->column, err);
    if (result < 0)
        return result;
    char *colon = strchr(item->field, ':');
    if (colon != NULL) {
        *colon = '\0';
        text_copy(item->unit, sizeof item->unit, colon + 1);
    }
    mapping->columns++;
    item->metric = catalog_metric(item->field) != NULL;
    if (item->metric)
        return set_unit(item, err);
    if (own_is_field(item->field) && colon == NULL)
        return 0;
    err_set(err, ERR_USAGE, "--map %.80s: %.80s is neither a field of a row nor a metric", text, item->field);
    return err_hint(err, "%s, and the metrics of schema/catalog/metrics.csv", OWN_HINT);
}

int mapping_set(struct mapping *mapping, const char *text, struct err *err)
{
    struct mapping_item *item = NULL;
    char name[MAPPING_NAME_MAX];
    int result = take_item(mapping, &item, err);
    if (result == 0)
        result = split("--set", text, name, &item->value, err);
    if (result < 0)
        return result;
    bool known = own_is_field(name) || strcmp(name, "tool") == 0;
    (void)snprintf(item->field, sizeof item->field, "%s%.64s", known ? "" : "parameters.", name);
    return strlen(name) <= 64 ? 0 : err_set(err, ERR_USAGE, "--set %.80s: the name is too long", name);
}

/* ---------------------------------------------------------------- rows */

int mapping_begin(struct mapping_writer *writer, const struct mapping *mapping, struct mapped *mapped, struct err *err)
{
    const char *tool = "unstated";
    *writer = (struct mapping_writer){.mapping = mapping, .mapped = mapped};
    bool single = false, metric = false, unit = false;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct mapping_item *item = &mapping->items[i];
        writer->several = writer->several || item->metric;
        single = single || strcmp(item->field, "value") == 0 || strcmp(item->field, "samples") == 0;
        metric = metric || strcmp(item->field, "metric") == 0;
        unit = unit || strcmp(item->field, "unit") == 0;
        if (strcmp(item->field, "tool") == 0)
            tool = item->value;
    }
    if (single == writer->several) {
        err_set(err, ERR_USAGE,
                single ? "value is mapped and metrics are, too: a table has one or the other"
                       : "no column is mapped to a value");
        return err_hint(err, "map each metric's column (--map generation_throughput:tok/s=COLUMN), or one to value "
                             "with --map metric=COLUMN or --set metric=NAME, and the same for unit");
    }
    if (single && !(metric && unit)) {
        err_set(err, ERR_USAGE, "a value is mapped, and its %s is not", metric ? "unit" : "metric");
        return err_hint(err, metric ? "--map unit=COLUMN or --set unit=ms; a unit is never guessed"
                                    : "--map metric=COLUMN, --set metric=generation_throughput, or map the column to a "
                                      "metric: --map generation_throughput:tok/s=COLUMN");
    }
    mapped->document = BUF(DOCUMENT_MAX);
    writer->json = json_writer(&mapped->document, 0);
    json_begin_object(&writer->json);
    json_pair_int(&writer->json, "crosschip", 1);
    json_pair_string(&writer->json, "tool", tool);
    json_write_key(&writer->json, "results");
    json_begin_array(&writer->json);
    return 0;
}

void mapping_end(struct mapping_writer *writer)
{
    json_end_array(&writer->json);
    json_end_object(&writer->json);
}

int mapping_no_column(const char *column, const char *names, struct err *err)
{
    err_set(err, ERR_DATA, "no column is named %.80s; those there are: %.240s", column, names);
    return err_hint(err, "--map FIELD=COLUMN takes a name of the header as it is written there");
}

void mapping_leave_out(struct mapped *mapped, const char *name)
{
    size_t length = strlen(mapped->left_out);
    if (*name == '\0' || length + strlen(name) + 3 >= sizeof mapped->left_out)
        return;
    if (length > 0) {
        memcpy(mapped->left_out + length, ", ", 3);
        length += 2;
    }
    text_copy(mapped->left_out + length, sizeof mapped->left_out - length, name);
}

static bool says_nothing(const struct mapping_cell *cell)
{
    static const char *const words[] = {"", "-", "n/a", "na", "null", "none"};
    if (cell->kind == CELL_MISSING)
        return true;
    for (size_t i = 0; cell->kind == CELL_TEXT && i < ARRAY_LENGTH(words); i++)
        if (str_equal_ignore_case(str_trim(str_of(cell->text)), str_of(words[i])))
            return true;
    return false;
}

static bool is_not_finite(const struct mapping_cell *cell)
{
    return cell->kind == CELL_TEXT && reader_is_not_finite(str_of(cell->text));
}

static void put_cell(struct json_writer *json, const char *key, const struct mapping_cell *cell)
{
    json_write_key(json, key);
    if (is_not_finite(cell)) {
        json_write_raw(json, STR("NaN"));
    } else if (cell->kind == CELL_NUMBER) {
        json_write_number(json, cell->number);
    } else if (cell->kind == CELL_BOOLEAN) {
        json_write_bool(json, cell->number > 0);
    } else if (cell->kind == CELL_LIST) {
        json_begin_array(json);
        for (size_t i = 0; i < cell->list_count; i++)
            isfinite(cell->list[i]) ? json_write_number(json, cell->list[i]) : json_write_null(json);
        json_end_array(json);
    } else {
        json_write_string(json, cell->text);
    }
}

static int wrong(const struct mapping_item *item, const struct mapping_cell *cell, const char *expected,
                 struct err *err)
{
    err_set(err, ERR_DATA, "column %.80s, mapped to %.60s: expected %s%s%.60s%s", item->column, item->field, expected,
            cell->kind == CELL_TEXT ? ", found \"" : "", cell->kind == CELL_TEXT ? cell->text : "",
            cell->kind == CELL_TEXT ? "\"" : "");
    err_hint(err, "map another column, or mend the value; an empty one counts as missing");
    return err_at(err, cell->line, cell->column);
}

/* A value of a field that is no metric; texts that should be numbers are found here, where their place is known. */
static int put_field(struct mapping_writer *writer, const struct mapping_item *item, const struct mapping_cell *cell,
                     struct err *err)
{
    static const char *const numbers[] = {"value", "stddev", "min", "max", "median", "n", "chip_count"};
    static const char *const texts[] = {"chip", "model", "quantization", "backend", "mode",   "task",
                                        "time", "unit",  "category",     "variant", "metric", "direction"};
    if (cell->kind == CELL_OTHER)
        return wrong(item, cell, "a text or a number", err);
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        if (strcmp(numbers[i], item->field) == 0 && cell->kind != CELL_NUMBER && !is_not_finite(cell))
            return wrong(item, cell, "a number", err);
    if (strcmp(item->field, "samples") == 0 && cell->kind != CELL_LIST)
        return wrong(item, cell, "a list of numbers", err);
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        if (strcmp(texts[i], item->field) == 0 && cell->kind == CELL_NUMBER) {
            char text[NUMBER_TEXT_SIZE];
            number_shortest(text, cell->number);
            json_pair_string(&writer->json, item->field, cell->text != NULL ? cell->text : text);
            return 0;
        }
    put_cell(&writer->json, item->field, cell);
    return 0;
}

static int put_metric(struct mapping_writer *writer, const struct mapping_item *item, const struct mapping_cell *cell,
                      struct err *err)
{
    if (cell->kind != CELL_NUMBER && cell->kind != CELL_LIST && !is_not_finite(cell))
        return wrong(item, cell, "a number", err);
    json_begin_object(&writer->json);
    json_pair_string(&writer->json, "metric", item->field);
    json_pair_string(&writer->json, "unit", item->unit);
    put_cell(&writer->json, cell->kind == CELL_LIST ? "samples" : "value", cell);
    json_end_object(&writer->json);
    return 0;
}

/* "parameters.n_prompt" stands in the object "parameters". */
static bool in_group(const struct mapping_item *item, const char *group)
{
    size_t length = strlen(group);
    return strncmp(item->field, group, length) == 0 && item->field[length] == '.';
}

static int put_groups(struct mapping_writer *writer, const struct mapping_cell *cells, struct err *err)
{
    static const char *const groups[] = {"parameters", "setup", "labels", "conditions"};
    const struct mapping *mapping = writer->mapping;
    for (size_t g = 0; g < ARRAY_LENGTH(groups); g++) {
        bool open = false;
        for (size_t i = 0; i < mapping->count; i++) {
            const struct mapping_item *item = &mapping->items[i];
            if (!in_group(item, groups[g]) || says_nothing(&cells[i]))
                continue;
            if (!open) {
                json_write_key(&writer->json, groups[g]);
                json_begin_object(&writer->json);
                open = true;
            }
            if (cells[i].kind == CELL_OTHER || cells[i].kind == CELL_LIST)
                return wrong(item, &cells[i], "a number, true, false or a word", err);
            put_cell(&writer->json, item->field + strlen(groups[g]) + 1, &cells[i]);
        }
        if (open)
            json_end_object(&writer->json);
    }
    return 0;
}

static bool has_value(const struct mapping_writer *writer, const struct mapping_cell *cells)
{
    const struct mapping *mapping = writer->mapping;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct mapping_item *item = &mapping->items[i];
        bool value =
            writer->several ? item->metric : strcmp(item->field, "value") == 0 || strcmp(item->field, "samples") == 0;
        if (value && !says_nothing(&cells[i]))
            return true;
    }
    return false;
}

static void set_constant(const struct mapping_item *item, struct mapping_cell *cell)
{
    double number = 0;
    *cell = (struct mapping_cell){.kind = CELL_TEXT, .text = item->value};
    if (number_parse(str_of(item->value), &number)) {
        cell->kind = CELL_NUMBER;
        cell->number = number;
    } else if (strcmp(item->value, "true") == 0 || strcmp(item->value, "false") == 0) {
        cell->kind = CELL_BOOLEAN;
        cell->number = item->value[0] == 't';
    }
}

static int put_row(struct mapping_writer *writer, const struct mapping_cell *cells, struct err *err)
{
    const struct mapping *mapping = writer->mapping;
    int result = 0;
    json_begin_object(&writer->json);
    for (size_t i = 0; result == 0 && i < mapping->count; i++) {
        const struct mapping_item *item = &mapping->items[i];
        if (!item->metric && strchr(item->field, '.') == NULL && strcmp(item->field, "tool") != 0 &&
            !says_nothing(&cells[i]))
            result = put_field(writer, item, &cells[i], err);
    }
    if (result == 0)
        result = put_groups(writer, cells, err);
    if (result == 0 && writer->several) {
        json_write_key(&writer->json, "metrics");
        json_begin_array(&writer->json);
        for (size_t i = 0; result == 0 && i < mapping->count; i++)
            if (mapping->items[i].metric && !says_nothing(&cells[i]))
                result = put_metric(writer, &mapping->items[i], &cells[i], err);
        json_end_array(&writer->json);
    }
    json_end_object(&writer->json);
    return result;
}

int mapping_write_row(struct mapping_writer *writer, int line, mapping_lookup *lookup, void *row, struct err *err)
{
    struct mapped *mapped = writer->mapped;
    struct mapping_cell cells[MAPPING_ITEMS_MAX];
    for (size_t i = 0; i < writer->mapping->count; i++) {
        const struct mapping_item *item = &writer->mapping->items[i];
        cells[i] = (struct mapping_cell){.line = line};
        if (item->column == NULL)
            set_constant(item, &cells[i]);
        else if (!lookup(row, i, &cells[i]))
            return mem_error(err);
    }
    if (!has_value(writer, cells)) {
        mapped->empty++;
        return 0;
    }
    if (mem_grow(&mapped->lines, &mapped->capacity, mapped->count + 1, sizeof *mapped->lines) < 0)
        return mem_error(err);
    int result = put_row(writer, cells, err);
    if (result == 0)
        mapped->lines[mapped->count++] = line;
    return result == 0 ? buf_check(&mapped->document, err) : result;
}

int mapping_convert(const struct mapping *mapping, struct str text, struct mapped *ret, struct err *err)
{
    struct mapping_writer writer;
    int result = mapping_begin(&writer, mapping, ret, err);
    if (result < 0)
        return result;
    struct str start = str_trim(text);
    bool json = start.len > 0 && (start.data[0] == '{' || start.data[0] == '[');
    result = json ? mapping_convert_json(&writer, text, err) : mapping_convert_csv(&writer, text, err);
    mapping_end(&writer);
    if (result == 0 && ret->count == 0) {
        err_set(err, ERR_DATA, "no row has a value in the columns that are mapped");
        result = err_hint(err, "check which columns hold the figures");
    }
    return result == 0 ? buf_check(&ret->document, err) : result;
}
