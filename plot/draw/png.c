/* A palette of our own: charts have few true colours and many fringes of antialiasing. A palette PNG is encoded several
 * times faster than true colour and is smaller. libdeflate packs its rows, in half the time that zlib takes for as
 * small a file (a chart of 1.1 million px: level 6 3.8 ms and 66,576 bytes, zlib's level 4 6.6 ms and 69,628), libpng
 * writes the chunks. */
#include <libdeflate.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "plot/draw/picture.h"
#include "schema/base/mem.h"

#define TABLE_SIZE 32768 /* slots of the hash of colours; a chart has a few thousand */
#define COLOURS_MAX (TABLE_SIZE / 2)
#define PALETTE_MAX 256
#define PALETTE_USUAL 64           /* more would make the file larger by what nobody sees */
#define PALETTE_SURE 24            /* colours that are taken as they are */
#define HARM_UNSEEN 80000          /* px × squared distance: a hundred px that are off by 28 of 255 */
#define RUN_LEAST 4                /* px side by side of one colour: an area, no fringe of a letter */
#define AREA_LEAST 32              /* px of such runs */
#define BLOCK 8                    /* px */
#define AREAS_MANY 40              /* colours with areas that the usual palette has places for */
#define LEVEL 4                    /* of zlib, for pictures of true colour */
#define PALETTE_LEVEL 6            /* of libdeflate, for those of a palette */
#define PACKED_MAX (512 * BUF_MIB) /* more than what the largest picture could take */
#define FILTER_NONE 0
#define FILTER_UP 2

struct colour_count {
    uint64_t colour; /* of the first picture; 24 bits above it of the second */
    uint32_t count;
    uint32_t flat;   /* of them in areas */
    uint32_t number; /* in the order in which they were found */
};
/* Px of one colour side by side. */
struct run {
    uint32_t colour, length; /* its number */
};
struct palette {
    int size;
    uint64_t exact[PALETTE_MAX];
    struct colour_count *colours; /* the drawn ones */
    size_t count, capacity;
    uint16_t *table;  /* TABLE_SIZE: 1 + the number of a colour, by its hash; 0 = free */
    uint8_t *index;   /* COLOURS_MAX: palette index by number of the colour */
    struct run *runs; /* of the rows that differ from the one above, in order */
    size_t run_count, run_capacity;
};

static size_t hash_slot(uint64_t colour)
{
    return (size_t)(colour * 0x9E3779B97F4A7C15U >> 32) & (TABLE_SIZE - 1);
}

static bool same_rows(const uint32_t *rows, const struct picture *picture, size_t y, size_t other)
{
    return memcmp(rows + y * picture->stride, rows + other * picture->stride, picture->width * sizeof *rows) == 0;
}

/* Rows from y on that are the same: between texts and edges a chart repeats itself. */
static size_t rows_alike(const struct picture *picture, size_t y)
{
    size_t count = 1;
    while (y + count < picture->height && same_rows(picture->rows, picture, y, y + count) &&
           (picture->twin == NULL || same_rows(picture->twin, picture, y, y + count))) {
        count++;
    }
    return count;
}

/* A colour, new or known; NULL when there are too many, or memory is short. */
static struct colour_count *find_colour(struct palette *palette, uint64_t colour)
{
    size_t slot = hash_slot(colour);
    while (palette->table[slot] != 0 && palette->colours[palette->table[slot] - 1].colour != colour) {
        slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    if (palette->table[slot] != 0) {
        return &palette->colours[palette->table[slot] - 1];
    }
    if (palette->count == COLOURS_MAX ||
        mem_grow(&palette->colours, &palette->capacity, palette->count + 1, sizeof *palette->colours) < 0) {
        return NULL;
    }
    struct colour_count *found = &palette->colours[palette->count];
    *found = (struct colour_count){.colour = colour, .number = (uint32_t)palette->count};
    palette->table[slot] = (uint16_t)++palette->count;
    return found;
}

/* How many px from the first one on have its colour. Blocks are compared without a branch, several px at once. */
static size_t same_colour(const uint32_t *px, size_t most)
{
    size_t end = 1;
    for (uint32_t differ = 0; end + BLOCK <= most; end += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            differ |= px[end + i] ^ px[0];
        }
        if (differ != 0) {
            break;
        }
    }
    while (end < most && px[end] == px[0]) {
        end++;
    }
    return end;
}

