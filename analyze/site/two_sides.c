/* Two sides of a comparison as a table with their verdicts: chips on the pages of pairs, versions of a tool on theirs.
 */
#include <math.h>

#include "analyze/data/sides.h"
#include "analyze/site/pages.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

/* ---- what stands on the sides */

static const char *compared_on(const struct side_rows *rows, const char *facet, size_t side)
{
    for (size_t i = 0; i < rows->compared_count; i++)
        if (text_equal(rows->compared[i], facet))
            return rows->compared_values[i][side];
    return NULL;
}

void site_side_name(const struct side_rows *rows, const struct side *side, size_t number, struct buf *into)
{
    const char *count = compared_on(rows, "count", number), *variant = compared_on(rows, "chip_variant", number);
    const char *backend = compared_on(rows, "backend", number);

    if (!text_is_empty(count) && !text_equal(count, "1"))
        buf_addf(into, "%s × ", count);
    buf_adds(into, side->label);
    if (!text_is_empty(variant))
        buf_addf(into, " (%s)", variant);
    if (backend != NULL)
        buf_addf(into, " with %s", text_is_empty(backend) ? "a backend that is not stated" : backend);
}

static bool is_named(const char *facet)
{
    static const char *const named[] = {"chip", "chip_variant", "count", "backend"};

    for (size_t i = 0; i < ARRAY_LENGTH(named); i++)
        if (text_equal(named[i], facet))
            return true;
    return false;
}

/* A factor between two backends is of chip and backend together; what else differs stands in no name. */
static void add_differences(const struct side_rows *rows, struct buf *into)
{
    if (compared_on(rows, "backend", 0) != NULL)
        site_add_note("Each side has figures of one backend, and they differ: a factor here is of chip and backend "
                      "together",
                      into);
    for (size_t i = 0; i < rows->compared_count; i++) {
        autobuf struct buf line = BUF(8192);

        if (is_named(rows->compared[i]))
            continue;
        buf_addf(&line, "The sides differ in %s too: ", rows->compared[i]);
        side_rows_say_compared(rows, i, 2, &line);
        site_add_note(buf_text(&line), into);
    }
}

/* ---- the work of a row */

static const char *facet_at(const struct side_rows *rows, const struct side_row *row, const char *facet)
{
    for (size_t i = 0; i < rows->facet_count; i++)
        if (text_equal(rows->facets[i], facet))
            return row->facets[i] != NULL ? row->facets[i] : "";
    return "";
}

/* As the comparison that both sides stand in, for its title and its page. */
static struct comparison comparison_of(const struct side_rows *rows, const struct side_row *row)
{
    return (struct comparison){.tool = facet_at(rows, row, "tool"),
                               .model = facet_at(rows, row, "model"),
                               .quantization = facet_at(rows, row, "quantization"),
                               .mode = facet_at(rows, row, "mode"),
                               .task = facet_at(rows, row, "task"),
                               .category = facet_at(rows, row, "category"),
                               .parameters = facet_at(rows, row, "parameters"),
                               .variant = facet_at(rows, row, "variant")};
}

/* "Llama 2 7B Q4_0, tg128, Metal (llama-bench): Generation throughput, tok/s"; before it the chip, where versions of a
 * tool are compared. */
static void put_work(const struct side_rows *rows, const struct side_row *row, struct table *table)
{
    const struct comparison comparison = comparison_of(rows, row);
    const char *count = facet_at(rows, row, "count"), *chip = facet_at(rows, row, "chip");
    const char *variant = facet_at(rows, row, "chip_variant"), *backend = facet_at(rows, row, "backend");
    autobuf struct buf work = BUF(16384);

    if (!text_is_empty(count) && !text_equal(count, "1"))
        buf_addf(&work, "%s × ", count);
    buf_adds(&work, chip);
    if (!text_is_empty(variant))
        buf_addf(&work, "%s(%s)", text_is_empty(chip) ? "" : " ", variant);
    buf_adds(&work, work.len > 0 ? ": " : "");
    comparison_title(&comparison, &work);
    if (!text_is_empty(backend))
        buf_addf(&work, ", %s", backend);
    if (!text_is_empty(comparison.tool))
        buf_addf(&work, " (%s)", comparison.tool);
    buf_addf(&work, ": %s%s%s", catalog_metric_title(row->metric), text_is_empty(row->unit) ? "" : ", ", row->unit);
    table_put_text(table, buf_text(&work));
}

static void link_work(void *context, size_t row, size_t column, struct buf *into)
{
    const struct side_rows *rows = context;
    const struct comparison comparison = comparison_of(rows, &rows->rows[row]);

    if (column == 0)
        site_model_page(&comparison, into);
}

/* ---- verdicts: a short mark in the cell, and what it means once below the table */

#define MARKS_MOST 12

struct marks {
    const struct verdict *verdicts[MARKS_MOST]; /* each the first of its kind and reason */
    size_t count;
};

static bool has_mark(const struct verdict *verdict)
{
    return verdict->kind == VERDICT_SAME || verdict->kind == VERDICT_UNTESTED || verdict->kind == VERDICT_OTHER;
}

static void collect_marks(const struct side_rows *rows, struct marks *marks)
{
    for (size_t i = 0; i < rows->row_count; i++) {
        const struct verdict *verdict = &rows->rows[i].verdicts[1];
        bool told = !has_mark(verdict);

        for (size_t j = 0; j < marks->count && !told; j++)
            told = marks->verdicts[j]->kind == verdict->kind && text_equal(marks->verdicts[j]->why, verdict->why);
        if (!told && marks->count < MARKS_MOST)
            marks->verdicts[marks->count++] = verdict;
    }
}

