#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "plot/draw/draw.h"
#include "plot/draw/fonts.h"
#include "plot/draw/paint.h"
#include "plot/draw/picture.h"

#define SIDE_MAX 16384 /* px; Cairo's own limit is 32,767 */
#define LARGE_PAGE ((size_t)2 << 20)

static void set_colour(cairo_t *cairo, unsigned colour)
{
    cairo_set_source_rgb(cairo, (colour >> 16 & 0xFF) / 255.0, (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0);
}

/* A straight line of whole px: its centre is moved to the middle of the px it covers. */
static double snap_line(double at, double stroke, double scale)
{
    double width = fmax(1, round(stroke * scale));
    double offset = fmod(width, 2) > 0.5 ? 0.5 : 0;
    return (floor(at * scale) + offset) / scale;
}

static void draw_line(cairo_t *cairo, const struct chart_mark *mark, double scale)
{
    double x1 = mark->x, y1 = mark->y, x2 = mark->x + mark->width, y2 = mark->y + mark->height;
    double width = fmax(1, round(mark->stroke * scale)) / scale;
    if (fabs(mark->width) < 0.01) {
        x1 = x2 = snap_line(mark->x, mark->stroke, scale);
    } else if (fabs(mark->height) < 0.01) {
        y1 = y2 = snap_line(mark->y, mark->stroke, scale);
    }
    if (mark->dashed) {
        static const double dashes[] = {3, 3};
        cairo_set_dash(cairo, dashes, 2, 0);
    }
    cairo_set_line_width(cairo, width);
    cairo_move_to(cairo, x1, y1);
    cairo_line_to(cairo, x2, y2);
    cairo_stroke(cairo);
}

static void draw_circle(cairo_t *cairo, const struct chart_mark *mark)
{
    double radius = mark->width / 2;
    cairo_new_path(cairo);
    cairo_arc(cairo, mark->x + radius, mark->y + radius, fmax(0, radius - mark->stroke / 2), 0, 2 * M_PI);
    cairo_fill_preserve(cairo);
    if (mark->stroke > 0) {
        set_colour(cairo, mark->outline);
        cairo_set_line_width(cairo, mark->stroke);
        cairo_stroke(cairo);
    }
    /* What is left of a path is no part of the saved state: it would join the next mark. */
    cairo_new_path(cairo);
}

static void draw_hatch(cairo_t *cairo, const struct chart_mark *mark)
{
    cairo_rectangle(cairo, mark->x, mark->y, mark->width, mark->height);
    cairo_clip(cairo);
    cairo_set_line_width(cairo, mark->stroke);
    for (int i = 0; (i + 0.5) * HATCH_STEP < mark->width + mark->height; i++) {
        const double at = (i + 0.5) * HATCH_STEP;
        cairo_move_to(cairo, mark->x + at, mark->y);
        cairo_line_to(cairo, mark->x + at - mark->height, mark->y + mark->height);
    }
    cairo_stroke(cairo);
}

static void draw_polyline(cairo_t *cairo, const struct chart_mark *mark)
{
    static const double dashes[] = {3, 3};
    for (size_t i = 0; i < mark->point_count; i++) {
        cairo_line_to(cairo, mark->points[i].x, mark->points[i].y);
    }
    if (mark->dashed) {
        cairo_set_dash(cairo, dashes, 2, 0);
    }
    cairo_set_line_width(cairo, mark->stroke);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void draw_mark(cairo_t *cairo, const struct chart_mark *mark, double scale)
{
    cairo_save(cairo);
    /* The path is not part of what is saved: an arc would go on from the last one. */
    cairo_new_path(cairo);
    set_colour(cairo, mark->colour);
    if (mark->opacity > 0) {
        cairo_set_source_rgba(cairo, (mark->colour >> 16 & 0xFF) / 255.0, (mark->colour >> 8 & 0xFF) / 255.0,
                              (mark->colour & 0xFF) / 255.0, mark->opacity);
    }
    switch (mark->shape) {
    case MARK_RECT:
        cairo_rectangle(cairo, mark->x, round(mark->y * scale) / scale, mark->width,
                        (round((mark->y + mark->height) * scale) - round(mark->y * scale)) / scale);
        cairo_fill(cairo);
        break;
    case MARK_RECT_OUTLINE:
        cairo_set_line_width(cairo, mark->stroke);
        cairo_rectangle(cairo, mark->x + mark->stroke / 2, mark->y + mark->stroke / 2,
                        fmax(0, mark->width - mark->stroke), mark->height - mark->stroke);
        cairo_stroke(cairo);
        break;
    case MARK_LINE:
        draw_line(cairo, mark, scale);
        break;
    case MARK_CIRCLE:
        draw_circle(cairo, mark);
        break;
    case MARK_POLYGON:
        for (size_t i = 0; i < mark->point_count; i++) {
            cairo_line_to(cairo, mark->points[i].x, mark->points[i].y);
        }
        cairo_close_path(cairo);
        cairo_fill(cairo);
        break;
    case MARK_HATCH:
        draw_hatch(cairo, mark);
        break;
    case MARK_POLYLINE:
        draw_polyline(cairo, mark);
        break;
    }
    cairo_restore(cairo);
}

static void draw_patch(cairo_t *cairo, const struct chart_text *text)
{
    set_colour(cairo, text->patch_colour);
    cairo_rectangle(cairo, text->left - 2, text->baseline_y - text->size * 0.8, text->width + 4, text->size * 0.9);
    cairo_fill(cairo);
}

static void draw_text(struct draw *draw, cairo_t *cairo, const struct chart_text *text)
{
    const struct fonts_line *line = fonts_line(draw, text->text, text->size, text->weight);
    double scale = text->size / FONTS_SIZE;
    int x = 0; /* in units of Pango, so that nothing is lost by adding */
    if (text->patch) {
        draw_patch(cairo, text);
    }
    set_colour(cairo, text->colour);
    cairo_save(cairo);
    cairo_translate(cairo, text->upwards ? text->x : text->left, text->baseline_y);
    if (text->upwards) {
        cairo_rotate(cairo, -M_PI / 2);
    }
    cairo_scale(cairo, scale, scale);
    for (const GList *at = line->items; at != NULL; at = at->next) {
        PangoGlyphItem *item = at->data;
        cairo_move_to(cairo, (double)x / PANGO_SCALE, 0);
        pango_cairo_show_glyph_item(cairo, line->text, item);
        x += pango_glyph_string_get_width(item->glyphs);
    }
    cairo_restore(cairo);
}

/* Cairo takes NaN without a word and draws nothing: look before. */
static int check_places(const struct chart_layout *layout, struct err *err)
{
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        if (!isfinite(mark->x + mark->y + mark->width + mark->height + mark->stroke + mark->opacity)) {
            return err_set(err, ERR_INTERNAL, "mark %s of the chart has no finite place", mark->kind);
        }
        for (size_t k = 0; k < mark->point_count; k++) {
            if (!isfinite(mark->points[k].x + mark->points[k].y)) {
                return err_set(err, ERR_INTERNAL, "a corner of mark %s has no finite place", mark->kind);
            }
        }
    }
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        if (!isfinite(text->left + text->x + text->baseline_y + text->size + text->width) || !(text->size > 0)) {
            return err_set(err, ERR_INTERNAL, "text %s of the chart has no finite place", text->role);
        }
    }
    return 0;
}

