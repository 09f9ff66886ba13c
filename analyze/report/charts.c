#include "analyze/report/charts.h"

#include <string.h>

#include "analyze/report/drawn.h"
#include "analyze/report/picture.h"
#include "analyze/report/workers.h"
#include "schema/base/str.h"

#define PATH_LENGTH_MAX 4096
#define FINGERPRINT SIZE_MAX /* a task: which fonts and libraries draw */

enum chart_file { LIGHT_PNG, LIGHT_SVG, DARK_PNG, DARK_SVG, PHONE_SVG, CHART_FILES };

static const char *const endings[CHART_FILES] = {"light.png", "light.svg", "dark.png", "dark.svg", "phone.svg"};

/* One chart with all its files. */
struct chart {
    size_t task;
    char *slug;            /* of the arena of `charts` */
    bool keep, taken;      /* it may be kept in mind; it stands already */
    struct sha256 content; /* what it is drawn from */
    struct sha256 hashes[CHART_FILES];
    struct buf files[CHART_FILES];
};
struct charts {
    struct arena arena;
    const struct report *report;
    struct chart *items;
    size_t count, capacity;
    size_t *missing; /* charts that are to be drawn */
    size_t *tasks;   /* theirs */
    size_t missing_count, drawn;
    void (*step)(void *context, size_t done, size_t total);
    void *step_context;
};

static void charts_done(struct charts *charts)
{
    for (size_t i = 0; i < charts->count; i++)
        for (size_t j = 0; j < CHART_FILES; j++)
            buf_done(&charts->items[i].files[j]);
    arena_done(&charts->arena);
}

/* A task is a comparison, or its further metrics. Sets *ret_any when it has what is asked for. */
static int compose(const struct report *report, size_t task, struct arena *arena, struct picture *picture,
                   struct buf *slug, bool *ret_any, struct err *err)
{
    const struct comparison *comparison = &report->comparisons->items[task / 2];
    struct comparison further;

    *ret_any = true;
    if (task % 2 == 1) {
        const int status = comparison_further(comparison, arena, &further, ret_any, err);

        if (status < 0 || !*ret_any)
            return status;
        comparison = &further;
    }
    report_slug(comparison, slug);
    return picture_compose(report, comparison, picture, err);
}

/* ---- in a worker */

struct drawer {
    const struct report *report;
    struct draw *draw; /* opened by the first task */
};

static int draw_files(struct picture *picture, struct draw *draw, struct buf files[CHART_FILES], struct err *err)
{
    struct picture_files both = {.png = {files[LIGHT_PNG], files[DARK_PNG]},
                                 .svg = {files[LIGHT_SVG], files[DARK_SVG]}};
    int status = picture_draw(picture, draw, &both, err);

    files[LIGHT_PNG] = both.png[0];
    files[DARK_PNG] = both.png[1];
    files[LIGHT_SVG] = both.svg[0];
    files[DARK_SVG] = both.svg[1];
    /* The pages show it where 800 px do not fit; they colour it themselves. */
    picture->chart.width = PHONE_WIDTH;
    return status < 0 ? status : picture_svg(picture, draw, &files[PHONE_SVG], err);
}

/* The lengths, then the bytes. */
static void put_files(const struct buf files[CHART_FILES], struct buf *answer)
{
    for (size_t i = 0; i < CHART_FILES; i++)
        buf_add(answer, &files[i].len, sizeof(files[i].len));
    for (size_t i = 0; i < CHART_FILES; i++)
        buf_add(answer, buf_text(&files[i]), files[i].len);
}

static int draw_chart(const struct drawer *drawer, size_t task, struct buf *answer, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autopicture struct picture picture = {.alt = NULL};
    autobuf struct buf slug = BUF(256);
    struct buf files[CHART_FILES];
    bool any = false;
    int status = compose(drawer->report, task, &arena, &picture, &slug, &any, err);

    for (size_t i = 0; i < CHART_FILES; i++)
        files[i] = BUF(REPORT_BYTES_MAX);
    if (status == 0)
        status = draw_files(&picture, drawer->draw, files, err);
    for (size_t i = 0; i < CHART_FILES; i++)
        status = status < 0 ? status : buf_check(&files[i], err);
    if (status == 0)
        put_files(files, answer);
    for (size_t i = 0; i < CHART_FILES; i++)
        buf_done(&files[i]);
    return status;
}

static int work(void *context, size_t task, struct buf *answer, struct err *err)
{
    struct drawer *drawer = context;
    const int status = drawer->draw == NULL ? draw_new(&drawer->draw, err) : 0;

    if (status < 0)
        return status;
    if (task == FINGERPRINT)
        buf_adds(answer, draw_fingerprint(drawer->draw));
    return task == FINGERPRINT ? 0 : draw_chart(drawer, task, answer, err);
}

/* ---- in this process */

static void put_path(const struct chart *chart, enum chart_file file, struct buf *into)
{
    buf_addf(into, "charts/%s-%s", chart->slug, endings[file]);
}

