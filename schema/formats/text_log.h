/* Outputs that are lines of text, read line by line: what a reader uses it
 * keeps, everything else (prompts, commands, other people's words) is noted as
 * private and never leaves the machine. One reading a text. */
#ifndef SCHEMA_FORMATS_TEXT_LOG_H
#define SCHEMA_FORMATS_TEXT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

struct text_log {
    struct str text;
    struct reading *reading; /* belongs to the list it was added to */
    struct str line;         /* the current one, without blanks at its ends */
    size_t begin, at, kept;
    int number; /* of the line, from 1 */
};
int text_log_open(struct text_log *log, const struct format *format, const struct format_input *input,
                  struct reading_list *into, struct err *err) must_check;
bool text_log_next(struct text_log *log);
/* The current line stays in the original. */
void text_log_keep(struct text_log *log);
/* Marks a part of the text, such as a value within the current line. */
void text_log_private(struct text_log *log, struct str part, enum private_kind kind);
/* The last component of a path, whose folders are marked; the whole text when it is no private path. */
struct str text_log_path(struct text_log *log, struct str path);
/* Marks what was not kept and checks the arena; `nothing` is the problem told when there is no run. */
int text_log_close(struct text_log *log, const char *nothing, struct err *err) must_check;

/* As close, where reading failed with `result`: what was read stays. Returns `result`. */
int text_log_abandon(struct text_log *log, int result) must_check;

/* "label: value" or "label = value": split at the first separator, both trimmed. */
bool text_split(struct str line, char separator, struct str *ret_label, struct str *ret_value);
/* "17.735 ms": the number at the beginning (NAN for nan and inf) and the text behind it. */
bool text_quantity(struct str text, double *ret_number, struct str *ret_unit);
/* The number behind `label` somewhere in a line; false when it is not there. */
bool text_number_after(struct str line, const char *label, double *ret_number);

/* Figures of one metric in a unit; MISSING where nothing is stated. */
struct text_figures {
    double mean, stddev, min, max, median;
    int64_t n;
    enum stddev_kind stddev_kind;
    bool not_finite;
};
#define TEXT_FIGURES                                                                                                   \
    ((struct text_figures){                                                                                            \
        .mean = MISSING, .stddev = MISSING, .min = MISSING, .max = MISSING, .median = MISSING, .n = COUNT_UNKNOWN})
/* Adds a measurement, converted to the catalogue's unit of the metric. `direction` for metrics it does not know. */
struct measurement *text_measure(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                 enum direction direction, const struct text_figures *figures);
/* As text_measure with one stated figure. */
struct measurement *text_measure_one(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                     double value);
const struct measurement *run_find(const struct run *run, const char *metric);

/* Sets model, model_as_given and quantization from what a file calls the model: of a path its last component. */
void reader_set_model(struct reading *reading, struct run *run, struct str given);
/* Says once that the file does not name the chip. */
void reader_tell_no_chip(struct reading *reading);

#endif
