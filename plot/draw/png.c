/* Our own palette in front of libpng: charts have few true colours and many fringes of antialiasing.
 * A palette PNG is encoded several times faster than true colour and is smaller. */
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "plot/draw/picture.h"
#include "schema/base/mem.h"

#define TABLE_SIZE 65536        /* slots of the hash of colours; a chart has a few thousand */
#define PALETTE_MAX 256
#define EXACT_MAX 48            /* the most frequent colours stay exact; the others are rounded */

struct colour_count {
    uint32_t colour;        /* + 1, so that 0 is an empty slot */
    uint32_t count;
};
struct palette {
    png_color colours[PALETTE_MAX];
    int size;
    uint32_t exact[EXACT_MAX];
    size_t exact_count;
    uint32_t mask;          /* of the rounded colours */
    int16_t *index;         /* TABLE_SIZE: palette index by hash slot of the drawn colour */
    uint32_t *keys;         /* TABLE_SIZE: colour + 1 */
};

static size_t hash_slot(uint32_t colour)
{
    return (colour * 2654435761U >> 16) & (TABLE_SIZE - 1);
}

/* Counts colours; false when there are too many for the table (then true colour is written). */
static bool count_colours(const struct picture *picture, struct colour_count *table)
{
    size_t used = 0;
    for (size_t y = 0; y < picture->height; y++) {
        const uint32_t *row = picture->rows + y * picture->stride;
        for (size_t x = 0; x < picture->width;) {
            uint32_t colour = row[x] & 0xFFFFFF;
            size_t run = 1;
            while (x + run < picture->width && (row[x + run] & 0xFFFFFF) == colour) {
                run++;
            }
            size_t slot = hash_slot(colour);
            while (table[slot].colour != 0 && table[slot].colour != colour + 1) {
                slot = (slot + 1) & (TABLE_SIZE - 1);
            }
            if (table[slot].colour == 0 && ++used > TABLE_SIZE / 2) {
                return false;
            }
            table[slot].colour = colour + 1;
            table[slot].count += (uint32_t)run;
            x += run;
        }
    }
    return true;
}

/* Most frequent first, ties by colour: the same picture gives the same palette. */
static int by_count(const void *a, const void *b)
{
    const struct colour_count *left = a, *right = b;
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return left->colour < right->colour ? -1 : left->colour > right->colour;
}

static bool is_exact(const struct palette *palette, uint32_t colour)
{
    for (size_t i = 0; i < palette->exact_count; i++) {
        if (palette->exact[i] == colour) {
            return true;
        }
    }
    return false;
}

/* A rounded colour stands in the middle of what it stands for. */
static uint32_t rounded(const struct palette *palette, uint32_t colour)
{
    return is_exact(palette, colour) ? colour : (colour & palette->mask) | (~palette->mask & 0x7F7F7F & 0xFFFFFF) >> 1;
}

static int palette_find(struct palette *palette, uint32_t colour)
{
    png_color wanted = {.red = (png_byte)(colour >> 16), .green = (png_byte)(colour >> 8), .blue = (png_byte)colour};
    for (int i = 0; i < palette->size; i++) {
        if (memcmp(&palette->colours[i], &wanted, sizeof wanted) == 0) {
            return i;
        }
    }
    if (palette->size == PALETTE_MAX) {
        return -1;
    }
    palette->colours[palette->size] = wanted;
    return palette->size++;
}