/* A chart is taken whole or drawn whole. */
static bool take_drawn(const struct drawn *drawn, struct chart *chart)
{
    bool taken = true;

    for (enum chart_file i = LIGHT_PNG; taken && i < CHART_FILES; i++) {
        autobuf struct buf path = BUF(PATH_LENGTH_MAX);

        put_path(chart, i, &path);
        taken = drawn_take(drawn, buf_text(&path), &chart->content, &chart->files[i], &chart->hashes[i]);
    }
    for (size_t i = 0; !taken && i < CHART_FILES; i++)
        buf_done(&chart->files[i]);
    return taken;
}

/* The chart of a task, if there is one, as it stands or to be drawn. */
static int plan(struct charts *charts, size_t task, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autopicture struct picture picture = {.alt = NULL};
    autobuf struct buf slug = BUF(256);
    struct chart chart = {.task = task};
    bool any = false;
    int status = compose(charts->report, task, &arena, &picture, &slug, &any, err);

    if (status == 0)
        status = buf_check(&slug, err);
    if (status < 0 || !any)
        return status;
    chart.slug = arena_strdup(&charts->arena, buf_text(&slug));
    for (size_t i = 0; i < CHART_FILES; i++)
        chart.files[i] = BUF(REPORT_BYTES_MAX);
    struct chart *items =
        arena_grow(&charts->arena, charts->items, &charts->capacity, charts->count + 1, sizeof(*items));

    if (items == NULL || chart.slug == NULL)
        return mem_error(err);
    charts->items = items;
    chart.keep = charts->report->drawn != NULL && picture_hash(&picture, &chart.content);
    if (!chart.keep && charts->report->drawn != NULL)
        charts->report->drawn->passing = true;
    chart.taken = chart.keep && take_drawn(charts->report->drawn, &chart);
    items[charts->count++] = chart;
    return 0;
}

static int find_missing(struct charts *charts, struct err *err)
{
    charts->missing = arena_alloc(&charts->arena, charts->count + 1, sizeof(*charts->missing));
    charts->tasks = arena_alloc(&charts->arena, charts->count + 1, sizeof(*charts->tasks));
    if (charts->missing == NULL || charts->tasks == NULL)
        return mem_error(err);
    for (size_t i = 0; i < charts->count; i++)
        if (!charts->items[i].taken) {
            charts->tasks[charts->missing_count] = charts->items[i].task;
            charts->missing[charts->missing_count++] = i;
        }
    return 0;
}

static int take_answer(void *context, size_t index, struct buf *answer, struct err *err)
{
    struct charts *charts = context;
    struct chart *chart = &charts->items[charts->missing[index]];
    const char *bytes = buf_text(answer) + sizeof(size_t) * CHART_FILES;
    int status = 0;

    for (size_t i = 0; status == 0 && i < CHART_FILES; i++) {
        size_t length;

        memcpy(&length, buf_text(answer) + i * sizeof(length), sizeof(length));
        buf_add(&chart->files[i], bytes, length);
        bytes += length;
        status = buf_check(&chart->files[i], err);
        if (chart->keep)
            chart->hashes[i] = sha256_of(buf_text(&chart->files[i]), chart->files[i].len);
    }
    if (charts->step != NULL)
        charts->step(charts->step_context, ++charts->drawn, charts->missing_count);
    return status;
}

static int add_files(struct charts *charts, struct publication *publication, struct err *err)
{
    int status = 0;

    for (size_t i = 0; i < charts->count; i++) {
        struct chart *chart = &charts->items[i];

        for (enum chart_file j = LIGHT_PNG; status == 0 && j < CHART_FILES; j++) {
            autobuf struct buf path = BUF(PATH_LENGTH_MAX);

            put_path(chart, j, &path);
            if (chart->keep)
                drawn_note(charts->report->drawn, buf_text(&path), &chart->content, &chart->hashes[j], chart->taken);
            status = publication_add(publication, buf_text(&path), &chart->files[j], err);
        }
    }
    return status;
}

int charts_fingerprint(const struct report *report, struct buf *fingerprint, struct err *err)
{
    struct drawer drawer = {.report = report};
    autoworkers struct workers workers = {.what = "looking for fonts", .work = work, .context = &drawer, .most = 1};

    return workers_ask(&workers, FINGERPRINT, fingerprint, err);
}

int charts_add(const struct report *report, void (*step)(void *context, size_t done, size_t total), void *context,
               struct publication *publication, struct buf *fingerprint, struct err *err)
{
    struct drawer drawer = {.report = report};
    autoworkers struct workers workers = {
        .what = "drawing charts", .work = work, .context = &drawer, .most = report->workers_most};
    struct charts charts cleanup(charts_done) = {.report = report, .step = step, .step_context = context};
    int status = workers_ask(&workers, FINGERPRINT, fingerprint, err);

    if (status == 0 && report->drawn != NULL)
        drawn_by(report->drawn, buf_text(fingerprint));
    for (size_t i = 0; status == 0 && i < 2 * report->comparisons->count; i++)
        status = plan(&charts, i, err);
    if (status == 0)
        status = find_missing(&charts, err);
    if (status == 0)
        status = workers_run(&workers, charts.tasks, charts.missing_count, take_answer, &charts, err);
    return status < 0 ? status : add_files(&charts, publication, err);
}
