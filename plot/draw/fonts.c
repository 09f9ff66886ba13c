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
#define LINES_MOST 4096 /* a few kB each */

static void free_item(gpointer item)
{
    pango_glyph_item_free(item);
}

static void free_line(gpointer data)
{
    struct fonts_line *line = data;
    g_list_free_full(line->items, free_item);
    g_free(line->text);
    g_free(line);
}

int draw_new(struct draw **ret, struct err *err)
{
    static const PangoWeight weights[] = {PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM, PANGO_WEIGHT_SEMIBOLD,
                                          PANGO_WEIGHT_BOLD};
    struct draw *draw = mem_zalloc(1, sizeof *draw);
    if (draw == NULL) {
        return mem_error(err);
    }
    fonts_configure();
    draw->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_line);
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
    /* Not that of the locale, which would decide about bytes; and digits then share the fonts of Latin letters, each of
     * which the library sorts in threads of its own. */
    pango_context_set_language(draw->context, pango_language_from_string("en"));
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
    g_hash_table_destroy(draw->lines);
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

/* Which way a line reads: as its first letter does. */
static PangoDirection direction_of(const char *text)
{
    static const uint32_t leftwards[][2] = {
        {0x0590, 0x08FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFF}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};
    const char *end = text + strlen(text);
    uint32_t letter;
    for (size_t step; text < end && (step = utf8_decode(text, end, &letter)) > 0; text += step) {
        for (size_t i = 0; i < ARRAY_LENGTH(leftwards) && g_unichar_isalpha(letter); i++) {
            if (letter >= leftwards[i][0] && letter <= leftwards[i][1]) {
                return PANGO_DIRECTION_RTL;
            }
        }
        if (g_unichar_isalpha(letter)) {
            break;
        }
    }
    return PANGO_DIRECTION_LTR;
}

/* Shapes without a PangoLayout, which looks for each font once more, in two further threads, to know how high a line
 * is, and for places to break it. */
static struct fonts_line *new_line(struct draw *draw, const char *text, bool figures, enum text_weight weight)
{
    struct fonts_line *line = g_new0(struct fonts_line, 1);
    PangoAttrList *attributes = figures ? pango_attr_list_ref(draw->figures) : pango_attr_list_new();
    int length = (int)strlen(text);
    pango_context_set_font_description(draw->context, draw->descriptions[weight]);
    GList *logical = pango_itemize_with_base_dir(draw->context, direction_of(text), text, 0, length, attributes, NULL);
    line->text = g_strdup(text);
    line->items = pango_reorder_items(logical);
    g_list_free(logical);
    for (GList *at = line->items; at != NULL; at = at->next) {
        PangoGlyphItem *shaped = g_slice_new0(PangoGlyphItem);
        shaped->item = at->data;
        shaped->glyphs = pango_glyph_string_new();
        pango_shape_full(text + shaped->item->offset, shaped->item->length, text, length, &shaped->item->analysis,
                         shaped->glyphs);
        at->data = shaped;
        line->width += pango_glyph_string_get_width(shaped->glyphs);
        for (int i = 0; i < shaped->glyphs->num_glyphs; i++) {
            line->unknown += (shaped->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 ? 1 : 0;
        }
    }
    pango_attr_list_unref(attributes);
    return line;
}

static void note_missing(struct draw *draw, const struct fonts_line *line)
{
    const char *text = line->text, *end = text + strlen(text);
    uint32_t code_point;
    for (size_t step; line->unknown > 0 && text < end && (step = utf8_decode(text, end, &code_point)) > 0;
         text += step) {
        char name[16], single[8] = "";
        memcpy(single, text, step);
        struct fonts_line *alone = new_line(draw, single, false, WEIGHT_REGULAR);
        bool unknown = alone->unknown > 0;
        free_line(alone);
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

const struct fonts_line *fonts_line(struct draw *draw, const char *text, double size, enum text_weight weight)
{
    bool figures = fonts_are_figures(text, size);
    GString *key = g_string_sized_new(64);
    g_string_append_c(key, (gchar)('0' + (int)weight * 2 + figures));
    g_string_append(key, text);
    struct fonts_line *line = g_hash_table_lookup(draw->lines, key->str);
    if (line != NULL) {
        g_string_free(key, TRUE);
        return line;
    }
    if (g_hash_table_size(draw->lines) >= LINES_MOST) {
        g_hash_table_remove_all(draw->lines);
    }
    line = new_line(draw, text, figures, weight);
    note_missing(draw, line);
    g_hash_table_insert(draw->lines, g_string_free(key, FALSE), line);
    return line;
}

static double measure_width(void *context, const char *text, double size, enum text_weight weight)
{
    return (double)fonts_line(context, text, size, weight)->width / PANGO_SCALE * (size / FONTS_SIZE);
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
