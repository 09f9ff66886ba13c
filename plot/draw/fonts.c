#include "plot/draw/fonts.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plot/draw/draw.h"
#include "schema/base/str.h"

#define LARGE_SIZE 20.0
#define LAYOUTS_MOST 4096 /* a few kB each */

int draw_new(struct draw **ret, struct err *err)
{
    static const PangoWeight weights[] = {PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM, PANGO_WEIGHT_SEMIBOLD,
                                          PANGO_WEIGHT_BOLD};
    struct draw *draw = mem_zalloc(1, sizeof *draw);
    if (draw == NULL) {
        return mem_error(err);
    }
    draw->layouts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref);
    draw->missing = BUF(1024);
    draw->fingerprint = BUF(4096);
    draw->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (draw->map == NULL) {
        draw_free(draw);
        return err_set(err, ERR_SERVICE, "the text library has no FreeType fonts");
    }
    /* One logical px is one unit: 96 dpi, and sizes are given absolutely. */
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(draw->map), 96);
    draw->context = pango_font_map_create_context(draw->map);
    draw->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(draw->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(draw->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(draw->options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(draw->context, draw->options);
    pango_context_set_round_glyph_positions(draw->context, FALSE);
    draw->figures = pango_attr_list_new();
    pango_attr_list_insert(draw->figures, pango_attr_font_features_new("tnum=1, cv11=0"));
    for (size_t i = 0; i < ARRAY_LENGTH(weights); i++) {
        draw->descriptions[i] = pango_font_description_from_string(FONT_FAMILIES);
        pango_font_description_set_weight(draw->descriptions[i], weights[i]);
        pango_font_description_set_absolute_size(draw->descriptions[i], FONTS_SIZE * PANGO_SCALE);
    }
    *ret = draw;
    return 0;
}

void draw_free(struct draw *draw)
{
    if (draw == NULL) {
        return;
    }
    g_hash_table_destroy(draw->layouts);
    for (size_t i = 0; i < ARRAY_LENGTH(draw->descriptions); i++) {
        pango_font_description_free(draw->descriptions[i]);
    }
    if (draw->figures != NULL) {
        pango_attr_list_unref(draw->figures);
    }
    if (draw->options != NULL) {
        cairo_font_options_destroy(draw->options);
    }
    if (draw->context != NULL) {
        g_object_unref(draw->context);
    }
    if (draw->map != NULL) {
        g_object_unref(draw->map);
    }
    buf_done(&draw->missing);
    buf_done(&draw->fingerprint);
    free(draw);
}

void draw_free_cleanup(struct draw **draw)
{
    draw_free(*draw);
}

static void note_missing(struct draw *draw, PangoLayout *layout)
{
    if (pango_layout_get_unknown_glyphs_count(layout) == 0) {
        return;
    }
    const char *text = pango_layout_get_text(layout);
    const char *end = text + strlen(text);
    uint32_t code_point;
    for (size_t step; text < end && (step = utf8_decode(text, end, &code_point)) > 0; text += step) {
        char name[16];
        PangoLayout *single = pango_layout_new(draw->context);
        pango_layout_set_font_description(single, draw->descriptions[WEIGHT_REGULAR]);
        pango_layout_set_text(single, text, (int)step);
        bool unknown = pango_layout_get_unknown_glyphs_count(single) > 0;
        g_object_unref(single);
        g_snprintf(name, sizeof name, "U+%04X", (unsigned)code_point);
        bool latin = (code_point >= '0' && code_point <= '9') || (code_point >= 'A' && code_point <= 'Z') ||
                     (code_point >= 'a' && code_point <= 'z');
        draw->no_fonts |= unknown && latin;
        if (unknown && strstr(buf_text(&draw->missing), name) == NULL) {
            buf_addf(&draw->missing, "%s%s", draw->missing.len > 0 ? " " : "", name);
        }
    }
}

bool fonts_are_figures(const char *text, double size)
{
    for (; size < LARGE_SIZE && *text != '\0'; text++) {
        if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')) {
            return false;
        }
    }
    return size < LARGE_SIZE;
}

static PangoLayout *new_layout(struct draw *draw, const char *text, bool figures, enum text_weight weight)
{
    PangoLayout *layout = pango_layout_new(draw->context);
    pango_layout_set_font_description(layout, draw->descriptions[weight]);
    if (figures) {
        pango_layout_set_attributes(layout, draw->figures);
    }
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

PangoLayout *fonts_layout(struct draw *draw, const char *text, double size, enum text_weight weight)
{
    bool figures = fonts_are_figures(text, size);
    GString *key = g_string_sized_new(64);
    g_string_append_c(key, (gchar)('0' + (int)weight * 2 + figures));
    g_string_append(key, text);
    PangoLayout *layout = g_hash_table_lookup(draw->layouts, key->str);
    if (layout != NULL) {
        g_string_free(key, TRUE);
        return layout;
    }
    if (g_hash_table_size(draw->layouts) >= LAYOUTS_MOST) {
        g_hash_table_remove_all(draw->layouts);
    }
    layout = new_layout(draw, text, figures, weight);
    note_missing(draw, layout);
    g_hash_table_insert(draw->layouts, g_string_free(key, FALSE), layout);
    return layout;
}

static double measure_width(void *context, const char *text, double size, enum text_weight weight)
{
    int width = 0;
    pango_layout_get_size(fonts_layout(context, text, size, weight), &width, NULL);
    return (double)width / PANGO_SCALE * (size / FONTS_SIZE);
}

struct text_measure draw_measure(struct draw *draw)
{
    return (struct text_measure){.width = measure_width, .context = draw};
}

bool draw_has_fonts(const struct draw *draw)
{
    return !draw->no_fonts;
}

const char *draw_missing_glyphs(const struct draw *draw)
{
    return draw->missing.len > 0 ? buf_text(&draw->missing) : NULL;
}

static void add_font(struct draw *draw, enum text_weight weight)
{
    PangoFont *font = pango_context_load_font(draw->context, draw->descriptions[weight]);
    if (font == NULL || !PANGO_IS_FC_FONT(font)) {
        return;
    }
    FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
    FcChar8 *name = NULL;
    int version = 0;
    if (FcPatternGetString(pattern, FC_FULLNAME, 0, &name) == FcResultMatch) {
        FcPatternGetInteger(pattern, FC_FONTVERSION, 0, &version);
        buf_addf(&draw->fingerprint, "%s %.3f; ", (const char *)name, version / 65536.0);
    }
    g_object_unref(font);
}

const char *draw_fingerprint(struct draw *draw)
{
    if (draw->fingerprint.len == 0) {
        for (enum text_weight weight = WEIGHT_REGULAR; weight <= WEIGHT_BOLD; weight++) {
            add_font(draw, weight);
        }
        buf_addf(&draw->fingerprint, "cairo %s; pango %s", cairo_version_string(), pango_version_string());
    }
    return buf_text(&draw->fingerprint);
}