/* The px at x that have the colour of the first one. `twin`: NULL, or has the same colours too. */
static size_t run_length(const uint32_t *row, const uint32_t *twin, size_t x, size_t width)
{
    size_t length = same_colour(row + x, width - x);
    return twin == NULL || length == 1 ? length : same_colour(twin + x, length);
}

static bool add_run(struct palette *palette, uint32_t colour, size_t length)
{
    if (palette->run_count == palette->run_capacity &&
        mem_grow(&palette->runs, &palette->run_capacity, palette->run_count + 1, sizeof *palette->runs) < 0) {
        return false;
    }
    palette->runs[palette->run_count++] = (struct run){colour, (uint32_t)length};
    return true;
}

/* Counts colours and notes their runs; false when there are too many for the table (then true colour is written). */
static bool count_colours(const struct picture *picture, const uint32_t *alike, struct palette *palette)
{
    for (size_t y = 0; y < picture->height; y += alike[y]) {
        const uint32_t *row = picture->rows + y * picture->stride;
        const uint32_t *twin = picture->twin == NULL ? NULL : picture->twin + y * picture->stride;
        for (size_t x = 0, run; x < picture->width; x += run) {
            uint64_t other = twin == NULL ? 0 : twin[x] & 0xFFFFFF;
            struct colour_count *colour = find_colour(palette, (row[x] & 0xFFFFFF) | other << 24);
            run = run_length(row, twin, x, picture->width);
            if (colour == NULL || !add_run(palette, colour->number, run)) {
                return false;
            }
            colour->count += (uint32_t)run * alike[y];
            colour->flat += run >= RUN_LEAST ? (uint32_t)run * alike[y] : 0;
        }
    }
    return true;
}

static bool is_area(const struct colour_count *colour)
{
    return colour->flat >= AREA_LEAST;
}

/* Areas first, which show a wrong colour most, then fringes; in both the most frequent first, ties by colour: the same
 * picture gives the same palette. */
static int by_count(const void *a, const void *b)
{
    const struct colour_count *left = a, *right = b;
    if (is_area(left) != is_area(right)) {
        return is_area(left) ? -1 : 1;
    }
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return left->colour < right->colour ? -1 : left->colour > right->colour;
}

static uint32_t channel(uint64_t colour, int shift)
{
    return colour >> shift & 0xFF;
}

static uint32_t distance(uint64_t a, uint64_t b)
{
    uint32_t sum = 0;
    for (int shift = 0; shift < 48; shift += 8) {
        int away = (int)channel(a, shift) - (int)channel(b, shift);
        sum += (uint32_t)(away * away);
    }
    return sum;
}

static void palette_add(struct palette *palette, uint64_t colour)
{
    palette->exact[palette->size++] = colour;
}

/* All places of a palette for a picture with many coloured areas, such as a heat map. */
static int colours_wanted(const struct colour_count *sorted, size_t count)
{
    size_t areas = 0;
    for (size_t i = 0; i < count; i++) {
        areas += is_area(&sorted[i]) ? 1 : 0;
    }
    return areas > AREAS_MANY ? PALETTE_MAX : PALETTE_USUAL;
}

/* The colours from `first` on are shown by the one that was added last where it is nearer than those before. */
static void show_nearest(struct palette *palette, const struct colour_count *sorted, size_t first, size_t count,
                         uint32_t *missed)
{
    uint64_t added = palette->exact[palette->size - 1];
    for (size_t i = first; i < count; i++) {
        uint32_t away = distance(sorted[i].colour, added);
        if (away < missed[i]) {
            missed[i] = away;
            palette->index[sorted[i].number] = (uint8_t)(palette->size - 1);
        }
    }
}

/* The first colours as they are; then, one by one, the colour that the palette would miss most (px × squared
 * distance), so that a small patch of a rare colour keeps it. */
