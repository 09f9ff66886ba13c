/* SVG by hand rather than by Cairo: real text that can be selected and read aloud, a title and a
 * description, a hover title per mark. All text goes through the XML encoder. */
#include <math.h>

#include "plot/draw/draw.h"
#include "plot/draw/fonts.h"
#include "schema/base/number.h"
#include "schema/text/encode.h"

#define FAMILIES "Inter, 'Noto Sans', 'DejaVu Sans', sans-serif"

/* Hundredths of a px are enough and keep the file small. */
static void add_number(struct buf *into, const char *name, double value)
{
    char text[NUMBER_TEXT_SIZE];
    buf_addf(into, " %s=\"%s\"", name, number_shortest(text, round(value * 100) / 100 + 0.0));
}

static void add_colour(struct buf *into, const char *name, unsigned colour)
{
    buf_addf(into, " %s=\"#%06X\"", name, colour);
}

static void add_title(struct buf *into, const char *title)
{
    if (title != NULL) {
        buf_adds(into, "<title>");
        encode_xml(into, str_of(title));
        buf_adds(into, "</title>");
    }
}

static void add_line(struct buf *into, const struct chart_mark *mark)
{
    buf_adds(into, "<line");
    add_number(into, "x1", mark->x);
    add_number(into, "y1", mark->y);
    add_number(into, "x2", mark->x + mark->width);
    add_number(into, "y2", mark->y + mark->height);
    add_colour(into, "stroke", mark->colour);
    add_number(into, "stroke-width", mark->stroke);
    buf_adds(into, mark->dashed ? " stroke-dasharray=\"3 3\"/>\n" : "/>\n");
}

/* The end of an element that may hold a hover title. */
static void close_element(struct buf *into, const char *name, const char *title)
{
    if (title == NULL) {
        buf_adds(into, "/>\n");
        return;
    }
    buf_adds(into, ">");
    add_title(into, title);
    buf_addf(into, "</%s>\n", name);
}

static void add_fill(struct buf *into, const struct chart_mark *mark)
{
    add_colour(into, "fill", mark->colour);
    if (mark->opacity > 0) {
        add_number(into, "fill-opacity", mark->opacity);
    }
}

static void add_rect(struct buf *into, const struct chart_mark *mark)
{
    bool outline = mark->shape == MARK_RECT_OUTLINE;
    double inset = outline ? mark->stroke / 2 : 0;
    buf_adds(into, "<rect");
    add_number(into, "x", mark->x + inset);
    add_number(into, "y", mark->y + inset);
    add_number(into, "width", fmax(0, mark->width - 2 * inset));
    add_number(into, "height", fmax(0, mark->height - 2 * inset));
    if (outline) {
        buf_adds(into, " fill=\"none\"");
        add_colour(into, "stroke", mark->colour);
        add_number(into, "stroke-width", mark->stroke);
    } else {
        add_fill(into, mark);
    }
    close_element(into, "rect", mark->title);
}

static void add_circle(struct buf *into, const struct chart_mark *mark)
{
    buf_adds(into, "<circle");
    add_number(into, "cx", mark->x + mark->width / 2);
    add_number(into, "cy", mark->y + mark->height / 2);
    add_number(into, "r", fmax(0, mark->width / 2 - mark->stroke / 2));
    add_fill(into, mark);
    if (mark->stroke > 0) {
        add_colour(into, "stroke", mark->outline);
        add_number(into, "stroke-width", mark->stroke);
    }
    close_element(into, "circle", mark->title);
}

static void add_coordinates(struct buf *into, const char *between, double x, double y)
{
    char x_text[NUMBER_TEXT_SIZE], y_text[NUMBER_TEXT_SIZE];
    buf_addf(into, "%s%s,%s", between, number_shortest(x_text, round(x * 100) / 100 + 0.0),
             number_shortest(y_text, round(y * 100) / 100 + 0.0));
}

static void add_polygon(struct buf *into, const struct chart_mark *mark)
{
    buf_adds(into, "<polygon points=\"");
    for (size_t i = 0; i < mark->point_count; i++) {
        add_coordinates(into, i > 0 ? " " : "", mark->points[i].x, mark->points[i].y);
    }
    buf_adds(into, "\"");
    add_fill(into, mark);
    close_element(into, "polygon", mark->title);
}