int paint_layout(struct draw *draw, cairo_surface_t *surface, const struct chart_layout *layout, double scale,
                 double snap, struct err *err)
{
    int result = check_places(layout, err);
    if (result < 0) {
        return result;
    }
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    cairo_set_font_options(cairo, draw->options);
    set_colour(cairo, layout->background);
    cairo_paint(cairo);
    for (size_t i = 0; i < layout->mark_count; i++) {
        draw_mark(cairo, &layout->marks[i], snap);
    }
    for (size_t i = 0; i < layout->text_count; i++) {
        draw_text(draw, cairo, &layout->texts[i]);
    }
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(surface);
    }
    return status == CAIRO_STATUS_SUCCESS
               ? 0
               : err_set(err, ERR_INTERNAL, "drawing failed: %s", cairo_status_to_string(status));
}

/* A surface in pages of 2 MiB where the system has them: its px are a third of all memory that a chart touches, and
 * each small page is a fault of its own. */
static cairo_surface_t *new_surface(int width, int height)
{
    static const cairo_user_data_key_t key;
    const int stride = cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, width);
    const size_t size = ((size_t)stride * (size_t)height + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    void *px = stride > 0 && size > LARGE_PAGE ? aligned_alloc(LARGE_PAGE, size) : NULL;
    if (px == NULL) {
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    }
    /* What fails here costs time alone. */
    (void)madvise(px, size, MADV_HUGEPAGE);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(px, CAIRO_FORMAT_RGB24, width, height, stride);
    if (cairo_surface_set_user_data(surface, &key, px, free) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(surface);
        free(px);
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    }
    return surface;
}

