#include "analyze/report/charts.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/report/drawn.h"
#include "analyze/report/picture.h"
#include "schema/base/str.h"

#define PATH_LENGTH_MAX 4096
#define FILES_MAX 10 /* two charts, each light and dark as PNG and SVG, and for a phone */
#define PHONE_WIDTH 400.0

struct chart_file {
    char *path; /* owned */
    struct buf bytes;
    struct sha256 content, hash; /* what it was drawn from, and of its bytes; only where it is kept */
    bool kept, taken;            /* to be kept in mind; not drawn but as it stood */
};
struct chart_work {
    struct chart_file files[FILES_MAX];
    size_t count;
};

void charts_done(struct charts *charts)
{
    for (size_t i = 0; i < charts->count; i++)
        for (size_t j = 0; j < charts->works[i].count; j++) {
            free(charts->works[i].files[j].path);
            buf_done(&charts->works[i].files[j].bytes);
        }
    free(charts->works);
    memset(charts, 0, sizeof(*charts));
}

/* ---- one chart */

static struct chart_file *add_file(struct chart_work *work, const char *slug, const char *theme, const char *ending)
{
    struct chart_file *file = &work->files[work->count];

    *file =
        (struct chart_file){.path = mem_printf("charts/%s-%s.%s", slug, theme, ending), .bytes = BUF(REPORT_BYTES_MAX)};
    if (file->path != NULL)
        work->count++;
    return file->path != NULL ? file : NULL;
}

static void hash_bytes(struct chart_file *file)
{
    file->hash = sha256_of(buf_text(&file->bytes), file->bytes.len);
}

static int add_theme(const struct picture *picture, enum chart_theme theme, const struct drawn *drawn,
                     struct draw *draw, const char *slug, struct chart_work *work, struct err *err)
{
    const char *word = theme == THEME_DARK ? "dark" : "light";
    struct chart_file *png = add_file(work, slug, word, "png"), *svg = add_file(work, slug, word, "svg");
    struct sha256 content = {{0}};

    if (png == NULL || svg == NULL)
        return mem_error(err);
    const bool keep = drawn != NULL && picture_hash(picture, theme, &content);

    png->content = svg->content = content;
    png->kept = svg->kept = keep;
    /* A picture is taken whole or drawn whole. */
    png->taken = svg->taken = keep && drawn_take(drawn, png->path, &content, &png->bytes, &png->hash) &&
                              drawn_take(drawn, svg->path, &content, &svg->bytes, &svg->hash);
    if (png->taken)
        return 0;
    buf_reset(&png->bytes);
    buf_reset(&svg->bytes);
    const int status = picture_draw(picture, theme, draw, &png->bytes, &svg->bytes, err);

    if (keep) {
        hash_bytes(png);
        hash_bytes(svg);
    }
    return status;
}

/* The pages show it where 800 px do not fit; they colour it themselves. */
static int add_phone(struct picture *picture, const struct drawn *drawn, struct draw *draw, const char *slug,
                     struct chart_work *work, struct err *err)
{
    struct chart_file *file = add_file(work, slug, "phone", "svg");

    if (file == NULL)
        return mem_error(err);
    picture->chart.width = PHONE_WIDTH;
    file->kept = drawn != NULL && picture_hash(picture, THEME_LIGHT, &file->content);
    file->taken = file->kept && drawn_take(drawn, file->path, &file->content, &file->bytes, &file->hash);
    if (file->taken)
        return 0;
    buf_reset(&file->bytes);
    const int status = picture_svg(picture, draw, &file->bytes, err);

    if (file->kept)
        hash_bytes(file);
    return status;
}

static int draw_chart(const struct report *report, const struct comparison *comparison, struct draw *draw,
                      struct chart_work *work, struct err *err)
{
    autopicture struct picture picture = {.alt = NULL};
    autobuf struct buf slug = BUF(256);
    int status = picture_compose(report, comparison, &picture, err);

    if (status < 0)
        return status;
    report_slug(comparison, &slug);
    status = add_theme(&picture, THEME_LIGHT, report->drawn, draw, buf_text(&slug), work, err);
    if (status == 0)
        status = add_theme(&picture, THEME_DARK, report->drawn, draw, buf_text(&slug), work, err);
    return status < 0 ? status : add_phone(&picture, report->drawn, draw, buf_text(&slug), work, err);
}

static int draw_comparison(const struct report *report, const struct comparison *comparison, struct draw *draw,
                           struct chart_work *work, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct comparison further;
    bool any = false;
    int status = draw_chart(report, comparison, draw, work, err);

    if (status == 0)
        status = comparison_further(comparison, &arena, &further, &any, err);
    return status == 0 && any ? draw_chart(report, &further, draw, work, err) : status;
}

/* ---- all of them */

int charts_draw(const struct report *report, struct draw *draw, void (*step)(void *context, size_t done, size_t total),
                void *context, struct charts *ret, struct err *err)
{
    const size_t total = report->comparisons->count;
    autocharts struct charts charts = {mem_zalloc(total + 1, sizeof(*charts.works)), 0};

    if (charts.works == NULL)
        return mem_error(err);
    charts.count = total;
    for (size_t i = 0; i < total; i++) {
        struct chart_work *work = &charts.works[i];
        const int status = draw_comparison(report, &report->comparisons->items[i], draw, work, err);

        if (status < 0)
            return status;
        if (step != NULL)
            step(context, i + 1, total);
    }
    *ret = charts;
    charts = (struct charts){NULL, 0};
    return 0;
}

int charts_hand_out(struct charts *charts, size_t comparison, struct drawn *drawn, struct publication *publication,
                    struct err *err)
{
    struct chart_work *work = &charts->works[comparison];

    for (size_t i = 0; i < work->count; i++) {
        struct chart_file *file = &work->files[i];

        if (file->kept)
            drawn_note(drawn, file->path, &file->content, &file->hash, file->taken);
        const int status = publication_add(publication, file->path, &file->bytes, err);

        if (status < 0)
            return status;
    }
    return 0;
}
