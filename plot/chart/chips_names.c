#include "plot/chart/chips.h"
#include "schema/base/str.h"

double chips_draw_legend(struct builder *builder, const struct chips_plan *plan, double y)
{
    static const char *const names[CHART_CATEGORIES] = {"Apple", "AMD", "NVIDIA", "Intel", "Qualcomm", "Other"};
    struct text_style style = {11.5, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    double first = y;
    double x = plan->note_right > 0 ? plan->note_right + 8 : plan->name_right + 10;
    x = builder_is_narrow(builder) ? CHART_LEFT : x;
    for (size_t category = 0; category < CHART_CATEGORIES; category++) {
        if ((plan->groups_seen >> category & 1) == 0) {
            continue;
        }
        if (x + 15 + builder_text_width(builder, names[category], style.size, style.weight) > builder_right(builder)) {
            x = CHART_LEFT;
            y += 17;
        }
        builder_rect(builder, "swatch", x, y - 9, 10, 10, builder->colours->category[category]);
        const struct chart_text *text = builder_text(builder, "legend", names[category], x + 15, y, style);
        x += 15 + text->width + 18;
    }
    return y - first;
}

void chips_draw_names(struct builder *builder, const struct chips_plan *plan)
{
    const struct chart_colours *colours = builder->colours;
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct chips_row *drawn = &plan->rows[i];
        double baseline = drawn->y + plan->style.row / 2 + plan->style.name_size * 0.36;
        if (drawn->row == NULL) {
            struct text_style style = {11, WEIGHT_REGULAR, colours->muted, ANCHOR_START};
            struct chart_text *text =
                builder_text(builder, "gap", drawn->sentence, plan->name_right + 10, baseline, style);
            text->patch = true;
            text->patch_colour = builder->colours->background;
            continue;
        }
        double right = plan->name_right;
        if (drawn->row->variant != NULL) {
            struct text_style style = {chips_variant_size(plan), WEIGHT_REGULAR, colours->muted, ANCHOR_END};
            right -= builder_text(builder, "variant", drawn->row->variant, right, baseline, style)->width + 5;
        }
        struct text_style style = {plan->style.name_size, drawn->row->baseline ? WEIGHT_BOLD : plan->style.name_weight,
                                   colours->ink, ANCHOR_END};
        bars_draw_name(builder, &drawn->drawn, drawn->row->name, right, drawn->y + plan->style.row / 2, style);
        if (plan->note_right > 0 && !text_is_empty(drawn->row->note)) {
            style = (struct text_style){plan->style.note_size, WEIGHT_REGULAR, colours->muted, ANCHOR_END};
            builder_text(builder, "note", drawn->row->note, plan->note_right, baseline, style);
        }
    }
}
