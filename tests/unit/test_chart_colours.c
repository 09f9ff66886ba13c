/* The palette for readers who see fewer colours: the least difference between two categories (CIE 1976, D65) as seen
 * with full protanopia, deuteranopia and tritanopia by the matrices of Machado, Oliveira and Fernandes (2009, severity
 * 1.0, on linear RGB); and contrasts by WCAG 2 against both backgrounds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "tests/unit/chart_sample.h"

static const double sights[][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
};
static const char *const names[] = {"usual", "protan", "deutan", "tritan"};

static double linear(unsigned channel)
{
    double share = (channel & 0xFF) / 255.0;
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double lab_part(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void to_lab(unsigned colour, const double sight[3][3], double lab[3])
{
    const double seen[3] = {linear(colour >> 16), linear(colour >> 8), linear(colour)};
    double rgb[3], x, y, z;
    for (size_t i = 0; i < 3; i++) {
        rgb[i] = sight[i][0] * seen[0] + sight[i][1] * seen[1] + sight[i][2] * seen[2];
        rgb[i] = fmin(fmax(rgb[i], 0), 1);
    }
    x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
    y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
    z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;
    lab[0] = 116 * lab_part(y) - 16;
    lab[1] = 500 * (lab_part(x) - lab_part(y));
    lab[2] = 200 * (lab_part(y) - lab_part(z));
}

static double least_difference(enum chart_theme theme, size_t categories, size_t sight)
{
    const struct chart_colours *colours = chart_colours(theme);
    double least = (double)INFINITY;
    for (size_t i = 0; i < categories; i++) {
        for (size_t k = i + 1; k < categories; k++) {
            double a[3], b[3];
            to_lab(colours->category[i], sights[sight], a);
            to_lab(colours->category[k], sights[sight], b);
            least = fmin(least, sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)));
        }
    }
    return least;
}

static void test_categories_stay_apart_for_all_eyes(void **state)
{
    (void)state;
    for (size_t sight = 0; sight < 4; sight++) {
        double light = least_difference(THEME_LIGHT, 6, sight), dark = least_difference(THEME_DARK, 5, sight);
        print_message("# %s: light %.1f, dark %.1f\n", names[sight], light, dark);
        /* 17 and 20 in whole numbers. */
        if (light < 16.9 || dark < 20) {
            fail_msg("%s: the least difference is %.1f in light, %.1f in dark", names[sight], light, dark);
        }
    }
}

static void test_texts_are_legible_on_their_background(void **state)
{
    (void)state;
    for (enum chart_theme theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const struct chart_colours *colours = chart_colours(theme);
        const unsigned texts[] = {colours->ink, colours->text, colours->muted};
        for (size_t i = 0; i < 3; i++) {
            assert_true(chart_sample_contrast(texts[i], colours->background) >= 4.5);
            assert_true(chart_sample_contrast(texts[i], colours->band) >= 4.5);
        }
        for (size_t i = 0; i < CHART_CATEGORIES; i++) {
            assert_true(chart_sample_contrast(colours->category_text[i], colours->background) >= 4.5);
            /* Marks need 3 (WCAG 2.2, 1.4.11). */
            assert_true(chart_sample_contrast(colours->category[i], colours->background) >= 3);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_categories_stay_apart_for_all_eyes),
        cmocka_unit_test(test_texts_are_legible_on_their_background),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
