/* Reading benchmark outputs in tests: from C strings and from files. */
#ifndef TESTS_UNIT_FORMATS_SAMPLE_H
#define TESTS_UNIT_FORMATS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/formats/formats.h"

#define CORPUS "../shared/corpus/"

struct sample {
    char *text; /* decoded */
    size_t length;
    const struct format *format; /* NULL: not recognised */
    struct reading_list readings;
    int result;
    struct err err;
};
void sample_done(struct sample *sample);
#define autosample cleanup(sample_done)

/* Decodes and reads bytes; `format` NULL = detect. */
struct sample sample_of(const char *bytes, size_t length, const char *format);
struct sample sample_text(const char *text);
/* False when the file is not there. */
bool sample_file(const char *path, struct sample *ret);
/* FORMAT/FILE of tests/data/fuzz/formats; fails the test when it is not read. */
struct sample sample_seed(const char *name);

/* Run `index` of all readings in order; fails the test when there is none. */
const struct run *sample_run(const struct sample *sample, size_t index);
size_t sample_run_count(const struct sample *sample);
/* Measurement of that name; fails the test when the run has none. */
const struct measurement *sample_metric(const struct run *run, const char *metric);
/* Number of a parameter; fails the test when it is missing. */
double sample_number(const struct parameter_list *list, const char *name);
const char *sample_word(const struct parameter_list *list, const char *name);
bool sample_has_problem(const struct sample *sample, const char *part);

/* Equal to the last bit, or both NAN. */
void expect_number(double got, double wanted);
/* Reads the redacted original of each reading again: the runs must be the same. */
void expect_same_after_redaction(const struct sample *sample);

#endif