static void choose_colours(struct palette *palette, const struct colour_count *sorted, size_t count, uint32_t *missed)
{
    int most_colours = colours_wanted(sorted, count);
    bool usual = most_colours == PALETTE_USUAL;
    size_t sure = usual ? PALETTE_SURE : (size_t)most_colours * 3 / 4;
    size_t frequent = count <= (size_t)most_colours ? count : sure;
    for (size_t i = frequent; i < count; i++) {
        missed[i] = UINT32_MAX;
    }
    for (size_t i = 0; i < frequent; i++) {
        palette->index[sorted[i].number] = (uint8_t)i;
        palette_add(palette, sorted[i].colour);
        show_nearest(palette, sorted, frequent, count, missed);
    }
    while (palette->size < most_colours && frequent < count) {
        size_t worst = frequent;
        uint64_t most = 0;
        for (size_t i = frequent; i < count; i++) {
            uint64_t harm = (uint64_t)missed[i] * sorted[i].count;
            if (harm > most) {
                most = harm;
                worst = i;
            }
        }
        if (most <= (usual ? HARM_UNSEEN : 0)) {
            return;
        }
        palette_add(palette, sorted[worst].colour);
        show_nearest(palette, sorted, frequent, count, missed);
    }
}

/* False when the picture has too many colours (a photograph) or memory is short: then true colour is written. */
static bool make_palette(const struct picture *picture, const uint32_t *alike, struct palette *palette)
{
    palette->table = mem_zalloc(TABLE_SIZE, sizeof *palette->table);
    palette->index = mem_zalloc(COLOURS_MAX, sizeof *palette->index);
    if (palette->table == NULL || palette->index == NULL || !count_colours(picture, alike, palette)) {
        return false;
    }
    autofree uint32_t *missed = mem_zalloc(palette->count, sizeof *missed);
    if (missed == NULL) {
        return false;
    }
    /* From here on a colour is found by its number alone, in `index`. */
    if (palette->count > 1) {
        qsort(palette->colours, palette->count, sizeof *palette->colours, by_count);
    }
    choose_colours(palette, palette->colours, palette->count, missed);
    return true;
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

/* The rows as they are packed: a row like the one above is nothing but zeros as its difference. */
static void fill_rows(const struct picture *picture, const uint32_t *alike, const struct palette *palette,
                      uint8_t *bytes)
{
    const struct run *run = palette->runs;
    for (size_t y = 0, same; y < picture->height; y += same) {
        same = alike[y];
        *bytes++ = FILTER_NONE;
        for (size_t x = 0; x < picture->width; x += run->length, bytes += run->length, run++) {
            memset(bytes, palette->index[run->colour], run->length);
        }
        for (size_t i = 1; i < same; i++) {
            *bytes++ = FILTER_UP;
            memset(bytes, 0, picture->width);
            bytes += picture->width;
        }
    }
}

static int pack_bytes(const uint8_t *bytes, size_t length, struct buf *into, struct err *err)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(PALETTE_LEVEL);
    if (compressor == NULL) {
        return mem_error(err);
    }
    buf_reserve(into, libdeflate_zlib_compress_bound(compressor, length));
    if (into->data != NULL) {
        into->len = libdeflate_zlib_compress(compressor, bytes, length, into->data, into->capacity - 1);
        into->data[into->len] = '\0';
    }
    libdeflate_free_compressor(compressor);
    return into->len == 0 ? mem_error(err) : buf_check(into, err);
}

static int pack_rows(const struct picture *picture, const uint32_t *alike, const struct palette *palette,
                     struct buf *into, struct err *err)
{
    size_t length = (picture->width + 1) * picture->height;
    autofree uint8_t *bytes = mem_zalloc(picture->height, picture->width + 1);
    if (bytes == NULL) {
        return mem_error(err);
    }
    fill_rows(picture, alike, palette, bytes);
    return pack_bytes(bytes, length, into, err);
}

/* All that stands before the image; `shift` of the colours of this picture. */
static void write_head(png_structp png, png_infop info, const struct picture *picture,
                       const struct picture_facts *facts, const struct palette *palette, int shift)
{
    png_color colours[PALETTE_MAX];
    write_facts(png, info, facts);
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
                 palette->size > 0 ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    for (int i = 0; i < palette->size; i++) {
        colours[i] = (png_color){.red = (png_byte)channel(palette->exact[i], shift + 16),
                                 .green = (png_byte)channel(palette->exact[i], shift + 8),
                                 .blue = (png_byte)channel(palette->exact[i], shift)};
    }
    if (palette->size > 0) {
        png_set_PLTE(png, info, colours, palette->size);
    }
    png_write_info(png, info);
}

