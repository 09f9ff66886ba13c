#include "analyze/report/charts.h"

#include "analyze/report/drawn.h"
#include "analyze/report/picture.h"
#include "schema/base/str.h"

#define PATH_LENGTH_MAX 4096
#define PHONE_WIDTH 400.0

/* Where the files of one chart go. */
struct target {
    struct drawn *drawn; /* NULL: nothing is kept in mind */
    struct draw *draw;
    struct publication *publication;
    const char *slug;
};

static void put_path(const struct target *target, const char *theme, const char *ending, struct buf *into)
{
    buf_addf(into, "charts/%s-%s.%s", target->slug, theme, ending);
}

static struct sha256 hash_of(const struct buf *bytes)
{
    return sha256_of(buf_text(bytes), bytes->len);
}

static int add_theme(const struct picture *picture, enum chart_theme theme, const struct target *target,
                     struct err *err)
{
    autobuf struct buf png = BUF(REPORT_BYTES_MAX), svg = BUF(REPORT_BYTES_MAX);
    autobuf struct buf png_path = BUF(PATH_LENGTH_MAX), svg_path = BUF(PATH_LENGTH_MAX);
    const char *word = theme == THEME_DARK ? "dark" : "light";
    struct sha256 content = {{0}}, png_hash = {{0}}, svg_hash = {{0}};
    int status = 0;

    put_path(target, word, "png", &png_path);
    put_path(target, word, "svg", &svg_path);
    const bool keep = target->drawn != NULL && picture_hash(picture, theme, &content);
    /* A picture is taken whole or drawn whole. */
    const bool taken = keep && drawn_take(target->drawn, buf_text(&png_path), &content, &png, &png_hash) &&
                       drawn_take(target->drawn, buf_text(&svg_path), &content, &svg, &svg_hash);

    if (!taken) {
        buf_reset(&png);
        buf_reset(&svg);
        status = picture_draw(picture, theme, target->draw, &png, &svg, err);
        png_hash = hash_of(&png);
        svg_hash = hash_of(&svg);
    }
    if (status == 0 && keep) {
        drawn_note(target->drawn, buf_text(&png_path), &content, &png_hash, taken);
        drawn_note(target->drawn, buf_text(&svg_path), &content, &svg_hash, taken);
    }
    if (status == 0)
        status = publication_add(target->publication, buf_text(&png_path), &png, err);
    return status < 0 ? status : publication_add(target->publication, buf_text(&svg_path), &svg, err);
}

/* The pages show it where 800 px do not fit; they colour it themselves. */
static int add_phone(struct picture *picture, const struct target *target, struct err *err)
{
    autobuf struct buf svg = BUF(REPORT_BYTES_MAX), path = BUF(PATH_LENGTH_MAX);
    struct sha256 content = {{0}}, hash = {{0}};
    int status = 0;

    put_path(target, "phone", "svg", &path);
    picture->chart.width = PHONE_WIDTH;
    const bool keep = target->drawn != NULL && picture_hash(picture, THEME_LIGHT, &content);
    const bool taken = keep && drawn_take(target->drawn, buf_text(&path), &content, &svg, &hash);

    if (!taken) {
        buf_reset(&svg);
        status = picture_svg(picture, target->draw, &svg, err);
        hash = hash_of(&svg);
    }
    if (status == 0 && keep)
        drawn_note(target->drawn, buf_text(&path), &content, &hash, taken);
    return status < 0 ? status : publication_add(target->publication, buf_text(&path), &svg, err);
}

static int add_chart(const struct report *report, const struct comparison *comparison, struct draw *draw,
                     struct publication *publication, struct err *err)
{
    autopicture struct picture picture = {.alt = NULL};
    autobuf struct buf slug = BUF(256);
    int status = picture_compose(report, comparison, &picture, err);

    if (status < 0)
        return status;
    report_slug(comparison, &slug);
    const struct target target = {report->drawn, draw, publication, buf_text(&slug)};

    status = add_theme(&picture, THEME_LIGHT, &target, err);
    if (status == 0)
        status = add_theme(&picture, THEME_DARK, &target, err);
    return status < 0 ? status : add_phone(&picture, &target, err);
}

int charts_add(const struct report *report, const struct comparison *comparison, struct draw *draw,
               struct publication *publication, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct comparison further;
    bool any = false;
    int status = add_chart(report, comparison, draw, publication, err);

    if (status == 0)
        status = comparison_further(comparison, &arena, &further, &any, err);
    return status == 0 && any ? add_chart(report, &further, draw, publication, err) : status;
}
