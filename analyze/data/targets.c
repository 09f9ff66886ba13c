#include "analyze/data/targets.h"

#include <math.h>

#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/read/csv.h"

enum { COLUMN_LEVEL, COLUMN_METRIC, COLUMN_BOUND, COLUMN_LIMIT, COLUMN_UNIT, COLUMNS };
static const char *const header[COLUMNS] = {"level", "metric", "bound", "limit", "unit"};

const char *target_word(enum target_outcome outcome)
{
    static const char *const words[] = {
        [TARGET_MET] = "met", [TARGET_MISSED] = "missed", [TARGET_NOT_MEASURED] = "not measured"};

    return words[outcome];
}

static int check_header(const struct csv_record *record, struct err *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (i >= record->count || !str_equal(record->fields[i], str_of(header[i]))) {
            (void)err_set(err, ERR_DATA, "a file of targets begins with level,metric,bound,limit,unit");
            return err_at(err, record->line, 0);
        }
    return 0;
}

static int read_target(const struct csv_record *record, struct arena *arena, struct target *ret, struct err *err)
{
    const struct str bound = record->fields[COLUMN_BOUND];
    const struct metric *metric = catalog_metric(record->fields[COLUMN_METRIC].data);

    *ret = (struct target){.level = arena_strdup(arena, record->fields[COLUMN_LEVEL].data),
                           .metric = arena_strdup(arena, record->fields[COLUMN_METRIC].data),
                           .unit = arena_strdup(arena, record->fields[COLUMN_UNIT].data),
                           .at_least = str_equal(bound, STR("at least"))};
    if (!ret->at_least && !str_equal(bound, STR("at most"))) {
        (void)err_set(err, ERR_DATA, "a bound is \"at least\" or \"at most\", not \"%.*s\"", (int)bound.len,
                      bound.data);
        return err_at(err, record->line, 0);
    }
    if (!number_parse(record->fields[COLUMN_LIMIT], &ret->limit)) {
        (void)err_set(err, ERR_DATA, "a limit is a number");
        return err_at(err, record->line, 0);
    }
    if (metric != NULL && !text_equal(metric->unit, ret->unit)) {
        (void)err_set(err, ERR_DATA, "%s is counted in %s here, not in \"%s\"", metric->name, metric->unit, ret->unit);
        return err_at(err, record->line, 0);
    }
    return 0;
}

static int read_all(struct str text, struct arena *arena, struct target_list *ret, struct err *err)
{
    struct arena scratch cleanup(arena_done) = {.blocks = NULL};
    struct csv_reader reader = csv_reader(text);
    struct csv_record record;
    size_t capacity = 0;
    int status = csv_next(&reader, &scratch, &record, err);

    if (status == 0)
        return err_set(err, ERR_DATA, "there are no targets in it");
    if (status > 0)
        status = check_header(&record, err);
    reader.width = COLUMNS;
    while (status >= 0 && (status = csv_next(&reader, &scratch, &record, err)) > 0) {
        struct target *items = arena_grow(arena, ret->items, &capacity, ret->count + 1, sizeof(*items));

        if (items == NULL)
            return arena_check(arena, err);
        ret->items = items;
        status = read_target(&record, arena, &items[ret->count], err);
        ret->count += status == 0 ? 1 : 0;
    }
    return status < 0 ? status : arena_check(arena, err);
}

int targets_read(const char *path, struct arena *arena, struct target_list *ret, struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    struct target_list targets = {.count = 0};
    int status = file_read(path, &text, err);

    if (status == 0)
        status = read_all(str_slice(buf_text(&text), text.len), arena, &targets, err);
    if (status < 0)
        return err_file(err, path);
    *ret = targets;
    return 0;
}

enum target_outcome target_check(const struct target *target, const struct side_rows *rows, size_t side,
                                 double *ret_value)
{
    double worst = (double)NAN;

    for (size_t i = 0; i < rows->row_count; i++) {
        const double value = rows->rows[i].evidence[side].value;

        if (!text_equal(rows->rows[i].metric, target->metric) || !text_equal(rows->rows[i].unit, target->unit) ||
            !isfinite(value))
            continue;
        if (isnan(worst) || (target->at_least ? value < worst : value > worst))
            worst = value;
    }
    *ret_value = worst;
    if (isnan(worst))
        return TARGET_NOT_MEASURED;
    return (target->at_least ? worst >= target->limit : worst <= target->limit) ? TARGET_MET : TARGET_MISSED;
}
