#include "analyze/report/previous.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/json/json.h"

#define PATH_LENGTH_MAX 4096
#define KEY_BYTES_MAX ((size_t)1 << 16)
#define SEPARATOR "\x1f" /* in no text of ours */

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_TOOL] = "tool",
    [FIELD_MODEL] = "model",
    [FIELD_QUANTIZATION] = "quantization",
    [FIELD_TASK] = "task",
    [FIELD_MODE] = "mode",
    [FIELD_CATEGORY] = "category",
    [FIELD_PARAMETERS] = "parameters",
    [FIELD_RUN_VARIANT] = "run_variant",
    [FIELD_CHIP] = "chip",
    [FIELD_VARIANT] = "variant",
    [FIELD_CHIP_COUNT] = "chip_count",
    [FIELD_BACKEND] = "backend",
    [FIELD_METRIC] = "metric",
};

void previous_done(struct previous *previous)
{
    arena_done(&previous->arena);
    buf_done(&previous->figures_text);
    buf_done(&previous->submissions_text);
    memset(previous, 0, sizeof(*previous));
}

static void join_key(const char *const fields[FIELD_COUNT], struct buf *into)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        buf_adds(into, fields[i] != NULL ? fields[i] : "");
        buf_adds(into, SEPARATOR);
    }
}

void previous_key(const struct comparison *comparison, size_t row, size_t metric, struct buf *into)
{
    const struct comparison_row *at = &comparison->rows[row];
    char count[32];
    const char *const fields[FIELD_COUNT] = {
        [FIELD_TOOL] = comparison->tool,
        [FIELD_MODEL] = comparison->model,
        [FIELD_QUANTIZATION] = comparison->quantization,
        [FIELD_TASK] = comparison->task,
        [FIELD_MODE] = comparison->mode,
        [FIELD_CATEGORY] = comparison->category,
        [FIELD_PARAMETERS] = comparison->parameters,
        [FIELD_RUN_VARIANT] = comparison->variant,
        [FIELD_CHIP] = at->chip,
        [FIELD_VARIANT] = at->variant,
        [FIELD_CHIP_COUNT] = count,
        [FIELD_BACKEND] = at->backend,
        [FIELD_METRIC] = comparison->metrics[metric].name,
    };

    (void)snprintf(count, sizeof(count), "%lld", (long long)at->chip_count);
    join_key(fields, into);
}

/* ---- lines */

static int take_fields(const struct json *line, struct previous *previous, struct previous_figure *figure,
                       struct err *err)
{
    autobuf struct buf key = BUF(KEY_BYTES_MAX);

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct json *value = json_get(line, field_names[i]);
        int64_t count = 0;

        if (i == FIELD_CHIP_COUNT && json_integer(value, &count))
            figure->fields[i] = arena_printf(&previous->arena, "%lld", (long long)count);
        else
            figure->fields[i] = arena_strdup(&previous->arena, json_string(value) != NULL ? json_string(value) : "");
    }
    const int status = arena_check(&previous->arena, err);

    if (status < 0)
        return status;
    join_key(figure->fields, &key);
    figure->key = arena_strdup(&previous->arena, buf_text(&key));
    return buf_check(&key, err);
}

static int take_figure(const struct json *line, struct previous *previous, struct err *err)
{
    struct previous_figure *figures = arena_grow(&previous->arena, previous->figures, &previous->figure_capacity,
                                                 previous->figure_count + 1, sizeof(*figures));
    struct previous_figure figure = {.value = 0};
    const char *unit = json_string(json_get(line, "unit")), *newest = json_string(json_get(line, "newest_run"));
    int status =
        figures == NULL ? mem_error(err) : json_member_number(line, "", "value", JSON_REQUIRED, &figure.value, err);

    if (status == 0)
        status = json_member_number(line, "", "low_95", JSON_OPTIONAL, &figure.low, err);
    if (status == 0)
        status = json_member_number(line, "", "high_95", JSON_OPTIONAL, &figure.high, err);
    if (status == 0)
        status = take_fields(line, previous, &figure, err);
    if (status < 0)
        return status;
    figure.unit = arena_strdup(&previous->arena, unit != NULL ? unit : "");
    if (newest != NULL && strncmp(newest, previous->newest, sizeof(previous->newest) - 1) > 0)
        text_copy(previous->newest, sizeof("2025-03-09"), newest);
    previous->figures = figures;
    figures[previous->figure_count++] = figure;
    return 0;
}

static int take_submission(const struct json *line, struct previous *previous, struct err *err)
{
    struct previous_submission *submissions =
        arena_grow(&previous->arena, previous->submissions, &previous->submission_capacity,
                   previous->submission_count + 1, sizeof(*submissions));
    const char *id = NULL, *counts = NULL;
    int status =
        submissions == NULL ? mem_error(err) : json_member_string(line, "", "submission", JSON_REQUIRED, &id, err);

    if (status == 0)
        status = json_member_string(line, "", "counts", JSON_REQUIRED, &counts, err);
    if (status < 0)
        return status;
    previous->submissions = submissions;
    submissions[previous->submission_count++] =
        (struct previous_submission){arena_strdup(&previous->arena, id), text_equal(counts, "yes")};
    return 0;
}

