/* Two PNGs packed as one: as libpng reads them, each is what it would be alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "tests/unit/chart_sample.h"

#define SCALE 2.0
#define NEAR 48

static void done_both(struct buf (*files)[2])
{
    buf_done(&(*files)[0]);
    buf_done(&(*files)[1]);
}

static struct chart_layout make_layout(enum chart_theme theme, double height)
{
    const struct chart_colours *colours = chart_colours(theme);
    struct chart_layout layout = {.width = 800, .height = height, .background = colours->background, .title = "Title"};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = colours};

    builder_heading(&builder, "Bandwidth by chip: 60.8 and 126.4 GB/s", "Six words below the title of it");
    for (size_t i = 0; i < 6; i++)
        builder_rect(&builder, "bar", 100, 120 + 40 * (double)i, 250.3 + 31 * (double)i, 20.4, colours->ink);
    return layout;
}

struct px {
    unsigned width, height;
    unsigned char *bytes; /* red, green, blue */
};

static struct px read_png(const struct buf *file)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    struct px px;

    assert_true(png_image_begin_read_from_memory(&image, buf_text(file), file->len));
    image.format = PNG_FORMAT_RGB;
    px = (struct px){image.width, image.height, malloc(PNG_IMAGE_SIZE(image))};
    assert_non_null(px.bytes);
    assert_true(png_image_finish_read(&image, NULL, px.bytes, 0, NULL));
    return px;
}

/* The same but for fringes, and there are few of these. */
static void assert_alike(const struct buf *file, const struct buf *alone)
{
    struct px ours = read_png(file), theirs = read_png(alone);
    size_t count = 3 * (size_t)ours.width * ours.height, differ = 0;

    assert_int_equal(ours.width, theirs.width);
    assert_int_equal(ours.height, theirs.height);
    for (size_t i = 0; i < count; i++) {
        differ += ours.bytes[i] != theirs.bytes[i] ? 1 : 0;
        assert_in_range(abs(ours.bytes[i] - theirs.bytes[i]), 0, NEAR);
    }
    assert_in_range(differ, 0, count / 100);
    free(ours.bytes);
    free(theirs.bytes);
}

static void draw_alone(const struct chart_layout *layout, struct buf *into)
{
    assert_int_equal(draw_png(chart_sample_pen, layout, SCALE, into, NULL), 0);
}

static void assert_same_bytes(const struct buf *a, const struct buf *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(buf_text(a), buf_text(b), a->len);
}

static void test_light_and_dark_share_their_image(void **state)
{
    (void)state;
    struct chart_layout light = make_layout(THEME_LIGHT, 450), dark = make_layout(THEME_DARK, 450);
    struct buf files[2] cleanup(done_both) = {BUF(BUF_MIB), BUF(BUF_MIB)};
    struct buf alone autobuf = BUF(BUF_MIB), dark_alone autobuf = BUF(BUF_MIB);

    assert_int_equal(draw_png_pair(chart_sample_pen, &light, &dark, SCALE, &files[0], &files[1], NULL), 0);
    draw_alone(&light, &alone);
    draw_alone(&dark, &dark_alone);
    assert_alike(&files[0], &alone);
    assert_alike(&files[1], &dark_alone);
    /* Nothing but the palette and its sum differ. */
    assert_int_equal(files[0].len, files[1].len);
    const size_t image = str_find(str_slice(files[0].data, files[0].len), STR("IDAT"), 0);

    assert_int_not_equal(image, SIZE_MAX);
    assert_memory_equal(files[0].data + image, files[1].data + image, files[0].len - image);
    assert_memory_not_equal(files[0].data, files[1].data, image);
    chart_layout_done(&light);
    chart_layout_done(&dark);
}

static void test_other_sizes_are_drawn_apart(void **state)
{
    (void)state;
    struct chart_layout light = make_layout(THEME_LIGHT, 450), dark = make_layout(THEME_DARK, 500);
    struct buf files[2] cleanup(done_both) = {BUF(BUF_MIB), BUF(BUF_MIB)};
    struct buf alone autobuf = BUF(BUF_MIB), dark_alone autobuf = BUF(BUF_MIB);

    assert_int_equal(draw_png_pair(chart_sample_pen, &light, &dark, SCALE, &files[0], &files[1], NULL), 0);
    draw_alone(&light, &alone);
    draw_alone(&dark, &dark_alone);
    assert_same_bytes(&files[0], &alone);
    assert_same_bytes(&files[1], &dark_alone);
    chart_layout_done(&light);
    chart_layout_done(&dark);
}

/* More colours than a palette is made from: both are true colour, and exact. */
static void test_many_colours_are_kept(void **state)
{
    (void)state;
    struct chart_layout light = make_layout(THEME_LIGHT, 450), dark = make_layout(THEME_DARK, 450);
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &light, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    struct buf files[2] cleanup(done_both) = {BUF(8 * BUF_MIB), BUF(8 * BUF_MIB)};
    struct buf alone autobuf = BUF(8 * BUF_MIB), dark_alone autobuf = BUF(8 * BUF_MIB);

    for (unsigned i = 0; i < 150 * 150; i++)
        builder_rect(&builder, "bar", 100 + i % 150, 100 + i / 150, 1, 1, i * 701 & 0xFFFFFF);
    assert_int_equal(draw_png_pair(chart_sample_pen, &light, &dark, SCALE, &files[0], &files[1], NULL), 0);
    draw_alone(&light, &alone);
    draw_alone(&dark, &dark_alone);
    assert_same_bytes(&files[0], &alone);
    assert_same_bytes(&files[1], &dark_alone);
    struct px px = read_png(&files[0]);

    for (unsigned i = 0; i < 150 * 150; i += 77) {
        const unsigned char *at = px.bytes + 3 * ((size_t)(201 + 2 * (i / 150)) * px.width + 201 + 2 * (i % 150));

        assert_int_equal(at[0] << 16 | at[1] << 8 | at[2], i * 701 & 0xFFFFFF);
    }
    free(px.bytes);
    chart_layout_done(&light);
    chart_layout_done(&dark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_light_and_dark_share_their_image),
        cmocka_unit_test(test_other_sizes_are_drawn_apart),
        cmocka_unit_test(test_many_colours_are_kept),
    };

    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
