#include "plot/chart/bars.h"

#include <math.h>
#include <string.h>

#include "plot/chart/plane.h"
#include "schema/base/str.h"

#define TICKS_MOST 6
#define TICKS_LEAST 3
#define WORTH_FEWER 1.08 /* so much longer must bars be for fewer ticks */
#define BAR_LEAST 10.0   /* px of the longest bar, whatever the labels are */
#define SMALL_SIZE 11.0
#define SMALL_STEP 13.5

struct scale bars_scale(double largest, double x, double width, double limit, double tick_room,
                        const struct bar_label *labels, size_t count)
{
    struct scale best = {0};
    double best_share = -1;
    for (size_t most = TICKS_MOST; most >= TICKS_LEAST; most--) {
        struct scale scale = scale_from_zero(largest, most, x, width);
        for (size_t i = 0; i < count; i++) {
            if (labels[i].end > 0) {
                scale.width = fmin(scale.width, (limit - x - labels[i].width) * (scale.high / labels[i].end));
            }
        }
        scale.width = fmax(scale.width, BAR_LEAST);
        /* Ticks that would meet count for less than bars a little shorter. */
        double share = scale.width / scale.high * (scale.step / scale.high * scale.width < tick_room ? 0.5 : 1);
        if (share > best_share * WORTH_FEWER) {
            best = scale;
            best_share = share;
        }
    }
    return best;
}

struct scale bars_log_scale(double least, double largest, double x, double width, double limit,
                            const struct bar_label *labels, size_t count)
{
    struct plane_axis axis = plane_axis(least, largest, true, 0, 1);
    struct scale scale = {
        .low = axis.low, .high = axis.high, .tick_count = axis.tick_count, .x = x, .width = width, .logarithmic = true};
    memcpy(scale.ticks, axis.ticks, axis.tick_count * sizeof *scale.ticks);
    for (size_t i = 0; i < count; i++) {
        if (labels[i].end > scale.low) {
            double share = log(labels[i].end / scale.low) / log(scale.high / scale.low);
            scale.width = fmin(scale.width, (limit - x - labels[i].width) / share);
        }
    }
    scale.width = fmax(scale.width, BAR_LEAST);
    return scale;
}

struct bar_name bars_fit_name(struct builder *builder, const char *name, double width, double size,
                              enum text_weight weight, size_t most_lines)
{
    struct bar_name fitted = {{name}, 1, size, builder_text_width(builder, name, size, weight)};
    if (fitted.width <= width) {
        return fitted;
    }
    const char *lines[BAR_NAME_LINES];
    most_lines = most_lines < BAR_NAME_LINES ? most_lines : BAR_NAME_LINES;
    size_t count = most_lines > 1 ? builder_wrap(builder, name, width, SMALL_SIZE, weight, lines, most_lines) : 0;
    size_t length = count > 1 ? count - 1 : 0;
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        length += strlen(lines[i]);
        length += strstr(lines[i], "…") != NULL ? strlen(name) : 0;
        widest = fmax(widest, builder_text_width(builder, lines[i], SMALL_SIZE, weight));
    }
    /* All of it and the blanks between, or a line had to be cut. */
    if (count > 0 && length == strlen(name)) {
        fitted.count = count;
        fitted.size = SMALL_SIZE;
        fitted.width = widest;
        memcpy(fitted.lines, lines, count * sizeof *lines);
        return fitted;
    }
    fitted.lines[0] = builder_fit_middle(builder, name, width, size, weight);
    fitted.width = builder_text_width(builder, fitted.lines[0], size, weight);
    return fitted;
}

void bars_draw_name(struct builder *builder, const struct bar_name *name, const char *full_name, double right,
                    double middle, struct text_style style)
{
    style.size = name->size;
    style.anchor = ANCHOR_END;
    for (size_t i = 0; i < name->count; i++) {
        double y = middle + 0.36 * name->size + SMALL_STEP * ((double)i - 0.5 * (double)(name->count - 1));
        struct chart_text *text = builder_text(builder, "name", name->lines[i], right, y, style);
        if (!text_equal(name->lines[i], full_name)) {
            text->full_text = arena_strdup(&builder->layout->arena, full_name);
        }
    }
}
