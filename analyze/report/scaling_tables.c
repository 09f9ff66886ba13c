/* Scaling inside a family, generation over generation, and how much of the hardware is used.
 *
 * Speed-up = a chip's figure against the smallest chip of its generation (fewest GPU cores, else least rated bandwidth)
 * in the same workload, turned so that greater is better. A vendor's core is another thing in another family of the
 * same generation (a Turing multiprocessor with tensor cores or without, of a data centre or of a Jetson): cores are
 * compared inside a family only. Efficiency = speed-up ÷ ratio of the resource: 100 % means that twice the cores gave
 * twice the speed; more than 100 % is possible and not clamped. Share of the rated bandwidth: of a measured bandwidth,
 * the measured one; of decoded tokens per second, tokens/s × bytes of the weights, since each token reads all of them
 * (S. Williams, A. Waterman & D. Patterson, Roofline, 2009): a lower bound of what the memory delivered. Nothing is
 * estimated where the catalogue does not know cores, bandwidth or bytes. */
#include <math.h>

#include "analyze/report/tool_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

struct family {
    const struct comparison *comparison;
    size_t metric;
    const char *generation;
    const struct comparison_row *smallest;
};

static double value_of(const struct comparison_row *row, size_t metric)
{
    return row->figures[metric].value;
}

static bool belongs(const struct family *family, const struct comparison_row *row)
{
    return row->entry != NULL && row->chip_count == 1 && text_equal(row->entry->generation, family->generation) &&
           value_of(row, family->metric) > 0;
}

static double resource_of(const struct comparison_row *row, bool cores)
{
    if (cores)
        return row->entry->gpu_cores > 0 ? row->entry->gpu_cores : (double)NAN;
    return row->entry->bandwidth_gb_s;
}

static bool has_like_cores(const struct comparison_row *a, const struct comparison_row *b)
{
    return text_equal(a->entry->family, b->entry->family) && text_equal(a->entry->kind, b->entry->kind);
}

static bool is_smaller(const struct comparison_row *a, const struct comparison_row *b)
{
    const double cores_a = resource_of(a, true), cores_b = resource_of(b, true);

    if (has_like_cores(a, b) && isfinite(cores_a) && isfinite(cores_b) && (cores_a < cores_b || cores_a > cores_b))
        return cores_a < cores_b;
    return resource_of(a, false) < resource_of(b, false);
}

static size_t find_smallest(struct family *family)
{
    size_t members = 0;

    family->smallest = NULL;
    for (size_t i = 0; i < family->comparison->row_count; i++) {
        const struct comparison_row *row = &family->comparison->rows[i];

        if (!belongs(family, row))
            continue;
        members++;
        if (family->smallest == NULL || is_smaller(row, family->smallest))
            family->smallest = row;
    }
    return members;
}

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
    const double value = value_of(row, family->metric), base = value_of(family->smallest, family->metric);

    return family->comparison->metrics[family->metric].direction == DIRECTION_LOWER ? base / value : value / base;
}

static void put_resource(const struct family *family, const struct comparison_row *row, bool cores, struct table *table)
{
    const double ratio = !cores || has_like_cores(row, family->smallest)
                             ? resource_of(row, cores) / resource_of(family->smallest, cores)
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
    table_put_number(table, value_of(row, family->metric), 2, NULL);
    put_fixed(table, speed_up(family, row), 2);
    put_resource(family, row, true, table);
    put_resource(family, row, false, table);
    put_fixed(table, 100 * rated_share(family->comparison, family->metric, row), 0);
    put_evidence(&row->figures[family->metric], table);
}

static int add_family(struct family *family, struct table_list *list, struct err *err)
{
    const struct comparison *comparison = family->comparison;
    autobuf struct buf caption = BUF(8192), smallest = BUF(1024), against = BUF(2048);

    comparison_title(comparison, &caption);
    buf_addf(&caption, ": %s of %s", comparison->metrics[family->metric].title, family->generation);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "value", comparison->metrics[family->metric].unit, ALIGN_RIGHT);
    table_column(table, "speed_up", "Speed-up", ALIGN_RIGHT);
    table_column(table, "core_ratio", "GPU cores ×", ALIGN_RIGHT);
    table_column(table, "core_efficiency_percent", "Speed-up ÷ GPU cores, %", ALIGN_RIGHT);
    table_column(table, "bandwidth_ratio", "Bandwidth ×", ALIGN_RIGHT);
    table_column(table, "bandwidth_efficiency_percent", "Speed-up ÷ bandwidth, %", ALIGN_RIGHT);
    table_column(table, "rated_bandwidth_share_percent", "Of rated bandwidth, %", ALIGN_RIGHT);
    evidence_columns(table);
    bool unlike = false;

    for (size_t i = 0; i < comparison->row_count; i++)
        if (belongs(family, &comparison->rows[i])) {
            put_member(family, &comparison->rows[i], table);
            unlike = unlike || (isfinite(resource_of(&comparison->rows[i], true)) &&
                                !has_like_cores(&comparison->rows[i], family->smallest));
        }
    comparison_row_name(family->smallest, true, &smallest);
    buf_addf(&against,
             "Against %s, the smallest chip of the generation among these. Descriptive: nothing here is tested.",
             buf_text(&smallest));
    table_note(table, buf_text(&against));
    if (unlike)
        table_note(table,
                   "GPU cores are compared inside one family of chips only: in another they are not the same thing.");
    return 0;
}

/* Generations are told once each, in the order of the rows. */
static bool is_first_of_generation(const struct comparison *comparison, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (comparison->rows[i].entry != NULL &&
            text_equal(comparison->rows[i].entry->generation, comparison->rows[row].entry->generation))
            return false;
    return true;
}

static int add_comparison(const struct comparison *comparison, struct table_list *list, struct err *err)
{
    int status = 0;

    for (size_t metric = 0; metric < comparison->metric_count; metric++)
        for (size_t i = 0; i < comparison->row_count && status == 0; i++) {
            const struct chip *entry = comparison->rows[i].entry;

            if (entry == NULL || text_is_empty(entry->generation) || !is_first_of_generation(comparison, i))
                continue;
            struct family family = {.comparison = comparison, .metric = metric, .generation = entry->generation};

            if (find_smallest(&family) >= 2)
                status = add_family(&family, list, err);
        }
    return status;
}

int scaling_tables(const struct comparison_set *set, struct table_list *ret, struct err *err)
{
    autotables struct table_list list = {.count = 0};
    int status = 0;

    for (size_t i = 0; i < set->count && status == 0; i++)
        status = add_comparison(&set->items[i], &list, err);
    if (status == 0 && list.count == 0) {
        (void)err_set(err, ERR_NOTHING, "no generation has two chips of known cores or bandwidth in one workload");
        return err_hint(err, "crosschip-analyze coverage shows what was measured");
    }
    return status < 0 ? status : table_list_give(&list, ret, err);
}