static void add_polyline(struct buf *into, const struct chart_mark *mark)
{
    buf_adds(into, "<polyline points=\"");
    for (size_t i = 0; i < mark->point_count; i++) {
        add_coordinates(into, i > 0 ? " " : "", mark->points[i].x, mark->points[i].y);
    }
    buf_adds(into, "\" fill=\"none\" stroke-linejoin=\"round\"");
    add_colour(into, "stroke", mark->colour);
    add_number(into, "stroke-width", mark->stroke);
    if (mark->dashed) {
        buf_adds(into, " stroke-dasharray=\"3 3\"");
    }
    close_element(into, "polyline", mark->title);
}

/* Lines that end at the edges of their box, so that no clip path with an id is needed. */
static void add_hatch(struct buf *into, const struct chart_mark *mark)
{
    buf_adds(into, "<path d=\"");
    for (int i = 0; (i + 0.5) * HATCH_STEP < mark->width + mark->height; i++) {
        const double at = (i + 0.5) * HATCH_STEP;
        double right = fmin(at, mark->width), left = fmax(0, at - mark->height);
        add_coordinates(into, "M", mark->x + right, mark->y + at - right);
        add_coordinates(into, "L", mark->x + left, mark->y + at - left);
    }
    buf_adds(into, "\" fill=\"none\"");
    add_colour(into, "stroke", mark->colour);
    add_number(into, "stroke-width", mark->stroke);
    close_element(into, "path", mark->title);
}

static void add_mark(struct buf *into, const struct chart_mark *mark)
{
    switch (mark->shape) {
    case MARK_LINE:
        add_line(into, mark);
        break;
    case MARK_RECT:
    case MARK_RECT_OUTLINE:
        add_rect(into, mark);
        break;
    case MARK_CIRCLE:
        add_circle(into, mark);
        break;
    case MARK_POLYGON:
        add_polygon(into, mark);
        break;
    case MARK_HATCH:
        add_hatch(into, mark);
        break;
    case MARK_POLYLINE:
        add_polyline(into, mark);
        break;
    }
}

static void add_patch(struct buf *into, const struct chart_text *text)
{
    buf_adds(into, "<rect");
    add_number(into, "x", text->left - 2);
    add_number(into, "y", text->baseline_y - text->size * 0.8);
    add_number(into, "width", text->width + 4);
    add_number(into, "height", text->size * 0.9);
    add_colour(into, "fill", text->patch_colour);
    buf_adds(into, "/>\n");
}

static void add_text(struct buf *into, const struct chart_text *text)
{
    static const char *const anchors[] = {NULL, "middle", "end"};
    static const int weights[] = {400, 500, 600, 700};
    if (text->patch) {
        add_patch(into, text);
    }
    buf_adds(into, "<text");
    add_number(into, "x", text->x);
    add_number(into, "y", text->baseline_y);
    add_number(into, "font-size", text->size);
    if (text->weight != WEIGHT_REGULAR) {
        buf_addf(into, " font-weight=\"%d\"", weights[text->weight]);
    }
    if (anchors[text->anchor] != NULL) {
        buf_addf(into, " text-anchor=\"%s\"", anchors[text->anchor]);
    }
    if (text->upwards) {
        buf_adds(into, " transform=\"rotate(-90");
        add_coordinates(into, " ", text->x, text->baseline_y);
        buf_adds(into, ")\"");
    }
    if (fonts_are_figures(text->text, text->size)) {
        buf_adds(into, " font-variant=\"tabular-nums\"");
    }
    add_colour(into, "fill", text->colour);
    buf_adds(into, ">");
    encode_xml(into, str_of(text->text));
    add_title(into, text->full_text);
    buf_adds(into, "</text>\n");
}

int draw_svg(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into, struct err *err)
{
    (void)draw;
    (void)scale;
    buf_adds(into, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    add_number(into, "width", layout->width);
    add_number(into, "height", layout->height);
    buf_addf(into,
             " viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"%s\">\n<title "
             "id=\"title\">",
             layout->width, layout->height, FAMILIES);
    encode_xml(into, str_of(layout->title));
    buf_adds(into, "</title>\n<desc id=\"desc\">");
    encode_xml(into, str_of(layout->alt));
    buf_adds(into, "</desc>\n<rect width=\"100%\" height=\"100%\"");
    add_colour(into, "fill", layout->background);
    buf_adds(into, "/>\n");
    for (size_t i = 0; i < layout->mark_count; i++) {
        add_mark(into, &layout->marks[i]);
    }
    for (size_t i = 0; i < layout->text_count; i++) {
        add_text(into, &layout->texts[i]);
    }
    buf_adds(into, "</svg>\n");
    return buf_check(into, err);
}
