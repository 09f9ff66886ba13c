/* Sides of a comparison as people name them, and the figures that they have in common.
 *
 * A side is a file, a file with a selection of its own ("b.json:mode=run_onnx"), a selection ("chip=M4,os=macOS 15"),
 * or a value alone ("M4 Max", "b4567", the beginning of a submission's id): the first property that has such a value.
 * Figures pair on everything that describes the work, but for what the sides were chosen by and what, in the work that
 * sides share, is one value on each side and differs between them: that is what is being compared. */
#ifndef ANALYZE_DATA_SIDES_H
#define ANALYZE_DATA_SIDES_H

#include "analyze/data/evidence.h"
#include "analyze/data/facets.h"

#define SIDES_MAX 8

struct draws;

struct side {
    const char *name;  /* as given */
    const char *label; /* short: the name without folders, or a letter where a name is long */
    const char *path;  /* NULL = from the database */
    struct selection selection;
};
struct side_list {
    struct side items[SIDES_MAX];
    size_t count;
    const char *paths[SIDES_MAX]; /* of files, each once */
    size_t path_count;
};

/* Splits the arguments into paths and selections. ERR_USAGE for too many sides, for files beside others. */
int sides_parse(const char *const *arguments, size_t count, struct arena *arena, struct side_list *ret,
                struct err *err) must_check;
/* Finds out what values without a key mean, and that each side has results. ERR_NOTHING with what there is. */
int sides_resolve(const struct result_set *set, struct side_list *sides, struct arena *arena,
                  struct err *err) must_check;
/* A result of the side's file or of the database, that its selection passes; side_has: and that may be compared. */
bool side_covers(const struct result_set *set, const struct side *side, const struct result *result,
                 struct arena *arena);
bool side_has(const struct result_set *set, const struct side *side, const struct result *result, struct arena *arena);

/* Whether two sides are made of the same runs: the same bytes under two names are the same runs. */
enum sides_overlap {
    SIDES_APART,
    SIDES_OVERLAP, /* some runs stand on both */
    SIDES_EQUAL    /* all do */
};
enum sides_overlap sides_overlap(const struct result_set *set, const struct side *a, const struct side *b,
                                 struct arena *arena);

#define SIDE_FACETS_MAX 16

/* What is compared, and one row of it. */
struct side_row {
    const char *facets[SIDE_FACETS_MAX]; /* values of side_rows.facets; "" = not stated */
    const char *metric, *unit;
    enum direction direction;
    struct evidence evidence[SIDES_MAX];
    struct verdict verdicts[SIDES_MAX]; /* of side i against side 0; [0] unused */
};
struct side_rows {
    const char *facets[SIDE_FACETS_MAX]; /* pair the rows and are stated somewhere */
    size_t facet_count;
    const char *compared[SIDE_FACETS_MAX]; /* one value on each side, and they differ */
    const char *compared_values[SIDE_FACETS_MAX][SIDES_MAX];
    size_t compared_count;
    const char *pools[SIDES_MAX]; /* what runs of one figure of the side differ in; NULL = nothing */
    struct side_row *rows;
    size_t row_count;
    size_t only_on[SIDES_MAX]; /* rows that a single side has; they are not in `rows` */
};

/* Rows in the order of their facets; each has a value on at least two sides, and on the first. Verdicts are settled.
 * ERR_NOTHING when the sides have nothing in common, with what they differ in. */
int sides_compare(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                  struct side_rows *ret, struct err *err) must_check;

/* "CUDA, not stated": the values of what is compared, side by side. */
void side_rows_say_compared(const struct side_rows *rows, size_t compared, size_t sides, struct buf *into);
/* Whether this facet tells rows apart. */
bool side_rows_vary(const struct side_rows *rows, size_t facet);

#endif
