/* How comparisons and their rows are called. */
#include <stdlib.h>
#include <string.h>

#include "analyze/data/comparison.h"
#include "analyze/data/facets.h"
#include "schema/base/str.h"

static void add_part(struct buf *into, const char *separator, const char *text)
{
    if (text_is_empty(text))
        return;
    buf_addf(into, "%s%s", into->len > 0 ? separator : "", text);
}

void comparison_model_name(const char *model, const char *quantization, struct buf *into)
{
    buf_adds(into, text_is_empty(model) ? "unnamed model" : model);
    if (!text_is_empty(quantization) && str_find_ignore_case(str_of(model), str_of(quantization), 0) == SIZE_MAX)
        buf_addf(into, " %s", quantization);
}

/* "n_prompt=512" beside the task pp512, "n_gen=128" beside tg128 say nothing new. */
static bool task_says(const char *task, struct str parameter)
{
    static const struct {
        const char *prefix, *parameter;
    } known[] = {{"pp", "n_prompt="}, {"tg", "n_gen="}};

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        const size_t length = strlen(known[i].parameter);

        if (text_starts_with(task, known[i].prefix) && str_starts_with(parameter, str_of(known[i].parameter)) &&
            str_equal(str_of(task + strlen(known[i].prefix)),
                      str_slice(parameter.data + length, parameter.len - length)))
            return true;
    }
    return false;
}

void comparison_add_parameters(const char *task, const char *parameters, struct buf *into)
{
    struct str rest = str_of(parameters), parameter;

    while (str_next_field(&rest, ',', &parameter)) {
        parameter = str_trim(parameter);
        if (parameter.len > 0 && !task_says(task, parameter)) {
            buf_adds(into, ", ");
            buf_add(into, parameter.data, parameter.len);
        }
    }
}

/* "512" of "pp512"; NULL for another name. */
static const char *count_of(const char *task, const char *prefix)
{
    if (!text_starts_with(task, prefix))
        return NULL;
    const char *count = task + strlen(prefix);
    const size_t length = strspn(count, "0123456789");

    return length > 0 && count[length] == '\0' ? count : NULL;
}

void comparison_explain_task(const char *task, struct buf *into)
{
    static const struct {
        const char *prefix, *before, *after;
    } known[] = {{"pp", "reading a prompt of ", " tokens"}, {"tg", "generating ", " tokens"}};
    autobuf struct buf words = BUF(1024);

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        const char *count = count_of(task, known[i].prefix);

        if (count != NULL)
            buf_addf(&words, "%s: %s%s%s", task, known[i].before, count, known[i].after);
    }
    if (text_equal(task, "lm_head"))
        buf_adds(&words, "lm_head: one pass through the last layer of a model");
    if (words.len > 0 && strstr(buf_text(into), buf_text(&words)) == NULL)
        add_part(into, "; ", buf_text(&words));
}

void comparison_title(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf title = BUF(4096);

    comparison_model_name(comparison->model, comparison->quantization, &title);
    add_part(&title, ", ", comparison->task);
    add_part(&title, ", ", comparison->mode);
    add_part(&title, ", ", comparison->category);
    comparison_add_parameters(comparison->task, comparison->parameters, &title);
    if (!text_equal(comparison->variant, "alone"))
        add_part(&title, ", ", comparison->variant);
    buf_adds(into, buf_text(&title));
}

void comparison_title_of(const struct result *result, struct buf *into)
{
    const struct set_workload *workload = result->run->workload;
    const struct comparison comparison = {.model = workload->model,
                                          .quantization = workload->quantization,
                                          .mode = workload->mode,
                                          .task = workload->task,
                                          .category = workload->category,
                                          .parameters = workload->parameters,
                                          .variant = result->run->variant};

    comparison_title(&comparison, into);
}

const char *comparison_row_vendor(const struct comparison_row *row)
{
    const struct chip *entry = row->entry != NULL ? row->entry : catalog_chip(row->chip, NULL);

    return entry != NULL ? entry->vendor : "";
}

void comparison_row_name(const struct comparison_row *row, bool short_name, struct buf *into)
{
    if (row->chip_count > 1)
        buf_addf(into, "%lld × ", (long long)row->chip_count);
    buf_adds(into, short_name && row->chip_known ? catalog_short_chip_name(row->chip) : row->chip);
    if (!text_is_empty(row->variant))
        buf_addf(into, " (%s)", row->variant);
}

/* ---- keeping one chip */

static bool is_chip(const struct comparison_row *row, const char *wanted, const struct chip_match *match)
{
    if (match->chip != NULL)
        return text_equal(row->chip, match->chip) &&
               (match->variant == NULL || text_is_empty(match->variant) || text_equal(row->variant, match->variant));
    return text_equal_ignore_case(row->chip, wanted);
}

/* Rows and by_value keep their order; the baseline's row may go, its name stays. */
static void keep_rows(struct comparison *comparison, const char *wanted, const struct chip_match *match)
{
    autofree size_t *moved = mem_zalloc(comparison->row_count + 1, sizeof(*moved));
    size_t kept = 0, ranked = 0;

    if (moved == NULL)
        return;
    for (size_t i = 0; i < comparison->row_count; i++) {
        moved[i] = NO_ROW;
        if (!is_chip(&comparison->rows[i], wanted, match))
            continue;
        moved[i] = kept;
        comparison->rows[kept++] = comparison->rows[i];
    }
    for (size_t i = 0; i < comparison->row_count; i++)
        if (moved[comparison->by_value[i]] != NO_ROW)
            comparison->by_value[ranked++] = moved[comparison->by_value[i]];
    if (comparison->baseline != NO_ROW)
        comparison->baseline = moved[comparison->baseline];
    comparison->row_count = kept;
}

int comparison_keep_chip(struct comparison_set *set, const char *chip, struct err *err)
{
    struct chip_match match;
    size_t kept = 0;

    catalog_match_chip(chip, NULL, &match);
    for (size_t i = 0; i < set->count; i++) {
        keep_rows(&set->items[i], chip, &match);
        if (set->items[i].row_count > 0)
            set->items[kept++] = set->items[i];
    }
    set->count = kept;
    if (kept > 0)
        return 0;
    (void)err_set(err, ERR_NOTHING, "no result of the chip \"%s\"", chip);
    (void)facet_hint_chips(chip, err);
    return -(int)ERR_NOTHING;
}