static bool fill_palette(struct palette *palette, const struct colour_count *sorted, size_t count, uint32_t mask,
                         size_t exact)
{
    palette->size = 0;
    palette->mask = mask;
    palette->exact_count = 0;
    memset(palette->keys, 0, TABLE_SIZE * sizeof *palette->keys);
    for (size_t i = 0; i < exact && i < count; i++) {
        palette->exact[palette->exact_count++] = sorted[i].colour - 1;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t colour = sorted[i].colour - 1;
        int index = palette_find(palette, mask == 0xFFFFFF ? colour : rounded(palette, colour));
        if (index < 0) {
            return false;
        }
        size_t slot = hash_slot(colour);
        while (palette->keys[slot] != 0) {
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        palette->keys[slot] = colour + 1;
        palette->index[slot] = (int16_t)index;
    }
    return true;
}

/* Finds the finest rounding that needs at most 256 colours. */
static bool make_palette(const struct picture *picture, struct palette *palette)
{
    static const uint32_t masks[] = {0xFFFFFF, 0xFCFCFC, 0xF8F8F8, 0xF0F0F0, 0xE0E0E0};
    autofree struct colour_count *table = mem_zalloc(TABLE_SIZE, sizeof *table);
    if (table == NULL || palette->index == NULL || palette->keys == NULL || !count_colours(picture, table)) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (table[i].colour != 0) {
            table[count++] = table[i];
        }
    }
    qsort(table, count, sizeof *table, by_count);
    for (size_t i = 0; i < ARRAY_LENGTH(masks); i++) {
        if (fill_palette(palette, table, count, masks[i], i == 0 ? 0 : EXACT_MAX)) {
            return true;
        }
    }
    return false;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t length)
{
    buf_add(png_get_io_ptr(png), bytes, length);
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static void fail(png_structp png, png_const_charp message)
{
    (void)message;
    longjmp(*png_set_longjmp_fn(png, longjmp, sizeof(jmp_buf)), 1);
}

static void warn_nothing(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void write_facts(png_structp png, png_infop info, const struct picture_facts *facts)
{
    png_uint_32 per_metre = (png_uint_32)(96 * facts->scale / 0.0254 + 0.5);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_text texts[2];
    memset(texts, 0, sizeof texts);
    const char *const keys[] = {"Title", "Description"};
    const char *const values[] = {facts->title, facts->description};
    int count = 0;
    for (size_t i = 0; i < 2; i++) {
        if (values[i] == NULL) {
            continue;
        }
        texts[count].compression = PNG_ITXT_COMPRESSION_NONE;
        /* libpng's struct is not const-correct; it copies both. */
        texts[count].key = (png_charp)(uintptr_t)keys[i];
        texts[count].text = (png_charp)(uintptr_t)values[i];
        texts[count].itxt_length = strlen(values[i]);
        count++;
    }
    png_set_text(png, info, texts, count);
}

static png_byte palette_index(const struct palette *palette, uint32_t colour)
{
    size_t slot = hash_slot(colour);
    while (palette->keys[slot] != colour + 1) {
        slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    return (png_byte)palette->index[slot];
}

static void palette_row(const struct palette *palette, const uint32_t *row, size_t width, png_byte *line)
{
    for (size_t x = 0; x < width; x++) {
        line[x] = x > 0 && row[x] == row[x - 1] ? line[x - 1] : palette_index(palette, row[x] & 0xFFFFFF);
    }
}

static void colour_row(const uint32_t *row, size_t width, png_byte *line)
{
    for (size_t x = 0; x < width; x++) {
        line[3 * x] = (png_byte)(row[x] >> 16);
        line[3 * x + 1] = (png_byte)(row[x] >> 8);
        line[3 * x + 2] = (png_byte)row[x];
    }
}

static void write_image(png_structp png, png_infop info, const struct picture *picture,
                        const struct palette *palette, png_byte *line)
{
    bool indexed = palette->size > 0;
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
                 indexed ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (indexed) {
        png_set_PLTE(png, info, palette->colours, palette->size);
    }
    png_set_filter(png, PNG_FILTER_TYPE_BASE, indexed ? PNG_FILTER_NONE : PNG_FILTER_UP);
    png_set_compression_level(png, 3);
    png_write_info(png, info);
    for (size_t y = 0; y < picture->height; y++) {
        const uint32_t *row = picture->rows + y * picture->stride;
        if (indexed) {
            palette_row(palette, row, picture->width, line);
        } else {
            colour_row(row, picture->width, line);
        }
        png_write_row(png, line);
    }
    png_write_end(png, NULL);
}

int picture_write_png(const struct picture *picture, const struct picture_facts *facts, struct buf *into,
                      struct err *err)
{
    struct palette palette = {.index = mem_zalloc(TABLE_SIZE, sizeof *palette.index),
                              .keys = mem_zalloc(TABLE_SIZE, sizeof *palette.keys)};
    png_byte *line = mem_zalloc(picture->width, 3);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, warn_nothing);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    int result = 0;
    if (!make_palette(picture, &palette)) {
        palette.size = 0;
    }
    if (line == NULL || info == NULL) {
        result = mem_error(err);
    } else if (setjmp(*png_set_longjmp_fn(png, longjmp, sizeof(jmp_buf))) != 0) {
        result = err_set(err, ERR_INTERNAL, "the PNG library refused the picture");
    } else {
        png_set_write_fn(png, into, write_bytes, flush_nothing);
        write_facts(png, info, facts);
        write_image(png, info, picture, &palette, line);
        result = buf_check(into, err);
    }
    png_destroy_write_struct(&png, &info);
    free(line);
    free(palette.index);
    free(palette.keys);
    return result;
}