/* "n/t"; "n/t (b)" where rows were not tested for several reasons. */
static void write_mark(const struct marks *marks, const struct verdict *verdict, struct buf *into)
{
    size_t number = 0, of_kind = 0;

    buf_adds(into, verdict->kind == VERDICT_UNTESTED ? "n/t" : verdict_word(verdict->kind));
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->verdicts[i]->kind != verdict->kind)
            continue;
        if (text_equal(marks->verdicts[i]->why, verdict->why))
            number = of_kind;
        of_kind++;
    }
    if (of_kind > 1)
        buf_addf(into, " (%c)", (char)('a' + (char)number));
}

static void explain_marks(const struct marks *marks, struct buf *into)
{
    for (size_t i = 0; i < marks->count; i++) {
        const struct verdict *verdict = marks->verdicts[i];
        autobuf struct buf line = BUF(4096);

        write_mark(marks, verdict, &line);
        buf_addf(&line, "%s%s%s", verdict->kind == VERDICT_UNTESTED ? ": not tested" : "",
                 verdict->why != NULL ? ": " : "", verdict->why != NULL ? verdict->why : "");
        site_add_note(buf_text(&line), into);
    }
}

static void put_verdict(const struct marks *marks, const struct verdict *verdict, struct table *table)
{
    autobuf struct buf words = BUF(4096);
    char text[FIGURE_SIZE];

    table_put_number(table, verdict->ratio, 4, isfinite(verdict->ratio) ? figure_factor(text, verdict->ratio) : NULL);
    table_put_text(table, isfinite(verdict->low) ? figure_factor_range(text, verdict->low, verdict->high) : "n/a");
    if (has_mark(verdict))
        write_mark(marks, verdict, &words);
    else
        buf_addf(&words, "%s%s", verdict_word(verdict->kind), verdict->one_device ? ", on these devices" : "");
    table_put_text(table, buf_text(&words));
}

/* ---- the table */

static void put_n(const struct evidence *evidence, struct table *table)
{
    const int64_t n = evidence->member_count > 0 ? (int64_t)evidence->member_count : evidence->runs;

    if (n < 0 && isfinite(evidence->value))
        table_put_text(table, "n/a");
    else
        table_put_integer(table, n);
}

static void put_row(const struct side_rows *rows, const struct side_row *row, const struct marks *marks,
                    struct table *table)
{
    table_row(table);
    put_work(rows, row, table);
    for (size_t side = 0; side < 2; side++)
        table_put_number(table, row->evidence[side].value, figure_decimals(row->evidence[side].value, (double)NAN),
                         NULL);
    put_verdict(marks, &row->verdicts[1], table);
    for (size_t side = 0; side < 2; side++)
        put_n(&row->evidence[side], table);
}

static void fill(const struct side_rows *rows, const struct side_list *sides, const struct marks *marks,
                 struct table *table)
{
    autobuf struct buf verdict = BUF(4096);

    table_column_for_people(table, "Workload and metric", ALIGN_LEFT);
    for (size_t side = 0; side < 2; side++)
        table_column_for_people(table, sides->items[side].label, ALIGN_RIGHT);
    table_column_for_people(table, "Factor", ALIGN_RIGHT);
    table_column_for_people(table, "95\u202f%", ALIGN_RIGHT);
    buf_addf(&verdict, "Verdict on %s", sides->items[1].label);
    table_column_for_people(table, buf_text(&verdict), ALIGN_LEFT);
    for (size_t side = 0; side < 2; side++) {
        autobuf struct buf title = BUF(4096);

        buf_addf(&title, "n of %s", sides->items[side].label);
        table_column_for_people(table, buf_text(&title), ALIGN_RIGHT);
    }
    for (size_t i = 0; i < rows->row_count; i++)
        put_row(rows, &rows->rows[i], marks, table);
}

static void add_pools(const struct side_rows *rows, const struct side_list *sides, struct buf *into)
{
    for (size_t side = 0; side < sides->count; side++) {
        autobuf struct buf line = BUF(16384);

        if (rows->pools[side] != NULL)
            buf_addf(&line, "%s pools runs that differ in %s", sides->items[side].label, rows->pools[side]);
        site_add_note(buf_text(&line), into);
    }
}

int site_add_sides(struct side_rows *rows, const struct side_list *sides, struct buf *into, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf caption = BUF(8192), tasks = BUF(4096);
    struct marks marks = {.count = 0};

    table_init(&table, NULL);
    collect_marks(rows, &marks);
    fill(rows, sides, &marks, &table);
    site_side_name(rows, &sides->items[1], 1, &caption);
    buf_adds(&caption, " against ");
    site_side_name(rows, &sides->items[0], 0, &caption);
    buf_adds(&caption, "; factors above 1 are better");
    const struct table_html how = {
        .id = "pair", .caption = buf_text(&caption), .base_row = TABLE_NO_ROW, .context = rows, .link = link_work};

    table_print_html(&table, &how, into);
    add_differences(rows, into);
    explain_marks(&marks, into);
    buf_adds(
        into,
        "<p class=\"note\">n: values behind the figure, at the highest level that has several (contributors, devices, "
        "submissions, samples), else the runs that the source states.</p>\n");
    add_pools(rows, sides, into);
    for (size_t i = 0; i < rows->row_count; i++)
        comparison_explain_task(facet_at(rows, &rows->rows[i], "task"), &tasks);
    site_add_note(buf_text(&tasks), into);
    return table_check(&table, err);
}
