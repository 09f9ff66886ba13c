/* What every reader of this room needs: text that may be shown, figures of a
 * metric, places in the input, private stretches.
 *
 * Offsets count bytes of the decoded input; readers note private stretches in
 * them, and reader_set_original turns them into offsets of the original. */
#ifndef SCHEMA_FORMATS_READER_H
#define SCHEMA_FORMATS_READER_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* A figure that is not stated. NAN alone is a float, which clang will not turn into a double in silence. */
#define MISSING ((double)NAN)

/* The text without blanks at its ends, with a space for each unsafe character or invalid byte, cut at 200
 * characters; NULL when nothing is left. */
char *reader_text(struct arena *arena, struct str text);
/* As reader_text, cut at `characters`: for lists of names. */
char *reader_long_text(struct arena *arena, struct str text, size_t characters);

/* What a file states about one metric; NAN, COUNT_UNKNOWN and no samples where it states nothing. */
struct stated_figures {
    double mean, stddev;
    bool mean_not_finite;  /* it stated NaN or Infinity */
    int64_t n;             /* when stated; else the number of samples */
    const double *samples; /* NAN for one that was not a number */
    size_t sample_count;
};
#define STATED_FIGURES ((struct stated_figures){.mean = MISSING, .stddev = MISSING, .n = COUNT_UNKNOWN})

/* Adds a measurement of a catalogue metric: figures as stated, the rest computed from the samples. A single
 * sample has no spread (stddev NAN). Flags: not_finite, not_positive, mean_differs (stated mean more than
 * 0.1 % off that of the samples). NULL when the arena failed. */
struct measurement *reader_measure(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                   const struct stated_figures *stated);

/* Walks forward through a text and knows the line. */
struct line_cursor {
    struct str text;
    size_t at;
    int line; /* of `at`, from 1 */
    size_t line_start;
};
struct line_cursor line_cursor(struct str text);
/* Forward only; an offset behind `at` leaves it where it is. */
void line_cursor_move(struct line_cursor *cursor, size_t offset);
int line_cursor_column(const struct line_cursor *cursor);

/* Absolute, or below a home folder: such a path names a person or a machine. Takes / and \, also escaped as in JSON. */
bool reader_path_is_private(struct str path);
/* The folder part of a path without its last separator, and the base name behind it. */
void reader_split_path(struct str path, struct str *ret_folder, struct str *ret_base);
/* Names of fields that would tell who and where; *ret_kind is set when it is one. */
bool reader_name_is_personal(struct str name, enum private_kind *ret_kind);
/* Sets ran_at from RFC 3339, or from a time without zone ("2025-03-09 18:59:02", a T and a fraction allowed); false
 * when the text is neither. */
bool reader_set_time(struct arena *arena, struct run *run, const char *text);

/* Finds in JSON text what must stay: the folders of private paths and the string values of personal members. */
typedef void reader_private_sink(void *context, size_t offset, size_t length, enum private_kind kind);
void reader_find_private(struct str json, reader_private_sink *sink, void *context);
/* The addresses in RPC[host:port], at `offset` of the input. */
void reader_find_addresses(struct str text, size_t offset, reader_private_sink *sink, void *context);

/* What tools write for a number that is none: nan, inf and infinity in either case, with a sign or without. */
bool reader_is_not_finite(struct str text);

/* What redaction put in the place of a private stretch: never a value of its own. */
bool reader_is_placeholder(const char *text);

/* The original is [begin, end) of the input: spans outside are dropped, the others count from its beginning, sorted,
 * without overlap. */
void reader_set_original(struct reading *reading, size_t begin, size_t end);

#endif
