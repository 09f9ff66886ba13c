/* Scaling inside a family, generation over generation, and how much of the hardware is used.
 *
 * One table is one workload on one backend: what a backend gains must not be credited to cores. Speed-up = a chip's
 * figure against the baseline that was named, else the smallest chip of its generation, turned so that greater is
 * better. The smallest: where all are of one family and their GPU cores are known and differ, the one with the fewest;
 * else the one with the least rated bandwidth. A vendor's core is another thing in another family of the
 * same generation (a Turing multiprocessor with tensor cores or without, of a data centre or of a Jetson): cores are
 * compared inside a family only. Efficiency = speed-up ÷ ratio of the resource: 100 % means that twice the cores gave
 * twice the speed; more than 100 % is possible and not clamped. Share of the rated bandwidth: of a measured bandwidth,
 * the measured one; of decoded tokens per second, tokens/s × bytes of the weights, since each token reads all of them
 * (S. Williams, A. Waterman & D. Patterson, Roofline, 2009): a lower bound of what the memory delivered. Nothing is
 * estimated where the catalogue does not know cores, bandwidth or bytes. Rows that have no place in any table are named
 * below one: scaling_left_out.c. */
#include <math.h>

#include "analyze/data/baseline.h"
#include "analyze/report/scaling_family.h"
#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

static double value_of(const struct comparison_row *row, size_t metric)
{
    return row->figures[metric].value;
}

static double resource_of(const struct comparison_row *row, bool cores)
{
    if (cores)
        return row->entry->gpu_cores > 0 ? row->entry->gpu_cores : (double)NAN;
    return row->entry->bandwidth_gb_s;
}

bool scaling_belongs(const struct family *family, const struct comparison_row *row)
{
    return row->entry != NULL && row->chip_count == 1 && text_equal(row->entry->generation, family->generation) &&
           text_equal(row->backend, family->backend) && value_of(row, family->metric) > 0 &&
           (isfinite(resource_of(row, true)) || isfinite(resource_of(row, false)));
}

size_t scaling_members(const struct family *family)
{
    size_t members = 0;

    for (size_t i = 0; i < family->comparison->row_count; i++)
        members += scaling_belongs(family, &family->comparison->rows[i]) ? 1 : 0;
    return members;
}

static bool has_like_cores(const struct comparison_row *a, const struct comparison_row *b)
{
    return text_equal(a->entry->family, b->entry->family) && text_equal(a->entry->kind, b->entry->kind);
}

/* ---- what all are measured against */

static bool cores_tell(const struct family *family)
{
    const struct comparison_row *first = NULL;
    bool differ = false;

    for (size_t i = 0; i < family->comparison->row_count; i++) {
        const struct comparison_row *row = &family->comparison->rows[i];

        if (!scaling_belongs(family, row))
            continue;
        first = first != NULL ? first : row;
        if (!has_like_cores(row, first) || !isfinite(resource_of(row, true)))
            return false;
        differ = differ || row->entry->gpu_cores != first->entry->gpu_cores;
    }
    return differ;
}

/* By one resource, ties by the other; what is not known is never the smallest. */
static bool is_smaller(const struct comparison_row *a, const struct comparison_row *b, bool by_cores)
{
    const double first = resource_of(a, by_cores), second = resource_of(b, by_cores);

    if (isfinite(first) != isfinite(second))
        return isfinite(first);
    if (first < second || first > second)
        return first < second;
    return by_cores && resource_of(a, false) < resource_of(b, false);
}

/* False when no row belongs to the family. */
static bool find_base(struct family *family, const char *baseline)
{
    const bool by_cores = cores_tell(family);

    family->base_why = by_cores ? "the one with the fewest GPU cores" : "the one with the least rated bandwidth";
    for (size_t i = 0; i < family->comparison->row_count; i++) {
        const struct comparison_row *row = &family->comparison->rows[i];

        if (!scaling_belongs(family, row))
            continue;
        if (baseline != NULL && baseline_is(row, baseline)) {
            family->base = row;
            family->base_why = NULL;
            return true;
        }
        if (family->base == NULL || is_smaller(row, family->base, by_cores))
            family->base = row;
    }
    if (family->base == NULL)
        return false;
    if (!by_cores && !isfinite(resource_of(family->base, false)))
        family->base_why = "the first in order, for no bandwidth is known";
    return true;
}

/* ---- table */

/* NAN where the catalogue does not know what it takes. */
static double rated_share(const struct comparison *comparison, size_t metric, const struct comparison_row *row)
{
    const char *name = comparison->metrics[metric].name;
    const double rated = row->entry->bandwidth_gb_s, value = value_of(row, metric);

    if (text_equal(name, "memory_bandwidth"))
        return value / rated;
    if (!text_equal(name, "generation_throughput"))
        return (double)NAN;
    return value * catalog_model_bytes(comparison->model, comparison->quantization) / 1e9 / rated;
}

static double speed_up(const struct family *family, const struct comparison_row *row)
{
    const double value = value_of(row, family->metric), base = value_of(family->base, family->metric);

    return family->comparison->metrics[family->metric].direction == DIRECTION_LOWER ? base / value : value / base;
}

static void put_resource(const struct family *family, const struct comparison_row *row, bool cores, struct table *table)
{
    const double ratio = !cores || has_like_cores(row, family->base)
                             ? resource_of(row, cores) / resource_of(family->base, cores)
                             : (double)NAN;

    put_fixed(table, ratio, 2);
    put_fixed(table, 100 * speed_up(family, row) / ratio, 0);
}

