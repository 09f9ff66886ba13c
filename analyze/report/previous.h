/* The publication that stands in a folder, as far as its data/ tells: what the next one is compared with.
 *
 * Comparing only where the submissions or their states differ keeps "same data, same bytes": a publication of other
 * data keeps the figures and submissions that it was compared with as data/previous-*.ndjson, and publishing the same
 * data again compares with those. A first publication has none. */
#ifndef ANALYZE_REPORT_PREVIOUS_H
#define ANALYZE_REPORT_PREVIOUS_H

#include "analyze/report/report.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

/* What names a figure: the first columns of data/figures.*, in their order. */
enum figure_field {
    FIELD_TOOL,
    FIELD_MODEL,
    FIELD_QUANTIZATION,
    FIELD_TASK,
    FIELD_MODE,
    FIELD_CATEGORY,
    FIELD_PARAMETERS,
    FIELD_RUN_VARIANT,
    FIELD_CHIP,
    FIELD_VARIANT,
    FIELD_CHIP_COUNT,
    FIELD_BACKEND,
    FIELD_METRIC,
    FIELD_COUNT
};
struct previous_figure {
    const char *fields[FIELD_COUNT]; /* "" = not stated */
    const char *unit;                /* "" = none */
    const char *key;                 /* the fields, joined */
    double value, low, high;         /* the interval: NAN = none */
};
struct previous_submission {
    const char *id;
    bool counted;
};
struct previous {
    struct arena arena;
    struct previous_figure *figures; /* by key */
    size_t figure_count, figure_capacity;
    struct previous_submission *submissions; /* by id */
    size_t submission_count, submission_capacity;
    bool kept;                     /* by the publication of the same submissions: they are published again */
    char newest[REPORT_DATE_SIZE]; /* date of its data; "" = without dates */
    struct buf figures_text, submissions_text; /* the files, to keep beside the next publication */
};
void previous_done(struct previous *previous);

#define PREVIOUS_FIGURES "data/previous-figures.ndjson"
#define PREVIOUS_SUBMISSIONS "data/previous-submissions.ndjson"

/* What is in the folder, read ahead: it takes a while. */
struct previous_ahead {
    const char *folder; /* borrowed */
    struct previous previous;
    bool there;
    int status;
    struct err err;
};
void previous_ahead_done(struct previous_ahead *ahead);
#define autopreviousahead cleanup(previous_ahead_done)
/* `context`: a struct previous_ahead with its folder. */
void previous_look(void *context);

/* Sets *ret_any where the folder holds one with other submissions than `submissions`, the new data/submissions.ndjson,
 * or kept one. `ahead`: after previous_look; what it read is taken. -ERR_DATA with the file and line where a file is
 * not as publications write it. */
int previous_read(struct previous_ahead *ahead, struct str submissions, struct previous *ret, bool *ret_any,
                  struct err *err) must_check;
const struct previous_figure *previous_find(const struct previous *previous, const char *key);
/* Whether that publication counted the submission. */
bool previous_counted(const struct previous *previous, const char *id);
/* The key of a current figure. */
void previous_key(const struct comparison *comparison, size_t row, size_t metric, struct buf *into);

#endif
