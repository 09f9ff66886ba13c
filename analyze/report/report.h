/* What all parts of a publication look at. Borrows everything. */
#ifndef ANALYZE_REPORT_REPORT_H
#define ANALYZE_REPORT_REPORT_H

#include "analyze/data/comparison.h"
#include "analyze/data/coverage.h"
#include "analyze/data/result_set.h"
#include "schema/base/progress.h"

struct aside;
struct changes;
struct drawn;
struct draws;
struct fingerprint;
struct run_hashes;
struct standing;
struct report {
    const struct result_set *results;
    const struct comparison_set *comparisons;
    const struct coverage *coverage;
    bool baseline_named;             /* by --baseline */
    const char *contact;             /* untrusted: of who publishes; NULL = not stated */
    const struct changes *changes;   /* since the last publication; NULL = it is the first */
    size_t results_most;             /* bytes of RESULTS.md before models get pages of their own; 0 = RESULTS_MOST */
    const char *up;                  /* "../" in a page of models/; NULL = beside RESULTS.md */
    struct progress *progress;       /* NULL = nobody watches */
    struct drawn *drawn;             /* charts that stand already; NULL = all are drawn */
    const struct run_hashes *hashes; /* what the runs are; NULL = no file is kept */
    const struct standing *standing; /* what is in the folder; NULL = not known */
    struct draws *draws;             /* of what is compared; NULL = all of it is resampled */
    struct aside *aside;             /* where bytes lie until they are written; NULL = in memory */
    struct fingerprint *fingerprint; /* asked already; NULL = asked when it is needed */
    bool apart;                      /* tables of data and pages of submissions are made apart (apart.h) */
    size_t workers_most;             /* processes that draw side by side; 0 = as many as processors */
};

#define REPORT_BYTES_MAX ((size_t)64 << 20)
#define DATA_BYTES_MAX ((size_t)4 << 30) /* of one file of data/: some 700 bytes a measurement */

/* "2025-03-09" of a time; "" when unknown. */
#define REPORT_DATE_SIZE 16
const char *report_date(char target[REPORT_DATE_SIZE], int64_t time_us);
/* How many rows of a comparison do not say how many runs they stand for. */
size_t report_rows_without_runs(const struct comparison *comparison);
/* The comparison that speaks for a tool: most rows, then the metric that people ask for first. NO_ROW = none. */
size_t report_headline(const struct report *report, const char *tool);
/* One for each tool, in the order of the tools; `into` has room for as many as there are comparisons. Returns how many. */
size_t report_headlines(const struct report *report, size_t *into);
/* As report_headline over all tools. */
size_t report_headline_of_all(const struct report *report);
/* Name of the files of a comparison, without folder and ending: "llama-2-7b-q4-0-tg128-0a1b2c3d". */
void report_slug(const struct comparison *comparison, struct buf *into);
/* The number of comparisons of this model section begins at `index`: same tool, model, quantisation. */
size_t report_section_end(const struct report *report, size_t index);
/* "Llama 2 7B Q4_0". */
void report_section_title(const struct comparison *comparison, struct buf *into);
/* "1 chip", "2 chips". */
void report_plural(struct buf *into, size_t count, const char *one, const char *many);
/* "; 66 submissions state no time": behind a date that only the others have; nothing when all have one. */
void report_undated(const struct result_set *results, struct buf *into);

#endif
