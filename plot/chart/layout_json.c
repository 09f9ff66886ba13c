#include "plot/chart/chart.h"

#include "schema/json/json_write.h"

static const char *const weights[] = {"regular", "medium", "semibold", "bold"};
static const char *const shapes[] = {"rect", "outline", "line", "circle", "polygon", "hatch", "polyline"};

static void write_colour(struct json_writer *writer, const char *key, unsigned colour)
{
    char text[8];
    static const char digits[] = "0123456789ABCDEF";
    text[0] = '#';
    for (int i = 0; i < 6; i++) {
        text[1 + i] = digits[colour >> (20 - 4 * i) & 0xF];
    }
    text[7] = '\0';
    json_pair_string(writer, key, text);
}

static void write_box(struct json_writer *writer, double x, double y, double width, double height)
{
    json_pair_number(writer, "x", x);
    json_pair_number(writer, "y", y);
    json_pair_number(writer, "w", width);
    json_pair_number(writer, "h", height);
}

static void write_text(struct json_writer *writer, const struct chart_text *text)
{
    json_begin_object(writer);
    json_pair_string(writer, "role", text->role);
    json_pair_string(writer, "text", text->text);
    if (text->full_text != NULL) {
        json_pair_string(writer, "full_text", text->full_text);
    }
    write_box(writer, text->left, text->top, text->width, text->height);
    json_pair_number(writer, "size", text->size);
    json_pair_string(writer, "weight", weights[text->weight]);
    write_colour(writer, "colour", text->colour);
    if (text->upwards) {
        json_pair_bool(writer, "upwards", true);
    }
    json_end_object(writer);
}

static void write_points(struct json_writer *writer, const struct chart_mark *mark)
{
    if (mark->point_count == 0) {
        return;
    }
    json_write_key(writer, "points");
    json_begin_array(writer);
    for (size_t i = 0; i < mark->point_count; i++) {
        json_write_number(writer, mark->points[i].x);
        json_write_number(writer, mark->points[i].y);
    }
    json_end_array(writer);
}

static void write_mark(struct json_writer *writer, const struct chart_mark *mark)
{
    json_begin_object(writer);
    json_pair_string(writer, "kind", mark->kind);
    json_pair_string(writer, "panel", mark->panel);
    json_pair_string(writer, "series", mark->series);
    json_pair_string(writer, "row", mark->row);
    json_pair_number(writer, "value", mark->value);
    write_box(writer, mark->x, mark->y, mark->width, mark->height);
    json_pair_bool(writer, "outline", mark->shape == MARK_RECT_OUTLINE);
    write_colour(writer, "colour", mark->colour);
    if (mark->shape > MARK_LINE) {
        json_pair_string(writer, "shape", shapes[mark->shape]);
    }
    write_points(writer, mark);
    json_end_object(writer);
}

static void write_panel(struct json_writer *writer, const struct chart_panel *panel)
{
    json_begin_object(writer);
    json_pair_string(writer, "name", panel->name);
    write_box(writer, panel->x, panel->y, panel->width, panel->height);
    json_write_key(writer, "domain");
    json_begin_array(writer);
    json_write_number(writer, panel->domain_low);
    json_write_number(writer, panel->domain_high);
    json_end_array(writer);
    json_write_key(writer, "ticks");
    json_begin_array(writer);
    for (size_t i = 0; i < panel->tick_count; i++) {
        json_write_number(writer, panel->ticks[i]);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void chart_write_layout_json(const struct chart_layout *layout, double scale, struct buf *into)
{
    struct json_writer writer = json_writer(into, 1);
    json_begin_object(&writer);
    json_pair_number(&writer, "width", layout->width);
    json_pair_number(&writer, "height", layout->height);
    json_pair_number(&writer, "scale", scale);
    write_colour(&writer, "background", layout->background);
    json_write_key(&writer, "texts");
    json_begin_array(&writer);
    for (size_t i = 0; i < layout->text_count; i++) {
        write_text(&writer, &layout->texts[i]);
    }
    json_end_array(&writer);
    json_write_key(&writer, "marks");
    json_begin_array(&writer);
    for (size_t i = 0; i < layout->mark_count; i++) {
        write_mark(&writer, &layout->marks[i]);
    }
    json_end_array(&writer);
    json_write_key(&writer, "panels");
    json_begin_array(&writer);
    for (size_t i = 0; i < layout->panel_count; i++) {
        write_panel(&writer, &layout->panels[i]);
    }
    json_end_array(&writer);
    json_pair_string(&writer, "alt", layout->alt);
    json_end_object(&writer);
    buf_addc(into, '\n');
}