static void put_member(const struct family *family, const struct comparison_row *row, struct table *table)
{
    autobuf struct buf name = BUF(1024);

    comparison_row_name(row, true, &name);
    table_row(table);
    table_put_text(table, buf_text(&name));
    table_put_number(table, value_of(row, family->metric), 0, NULL);
    put_fixed(table, speed_up(family, row), 2);
    put_resource(family, row, true, table);
    put_resource(family, row, false, table);
    put_fixed(table, 100 * rated_share(family->comparison, family->metric, row), 0);
    put_evidence(&row->figures[family->metric], table);
}

static void note_base(const struct family *family, const char *baseline, struct table *table)
{
    autobuf struct buf name = BUF(1024), line = BUF(4096);

    comparison_row_name(family->base, true, &name);
    if (family->base_why == NULL) {
        buf_addf(&line, "Against %s, the baseline that was named.", buf_text(&name));
    } else {
        if (baseline != NULL)
            buf_addf(&line, "The baseline \"%s\" has no row here. ", baseline);
        buf_addf(&line, "Against %s, the smallest chip of the generation among these: %s.", buf_text(&name),
                 family->base_why);
    }
    buf_adds(&line, " Descriptive: nothing here is tested.");
    table_note(table, buf_text(&line));
}

static struct table *begin_table(const struct family *family, struct table_list *list)
{
    const struct comparison_metric *metric = &family->comparison->metrics[family->metric];
    autobuf struct buf caption = BUF(8192);

    comparison_title(family->comparison, &caption);
    buf_addf(&caption, ": %s of %s", metric->title, family->generation);
    if (!text_is_empty(family->backend))
        buf_addf(&caption, " on %s", family->backend);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return NULL;
    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "value", metric->unit, ALIGN_RIGHT);
    table_column(table, "speed_up", "Speed-up", ALIGN_RIGHT);
    table_column(table, "core_ratio", "GPU cores ×", ALIGN_RIGHT);
    table_column(table, "core_efficiency_percent", "Speed-up ÷ GPU cores, %", ALIGN_RIGHT);
    table_column(table, "bandwidth_ratio", "Bandwidth ×", ALIGN_RIGHT);
    table_column(table, "bandwidth_efficiency_percent", "Speed-up ÷ bandwidth, %", ALIGN_RIGHT);
    table_column(table, "rated_bandwidth_share_percent", "Of rated bandwidth, %", ALIGN_RIGHT);
    evidence_columns(table);
    return table;
}

static int add_family(struct family *family, const char *baseline, struct table_list *list, struct err *err)
{
    const struct comparison *comparison = family->comparison;
    bool unlike = false;

    if (!find_base(family, baseline))
        return 0;
    struct table *table = begin_table(family, list);

    if (table == NULL)
        return mem_error(err);
    for (size_t i = 0; i < comparison->row_count; i++)
        if (scaling_belongs(family, &comparison->rows[i])) {
            put_member(family, &comparison->rows[i], table);
            unlike = unlike || (isfinite(resource_of(&comparison->rows[i], true)) &&
                                !has_like_cores(&comparison->rows[i], family->base));
        }
    table_even_decimals(table, 1);
    note_base(family, baseline, table);
    if (unlike)
        table_note(table,
                   "GPU cores are compared inside one family of chips only: in another they are not the same thing.");
    scaling_note_left_out(comparison, family->metric, family, table);
    return 0;
}

/* Generations and backends are told once each, in the order of the rows. */
static bool is_first_of_family(const struct comparison *comparison, size_t row)
{
    const struct comparison_row *rows = comparison->rows;

    for (size_t i = 0; i < row; i++)
        if (rows[i].entry != NULL && text_equal(rows[i].entry->generation, rows[row].entry->generation) &&
            text_equal(rows[i].backend, rows[row].backend))
            return false;
    return true;
}

static int add_metric(const struct comparison *comparison, size_t metric, const char *baseline, struct table_list *list,
                      struct err *err)
{
    const size_t before = list->count;
    int status = 0;

    for (size_t i = 0; i < comparison->row_count && status == 0; i++) {
        const struct chip *entry = comparison->rows[i].entry;

        if (entry == NULL || text_is_empty(entry->generation) || !is_first_of_family(comparison, i))
            continue;
        struct family family = {.comparison = comparison,
                                .metric = metric,
                                .generation = entry->generation,
                                .backend = comparison->rows[i].backend};

        if (scaling_members(&family) >= 2)
            status = add_family(&family, baseline, list, err);
    }
    if (status == 0 && list->count > before)
        scaling_note_left_out(comparison, metric, NULL, &list->items[list->count - 1]);
    return status;
}

int scaling_tables(const struct comparison_set *set, const char *baseline, struct table_list *ret, struct err *err)
{
    autotables struct table_list list = {.count = 0};
    autobuf struct buf alone = BUF(512);
    int status = 0;

    for (size_t i = 0; i < set->count && status == 0; i++)
        for (size_t metric = 0; metric < set->items[i].metric_count && status == 0; metric++)
            status = add_metric(&set->items[i], metric, baseline, &list, err);
    if (status == 0 && list.count == 0) {
        if (set->count > 0 && set->items[0].metric_count > 0)
            scaling_say_left_out(&set->items[0], 0, NULL, &alone);
        (void)err_set(err, ERR_NOTHING,
                      "no generation has two chips of known cores or bandwidth in one workload on one backend");
        return alone.len > 0 ? err_hint(err, "%s", buf_text(&alone))
                             : err_hint(err, "crosschip-analyze coverage shows what was measured");
    }
    return status < 0 ? status : table_list_give(&list, ret, err);
}