/* The painted surface, owned by the caller. */
static int paint_surface(struct draw *draw, const struct chart_layout *layout, double scale, cairo_surface_t **ret,
                         struct err *err)
{
    double width = ceil(layout->width * scale), height = ceil(layout->height * scale);
    if (!(width >= 1 && height >= 1 && width <= SIDE_MAX && height <= SIDE_MAX)) {
        err_set(err, ERR_LIMIT, "the picture would be %.0f × %.0f px", width, height);
        return err_hint(err, "a side may have at most %d px; choose a smaller scale", SIDE_MAX);
    }
    cairo_surface_t *surface = new_surface((int)width, (int)height);
    int result = paint_layout(draw, surface, layout, scale, scale, err);
    if (result < 0) {
        cairo_surface_destroy(surface);
        return result;
    }
    *ret = surface;
    return 0;
}

static const uint32_t *px_of(cairo_surface_t *surface)
{
    return (const uint32_t *)(const void *)cairo_image_surface_get_data(surface);
}

static int write_surfaces(cairo_surface_t *surface, cairo_surface_t *twin, const struct chart_layout *layout,
                          double scale, struct buf *into, struct buf *twin_into, struct err *err)
{
    const struct picture picture = {
        .rows = px_of(surface),
        .twin = twin == NULL ? NULL : px_of(twin),
        .width = (size_t)cairo_image_surface_get_width(surface),
        .height = (size_t)cairo_image_surface_get_height(surface),
        .stride = (size_t)cairo_image_surface_get_stride(surface) / sizeof(uint32_t),
    };
    const struct picture_facts facts = {.scale = scale, .title = layout->title, .description = layout->alt};
    return picture_write_png(&picture, &facts, into, twin_into, err);
}

int draw_png(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into, struct err *err)
{
    cairo_surface_t *surface = NULL;
    int result = paint_surface(draw, layout, scale, &surface, err);
    if (result < 0) {
        return result;
    }
    result = write_surfaces(surface, NULL, layout, scale, into, NULL, err);
    cairo_surface_destroy(surface);
    return result;
}

static bool same_size(cairo_surface_t *a, cairo_surface_t *b)
{
    return cairo_image_surface_get_width(a) == cairo_image_surface_get_width(b) &&
           cairo_image_surface_get_height(a) == cairo_image_surface_get_height(b);
}

int draw_png_pair(struct draw *draw, const struct chart_layout *layout, const struct chart_layout *twin, double scale,
                  struct buf *into, struct buf *twin_into, struct err *err)
{
    cairo_surface_t *surface = NULL, *other = NULL;
    int result = paint_surface(draw, layout, scale, &surface, err);
    if (result == 0) {
        result = paint_surface(draw, twin, scale, &other, err);
    }
    if (result == 0 && same_size(surface, other)) {
        result = write_surfaces(surface, other, layout, scale, into, twin_into, err);
    } else if (result == 0) {
        result = write_surfaces(surface, NULL, layout, scale, into, NULL, err);
        result = result < 0 ? result : write_surfaces(other, NULL, twin, scale, twin_into, NULL, err);
    }
    cairo_surface_destroy(surface);
    cairo_surface_destroy(other);
    return result;
}
