/* What has been measured and what is missing: chips × models.
 *
 * The chips are those measured, and from the catalogue those of the same generations: what a reader
 * would look for beside them. Gaps are ranked: generation absent, chip absent, fewer than six runs or
 * none stated, one device only. */
#ifndef ANALYZE_DATA_COVERAGE_H
#define ANALYZE_DATA_COVERAGE_H

#include "analyze/data/comparison.h"
#include "analyze/data/names.h"
#include "schema/catalog/catalog.h"

enum gap_kind { GAP_GENERATION, GAP_CHIP, GAP_RUNS, GAP_DEVICES, GAP_OLD, GAP_NONE };

struct coverage_column {
    const char *tool, *model, *quantization;
};
struct coverage_row {
    const char *chip;
    const struct chip *entry; /* any variant; NULL = not in the catalogue */
    size_t family;            /* equal for chips of one vendor, family and kind */
    const char *generation;
    bool measured;
};
struct coverage_cell {
    size_t devices; /* 0 = not measured */
    int64_t runs;   /* COUNT_UNKNOWN */
    int64_t newest_us;
    bool asked; /* belongs to a generation that this column has or lacks: worth asking for */
};
struct coverage_gap {
    enum gap_kind kind;
    size_t column;
    const char *what;     /* generation or chip */
    const char *examples; /* chips of an absent generation; NULL */
    size_t row;           /* of the chip of that name; NAMES_NONE */
};
struct coverage {
    struct arena arena;
    struct coverage_column *columns;
    size_t column_count;
    struct coverage_row *rows; /* natural chip order */
    size_t row_count;
    struct names chips;          /* by the number of their row */
    struct coverage_cell *cells; /* row by row */
    struct coverage_gap *gaps;   /* ranked */
    size_t gap_count;
};
void coverage_done(struct coverage *coverage);
#define autocoverage cleanup(coverage_done)

/* The row of a chip; NAMES_NONE when there is none. */
size_t coverage_row_of(const struct coverage *coverage, const char *chip);
const char *gap_kind_words(enum gap_kind kind);
int coverage_compute(const struct comparison_set *comparisons, int64_t as_of_us, struct coverage *ret,
                     struct err *err) must_check;

#endif
