#include "tests/unit/chart_sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

struct draw *chart_sample_pen;
const char *const chart_sample_footer[CHART_SAMPLE_FOOTER] = {"One value per row.",
                                                              "Source: a table of published figures."};
static uint64_t state_of_random;

int chart_sample_open_pen(void **state)
{
    (void)state;
    return draw_new(&chart_sample_pen, NULL);
}

int chart_sample_close_pen(void **state)
{
    (void)state;
    draw_free(chart_sample_pen);
    return 0;
}

void chart_sample_seed(uint64_t seed)
{
    state_of_random = seed * 2862933555777941757U + 3037000493U;
    (void)chart_sample_random();
}

/* Knuth's MMIX generator. */
double chart_sample_random(void)
{
    state_of_random = state_of_random * 6364136223846793005U + 1442695040888963407U;
    return (double)(state_of_random >> 11) / 9007199254740992.0;
}

static double linear(unsigned channel)
{
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double luminance(unsigned colour)
{
    return 0.2126 * linear(colour >> 16 & 0xFF) + 0.7152 * linear(colour >> 8 & 0xFF) + 0.0722 * linear(colour & 0xFF);
}

double chart_sample_contrast(unsigned a, unsigned b)
{
    double light = luminance(a), dark = luminance(b);
    return (fmax(light, dark) + 0.05) / (fmin(light, dark) + 0.05);
}

void chart_sample_assert_legible(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *a = &layout->texts[i];
        if (a->left < CHART_LEFT - 0.5 || a->left + a->width > layout->width - CHART_LEFT + 0.5 || a->top < 0 ||
            a->top + a->height > layout->height) {
            fail_msg("%s \"%s\" is outside: %.1f, %.1f, %.1f wide", a->role, a->text, a->left, a->top, a->width);
        }
        for (size_t k = i + 1; k < layout->text_count; k++) {
            const struct chart_text *b = &layout->texts[k];
            if (a->left + 0.6 < b->left + b->width && b->left + 0.6 < a->left + a->width &&
                a->top + 0.6 < b->top + b->height && b->top + 0.6 < a->top + a->height) {
                fail_msg("%s \"%s\" and %s \"%s\" overlap", a->role, a->text, b->role, b->text);
            }
        }
    }
}

size_t chart_sample_count_marks(const struct chart_layout *layout, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->mark_count; i++) {
        count += text_equal(layout->marks[i].kind, kind);
    }
    return count;
}

size_t chart_sample_count_texts(const struct chart_layout *layout, const char *role)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->text_count; i++) {
        count += text_equal(layout->texts[i].role, role);
    }
    return count;
}

const struct chart_text *chart_sample_text(const struct chart_layout *layout, const char *role, size_t index)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        if (text_equal(layout->texts[i].role, role) && index-- == 0) {
            return &layout->texts[i];
        }
    }
    fail_msg("the chart has no further %s", role);
    return NULL;
}
