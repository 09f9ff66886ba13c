#include "analyze/report/charts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/report/drawn.h"
#include "analyze/report/picture.h"
#include "analyze/report/standing.h"
#include "analyze/report/workers.h"
#include "schema/base/str.h"

#define PATH_LENGTH_MAX 4096

enum chart_file { LIGHT_PNG, LIGHT_SVG, DARK_PNG, DARK_SVG, PHONE_SVG, CHART_FILES };

static const char *const endings[CHART_FILES] = {"light.png", "light.svg", "dark.png", "dark.svg", "phone.svg"};

/* A worker's. */
struct drawer {
    const struct report *report;
    struct draw *draw; /* opened by the first task */
};

/* One chart with all its files. */
struct chart {
    size_t task;
    char *slug;            /* of the arena of `charts` */
    bool keep, taken;      /* it may be kept in mind; it stands already */
    bool stays;            /* in the folder, unread */
    bool ready;            /* its files are there */
    struct sha256 content; /* what it is drawn from */
    struct sha256 hashes[CHART_FILES];
    struct publication_file files[CHART_FILES];
};
/* Answers are taken in a thread: what this process does meanwhile leaves the workers no processor idle. It touches
 * `items` and what is below `lock`; the rest is settled before it begins. */
struct charts {
    struct arena arena;
    const struct report *report;
    struct workers workers;
    struct drawer drawer;
    struct chart *items;
    size_t count, capacity;
    size_t *missing; /* charts that are to be drawn */
    size_t *tasks;   /* theirs */
    size_t missing_count;
    pthread_t thread;
    bool running;
    atomic_bool given_up;
    pthread_mutex_t lock;
    pthread_cond_t news; /* of `ready` in any of `items`, and of: */
    bool ended;
    int status; /* how it ended */
    struct err err;
};

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

    if (drawer->draw == NULL) {
        mem_keep_freed(); /* the px of a chart are megabytes, and the next one asks for as many */
        const int status = draw_new(&drawer->draw, err);

        if (status < 0)
            return status;
    }
    return draw_chart(drawer, task, answer, err);
}

/* ---- in this process */

static void put_path(const struct chart *chart, enum chart_file file, struct buf *into)
{
    buf_addf(into, "charts/%s-%s", chart->slug, endings[file]);
}

/* All of its files are as they were left, when they were drawn from the same. */
static bool may_stay(const struct report *report, struct chart *chart)
{
    bool stays = true;

    for (enum chart_file i = LIGHT_PNG; stays && i < CHART_FILES; i++) {
        autobuf struct buf path = BUF(PATH_LENGTH_MAX);

        put_path(chart, i, &path);
        stays = drawn_knows(report->drawn, buf_text(&path), &chart->content, &chart->hashes[i]) &&
                standing_knows(report->standing, buf_text(&path));
    }
    return stays;
}

/* A chart is taken whole or drawn whole. */
static bool take_drawn(const struct report *report, struct chart *chart)
{
    struct buf files[CHART_FILES];
    bool taken = true;

    for (enum chart_file i = LIGHT_PNG; i < CHART_FILES; i++) {
        autobuf struct buf path = BUF(PATH_LENGTH_MAX);

        put_path(chart, i, &path);
        files[i] = BUF(REPORT_BYTES_MAX);
        taken = taken && drawn_take(report->drawn, buf_text(&path), &chart->content, &files[i], &chart->hashes[i]);
    }
    for (size_t i = 0; i < CHART_FILES; i++) {
        if (taken)
            publication_keep(report->aside, &chart->files[i], &files[i]);
        buf_done(&files[i]);
    }
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
    struct chart *items =
        arena_grow(&charts->arena, charts->items, &charts->capacity, charts->count + 1, sizeof(*items));

    if (items == NULL || chart.slug == NULL)
        return mem_error(err);
    charts->items = items;
    chart.keep = charts->report->drawn != NULL && picture_hash(&picture, &chart.content);
    if (!chart.keep && charts->report->drawn != NULL)
        charts->report->drawn->passing = true;
    chart.stays = chart.keep && may_stay(charts->report, &chart);
    chart.taken = chart.stays || (chart.keep && take_drawn(charts->report, &chart));
    chart.ready = chart.taken;
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

static int make_file(const void *context, size_t part, struct buf *into, struct err *err);

static int add_files(struct charts *charts, struct publication *publication, struct err *err)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < charts->count * CHART_FILES; i++) {
        const struct publication_maker maker = {make_file, charts, i};
        autobuf struct buf path = BUF(PATH_LENGTH_MAX);

        put_path(&charts->items[i / CHART_FILES], i % CHART_FILES, &path);
        status = charts->items[i / CHART_FILES].stays
                     ? publication_add_standing(publication, buf_text(&path), charts->report->standing, err)
                     : publication_add_later(publication, buf_text(&path), &maker, err);
    }
    return status;
}

/* ---- in the thread that takes answers */

