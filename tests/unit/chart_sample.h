/* What tests of charts share: a pen with the fonts of this machine, a random stream, legibility by measurement. */
#ifndef TESTS_UNIT_CHART_SAMPLE_H
#define TESTS_UNIT_CHART_SAMPLE_H

#include <stdint.h>

#include "plot/chart/builder.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"

#define CHART_SAMPLE_FOOTER 2
extern struct draw *chart_sample_pen;
extern const char *const chart_sample_footer[CHART_SAMPLE_FOOTER];

int chart_sample_open_pen(void **state);
int chart_sample_close_pen(void **state);
/* The same numbers from 0 to 1 on every machine. */
void chart_sample_seed(uint64_t seed);
double chart_sample_random(void);

/* No two texts meet, none is outside the margins. Fails the test. */
void chart_sample_assert_legible(const struct chart_layout *layout);
/* The ratio of luminances by WCAG 2. */
double chart_sample_contrast(unsigned a, unsigned b);
size_t chart_sample_count_marks(const struct chart_layout *layout, const char *kind);
size_t chart_sample_count_texts(const struct chart_layout *layout, const char *role);
/* The text of a role by its place among them; fails the test when there is none. */
const struct chart_text *chart_sample_text(const struct chart_layout *layout, const char *role, size_t index);

#endif