/* libpng would pack by itself, so that it gets the chunks only; it must not end what it has not begun. */
static void write_packed(png_structp png, const struct buf *packed)
{
    png_write_chunk(png, (png_const_bytep) "IDAT", (png_const_bytep)buf_text(packed), packed->len);
    png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
}

static void write_colours(png_structp png, const struct picture *picture, png_byte *line)
{
    for (size_t y = 0; y < picture->height; y++) {
        const uint32_t *row = picture->rows + y * picture->stride;
        for (size_t x = 0; x < picture->width; x++) {
            line[3 * x] = (png_byte)(row[x] >> 16);
            line[3 * x + 1] = (png_byte)(row[x] >> 8);
            line[3 * x + 2] = (png_byte)row[x];
        }
        png_write_row(png, line);
    }
    png_write_end(png, NULL);
}

/* Of what a picture consists while it is written. */
struct writing {
    const struct picture *picture;
    const struct picture_facts *facts;
    struct palette palette; /* empty: true colour is written */
    struct buf packed;      /* the image of the picture and of its twin */
    png_byte *line;
};

/* The file of one picture; `shift` of its colours. */
static int write_file(const struct writing *writing, int shift, struct buf *into, struct err *err)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail, warn_nothing);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    int result = 0;
    if (info == NULL) {
        result = mem_error(err);
    } else if (setjmp(*png_set_longjmp_fn(png, longjmp, sizeof(jmp_buf))) != 0) {
        result = err_set(err, ERR_INTERNAL, "the PNG library refused the picture");
    } else {
        png_set_write_fn(png, into, write_bytes, flush_nothing);
        png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
        png_set_compression_level(png, LEVEL);
        write_head(png, info, writing->picture, writing->facts, &writing->palette, shift);
        if (writing->palette.size > 0) {
            write_packed(png, &writing->packed);
        } else {
            write_colours(png, writing->picture, writing->line);
        }
        result = buf_check(into, err);
    }
    png_destroy_write_struct(&png, &info);
    return result;
}

static int write_apart(const struct picture *picture, const struct picture_facts *facts, struct buf *into,
                       struct buf *twin_into, struct err *err)
{
    struct picture one = *picture;
    one.twin = NULL;
    int result = picture_write_png(&one, facts, into, NULL, err);
    one.rows = picture->twin;
    return result < 0 ? result : picture_write_png(&one, facts, twin_into, NULL, err);
}

static int write_both(struct writing *writing, const uint32_t *alike, struct buf *into, struct buf *twin_into,
                      struct err *err)
{
    int result = pack_rows(writing->picture, alike, &writing->palette, &writing->packed, err);
    if (result == 0) {
        result = write_file(writing, 0, into, err);
    }
    return result < 0 || writing->picture->twin == NULL ? result : write_file(writing, 24, twin_into, err);
}

int picture_write_png(const struct picture *picture, const struct picture_facts *facts, struct buf *into,
                      struct buf *twin_into, struct err *err)
{
    autofree png_byte *line = mem_zalloc(picture->width, 3);
    autofree uint32_t *alike = mem_zalloc(picture->height, sizeof *alike);
    struct writing writing = {.picture = picture, .facts = facts, .line = line, .packed = BUF(PACKED_MAX)};
    int result = 0;
    if (line == NULL || alike == NULL) {
        return mem_error(err);
    }
    for (size_t y = 0; y < picture->height; y += alike[y]) {
        alike[y] = (uint32_t)rows_alike(picture, y);
    }
    if (make_palette(picture, alike, &writing.palette)) {
        result = write_both(&writing, alike, into, twin_into, err);
    } else if (picture->twin != NULL) {
        result = write_apart(picture, facts, into, twin_into, err);
    } else {
        writing.palette.size = 0;
        result = write_file(&writing, 0, into, err);
    }
    buf_done(&writing.packed);
    free(writing.palette.index);
    free(writing.palette.table);
    free(writing.palette.colours);
    free(writing.palette.runs);
    return result;
}