static int take_answer(void *context, size_t index, struct buf *answer, struct err *err)
{
    struct charts *charts = context;
    struct chart *chart = &charts->items[charts->missing[index]];
    const char *bytes = buf_text(answer) + sizeof(size_t) * CHART_FILES;

    if (atomic_load(&charts->given_up))
        return err_set(err, ERR_INTERNAL, "nobody waits for the charts");
    for (size_t i = 0; i < CHART_FILES; i++) {
        autobuf struct buf file = BUF(REPORT_BYTES_MAX);
        size_t length;

        memcpy(&length, buf_text(answer) + i * sizeof(length), sizeof(length));
        buf_add(&file, bytes, length);
        bytes += length;
        const int status = buf_check(&file, err);

        if (status < 0)
            return status;
        if (chart->keep)
            chart->hashes[i] = sha256_of(buf_text(&file), file.len);
        publication_keep(charts->report->aside, &chart->files[i], &file);
    }
    (void)pthread_mutex_lock(&charts->lock);
    chart->ready = true;
    (void)pthread_cond_broadcast(&charts->news);
    (void)pthread_mutex_unlock(&charts->lock);
    return 0;
}

static void *run(void *context)
{
    struct charts *charts = context;
    struct err err = {.code = 0};
    const int status = workers_run(&charts->workers, charts->tasks, charts->missing_count, take_answer, charts, &err);

    workers_done(&charts->workers);
    (void)pthread_mutex_lock(&charts->lock);
    charts->ended = true;
    charts->status = status;
    charts->err = err;
    (void)pthread_cond_broadcast(&charts->news);
    (void)pthread_mutex_unlock(&charts->lock);
    return NULL;
}

/* ---- meanwhile */

static int ended_with(const struct charts *charts, struct err *err)
{
    if (charts->status < 0 && err != NULL)
        *err = charts->err;
    return charts->status;
}

static int wait_for(struct charts *charts, const struct chart *chart, struct err *err)
{
    (void)pthread_mutex_lock(&charts->lock);
    while (!chart->ready && !charts->ended)
        (void)pthread_cond_wait(&charts->news, &charts->lock);
    const int status = chart->ready ? 0 : ended_with(charts, err);

    (void)pthread_mutex_unlock(&charts->lock);
    return status;
}

static int make_file(const void *context, size_t part, struct buf *into, struct err *err)
{
    struct charts *charts = (struct charts *)(uintptr_t)context;
    const struct chart *chart = &charts->items[part / CHART_FILES];
    const struct publication_file *file = &chart->files[part % CHART_FILES];
    struct str bytes;
    int status = wait_for(charts, chart, err);

    if (status == 0)
        status = publication_bytes(file, into, &bytes, err);
    if (status == 0 && bytes.data != buf_text(into))
        buf_add(into, bytes.data, bytes.len);
    return status;
}

/* ---- all of it */

static struct charts *new_charts(const struct report *report)
{
    struct charts *charts = mem_zalloc(1, sizeof(*charts));

    if (charts == NULL)
        return NULL;
    charts->report = report;
    charts->drawer.report = report;
    charts->workers = (struct workers){
        .what = "drawing charts", .work = work, .context = &charts->drawer, .most = report->workers_most};
    (void)pthread_mutex_init(&charts->lock, NULL);
    (void)pthread_cond_init(&charts->news, NULL);
    return charts;
}

/* Without a thread all are drawn at once. */
static int begin(struct charts *charts, struct err *err)
{
    const int status = workers_start(&charts->workers, charts->missing_count, err);

    if (status < 0)
        return status;
    charts->running = pthread_create(&charts->thread, NULL, run, charts) == 0;
    if (!charts->running)
        (void)run(charts);
    return charts->running ? 0 : ended_with(charts, err);
}

int charts_add(const struct report *report, struct publication *publication, struct err *err)
{
    struct charts *charts = publication->charts = new_charts(report);

    if (charts == NULL)
        return mem_error(err);
    int status = 0;

    for (size_t i = 0; status == 0 && i < 2 * report->comparisons->count; i++)
        status = plan(charts, i, err);
    if (status == 0)
        status = find_missing(charts, err);
    if (status == 0)
        status = add_files(charts, publication, err);
    return status < 0 ? status : begin(charts, err);
}

static void join(struct charts *charts)
{
    if (charts->running)
        (void)pthread_join(charts->thread, NULL);
    charts->running = false;
}

int charts_finish(struct charts *charts, struct err *err)
{
    join(charts);
    const int status = ended_with(charts, err);

    for (size_t i = 0; status == 0 && i < charts->count * CHART_FILES; i++) {
        const struct chart *chart = &charts->items[i / CHART_FILES];
        autobuf struct buf path = BUF(PATH_LENGTH_MAX);

        put_path(chart, i % CHART_FILES, &path);
        if (chart->keep)
            drawn_note(charts->report->drawn, buf_text(&path), &chart->content, &chart->hashes[i % CHART_FILES],
                       chart->taken);
    }
    return status;
}

void charts_free(struct charts *charts)
{
    if (charts == NULL)
        return;
    atomic_store(&charts->given_up, true);
    join(charts);
    workers_done(&charts->workers);
    for (size_t i = 0; i < charts->count * CHART_FILES; i++)
        free(charts->items[i / CHART_FILES].files[i % CHART_FILES].bytes);
    arena_done(&charts->arena);
    (void)pthread_mutex_destroy(&charts->lock);
    (void)pthread_cond_destroy(&charts->news);
    free(charts);
}