static int read_lines(const char *path, struct str rest,
                      int (*take)(const struct json *, struct previous *, struct err *), struct previous *previous,
                      struct err *err)
{
    struct str line;

    for (int number = 1; str_next_line(&rest, &line); number++) {
        autojson struct json_document *document = NULL;
        int status = json_read_strict(line, &json_limits_tool, &document, err);

        if (status == 0)
            status = take(json_root(document), previous, err);
        if (status == 0)
            continue;
        (void)err_path(err, "%s", path);
        (void)err_at(err, number, 0);
        (void)err_hint(err, "publications write this file; without it changes are told from the next one on");
        return status;
    }
    return arena_check(&previous->arena, err);
}

/* ---- the folder */

static int compare_figures(const void *left, const void *right)
{
    const struct previous_figure *a = left, *b = right;

    return strcmp(a->key, b->key);
}

static int compare_submissions(const void *left, const void *right)
{
    const struct previous_submission *a = left, *b = right;

    return strcmp(a->id, b->id);
}

/* False when it is not there. */
static int read_file(const char *folder, const char *name, struct buf *into, bool *ret_there, struct err *err)
{
    autofree char *path = mem_printf("%s/%s", folder, name);

    if (path == NULL)
        return mem_error(err);
    *ret_there = file_exists(path);
    return *ret_there ? file_read(path, into, err) : 0;
}

static int read_both(const char *folder, const char *figures, const char *submissions, struct previous *previous,
                     bool *ret_there, struct err *err)
{
    bool there = false;
    int status = read_file(folder, submissions, &previous->submissions_text, &there, err);

    if (status == 0 && there)
        status = read_file(folder, figures, &previous->figures_text, &there, err);
    if (status < 0 || !there) {
        *ret_there = false;
        return status;
    }
    const struct str figure_lines = str_slice(buf_text(&previous->figures_text), previous->figures_text.len);
    const struct str submission_lines =
        str_slice(buf_text(&previous->submissions_text), previous->submissions_text.len);
    autobuf struct buf path = BUF(PATH_LENGTH_MAX);

    buf_addf(&path, "%s/%s", folder, figures);
    status = read_lines(buf_text(&path), figure_lines, take_figure, previous, err);
    buf_reset(&path);
    buf_addf(&path, "%s/%s", folder, submissions);
    if (status == 0)
        status = read_lines(buf_text(&path), submission_lines, take_submission, previous, err);
    *ret_there = true;
    return status;
}

void previous_ahead_done(struct previous_ahead *ahead)
{
    previous_done(&ahead->previous);
}

static void look(struct previous_ahead *ahead, const char *figures, const char *submissions)
{
    struct previous *previous = &ahead->previous;

    *previous = (struct previous){.figures_text = BUF(REPORT_BYTES_MAX), .submissions_text = BUF(REPORT_BYTES_MAX)};
    ahead->there = false;
    ahead->status = read_both(ahead->folder, figures, submissions, previous, &ahead->there, &ahead->err);
    if (ahead->status < 0 || !ahead->there)
        return;
    qsort(previous->figures, previous->figure_count, sizeof(*previous->figures), compare_figures);
    qsort(previous->submissions, previous->submission_count, sizeof(*previous->submissions), compare_submissions);
}

void previous_look(void *context)
{
    look(context, "data/figures.ndjson", "data/submissions.ndjson");
}

int previous_read(struct previous_ahead *ahead, struct str submissions, struct previous *ret, bool *ret_any,
                  struct err *err)
{
    struct previous *previous = &ahead->previous;
    const bool same =
        str_equal(str_slice(buf_text(&previous->submissions_text), previous->submissions_text.len), submissions);

    *ret_any = false;
    if (same) {
        previous_done(previous);
        look(ahead, PREVIOUS_FIGURES, PREVIOUS_SUBMISSIONS);
    }
    if (ahead->status < 0 && err != NULL)
        *err = ahead->err;
    if (ahead->status < 0 || !ahead->there)
        return ahead->status;
    previous->kept = same;
    *ret = *previous;
    *ret_any = true;
    memset(previous, 0, sizeof(*previous));
    return 0;
}

const struct previous_figure *previous_find(const struct previous *previous, const char *key)
{
    const struct previous_figure wanted = {.key = key};

    return previous->figure_count == 0 ? NULL
                                       : bsearch(&wanted, previous->figures, previous->figure_count,
                                                 sizeof(*previous->figures), compare_figures);
}

bool previous_counted(const struct previous *previous, const char *id)
{
    const struct previous_submission wanted = {.id = id};
    const struct previous_submission *found = previous->submission_count == 0
                                                  ? NULL
                                                  : bsearch(&wanted, previous->submissions, previous->submission_count,
                                                            sizeof(*previous->submissions), compare_submissions);

    return found != NULL && found->counted;
}
