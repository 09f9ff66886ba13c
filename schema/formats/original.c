#include "schema/formats/original.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/formats.h"

static void differs(struct original_check *check, const char *format, ...) printf_like(2, 3);

/* The first difference speaks for all. */
static void differs(struct original_check *check, const char *format, ...)
{
    va_list arguments;
    if (check->verdict == ORIGINAL_DIFFERS) {
        return;
    }
    check->verdict = ORIGINAL_DIFFERS;
    va_start(arguments, format);
    (void)vsnprintf(check->what, sizeof check->what, format, arguments);
    va_end(arguments);
}

/* A bundle holds no infinite figures: they are missing there. */
static bool same(double stated, double read)
{
    return isfinite(stated) ? isfinite(read) && number_equal(stated, read) : !isfinite(read);
}

static const char *figure(char target[NUMBER_TEXT_SIZE], double value)
{
    return isfinite(value) ? number_shortest(target, value) : "missing";
}

static const char *unit_of(const struct measurement *m)
{
    return m->unit != NULL ? m->unit : "";
}

static void compare_samples(struct original_check *check, size_t run, const struct measurement *stated,
                            const struct measurement *read)
{
    char one[NUMBER_TEXT_SIZE], other[NUMBER_TEXT_SIZE];
    if (stated->sample_count != read->sample_count) {
        differs(check, "runs[%zu] %s: %zu samples, %zu in the original", run, stated->metric, stated->sample_count,
                read->sample_count);
        return;
    }
    for (size_t i = 0; i < stated->sample_count; i++) {
        if (!same(stated->samples[i], read->samples[i])) {
            differs(check, "runs[%zu] %s: sample %zu is %s, %s in the original", run, stated->metric, i + 1,
                    figure(one, stated->samples[i]), figure(other, read->samples[i]));
            return;
        }
    }
}

static void compare_measurement(struct original_check *check, size_t run, const struct measurement *stated,
                                const struct measurement *read)
{
    const struct {
        const char *name;
        double stated, read;
    } figures[] = {
        {"mean", stated->mean, read->mean},       {"stddev", stated->stddev, read->stddev},
        {"min", stated->min, read->min},          {"max", stated->max, read->max},
        {"median", stated->median, read->median}, {"n", (double)stated->n, (double)read->n},
    };
    char one[NUMBER_TEXT_SIZE], other[NUMBER_TEXT_SIZE];
    if (!text_equal(stated->metric, read->metric) || !text_equal(unit_of(stated), unit_of(read))) {
        differs(check, "runs[%zu]: %s in %s, %s in %s in the original", run, stated->metric, unit_of(stated),
                read->metric, unit_of(read));
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        if (!same(figures[i].stated, figures[i].read)) {
            differs(check, "runs[%zu] %s: %s is %s, %s in the original", run, stated->metric, figures[i].name,
                    figure(one, figures[i].stated), figure(other, figures[i].read));
            return;
        }
    }
    compare_samples(check, run, stated, read);
}

/* The chip that the original names may be spelled otherwise, but not be another one; their number only where it names
 * one: a description of the system beside the file may state both. */
static void compare_chips(struct original_check *check, size_t index, const char *stated_name, const struct run *stated,
                          const char *read_name, const struct run *read)
{
    struct chip_match stated_chip, read_chip;
    if (read_name == NULL) {
        return;
    }
    if (stated->chip_count != read->chip_count) {
        differs(check, "runs[%zu]: %lld chips, %lld in the original", index, (long long)stated->chip_count,
                (long long)read->chip_count);
        return;
    }
    if (stated_name == NULL || text_equal(stated_name, read_name)) {
        return;
    }
    catalog_match_chip(stated_name, NULL, &stated_chip);
    catalog_match_chip(read_name, NULL, &read_chip);
    if (stated_chip.chip != NULL && read_chip.chip != NULL && !text_equal(stated_chip.chip, read_chip.chip)) {
        differs(check, "runs[%zu]: %s, %s in the original", index, stated_chip.chip, read_chip.chip);
    }
}

static const char *variant_of(const struct run *run)
{
    return text_is_empty(run->variant) ? "alone" : run->variant;
}

static void compare_runs(struct original_check *check, const struct reading *stated, const struct reading *read)
{
    if (stated->run_count != read->run_count) {
        differs(check, "%zu runs, %zu in the original", stated->run_count, read->run_count);
        return;
    }
    for (size_t i = 0; i < stated->run_count; i++) {
        const struct run *one = &stated->runs[i], *other = &read->runs[i];
        if (one->measurement_count != other->measurement_count) {
            differs(check, "runs[%zu]: %zu metrics, %zu in the original", i, one->measurement_count,
                    other->measurement_count);
            return;
        }
        if (!text_equal(variant_of(one), variant_of(other))) {
            differs(check, "runs[%zu]: %s, %s in the original", i, variant_of(one), variant_of(other));
        }
        compare_chips(check, i, reading_chip_name(stated, one), one, reading_chip_name(read, other), other);
        for (size_t m = 0; m < one->measurement_count; m++) {
            compare_measurement(check, i, &one->measurements[m], &other->measurements[m]);
        }
    }
}

int original_check(const struct bundle *bundle, struct original_check *ret, struct err *err)
{
    autoreadings struct reading_list list = {0};
    const struct format *format = NULL;
    const struct reading *stated = bundle->reading;
    const bool named = stated->format != NULL && formats_by_name(stated->format) != NULL;
    struct err why;
    *ret = (struct original_check){.verdict = ORIGINAL_NOT_READ};
    if (bundle->original.text.data == NULL) {
        return 0;
    }
    const int code = formats_read(NULL, bundle->original.text, named ? stated->format : NULL, &format, &list, &why);
    if (code == -ERR_MEMORY) {
        return mem_error(err);
    }
    if (code != 0 && !named) {
        return 0;
    }
    if (code != 0) {
        differs(ret, "the original cannot be read: %s", why.text);
        return 0;
    }
    ret->verdict = ORIGINAL_AGREES;
    ret->reader_version = format->version;
    if (list.count != 1) {
        differs(ret, "the original holds %zu documents", list.count);
        return 0;
    }
    if (bundle_fit(list.items[0], &why) != 0) {
        return mem_error(err);
    }
    compare_runs(ret, stated, list.items[0]);
    return 0;
}
