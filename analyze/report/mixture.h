/* Where a source put figures of two models under one name. */
#ifndef ANALYZE_REPORT_MIXTURE_H
#define ANALYZE_REPORT_MIXTURE_H

#include "analyze/data/result_set.h"
#include "schema/base/buf.h"

struct mixture {
    const char *tool, *model;
    size_t runs, same_times, same_bandwidths;
    const char *other_model;          /* of the times; NULL = found nowhere */
    double least, greatest, expected; /* GB: bandwidth × time of the runs, and what the model has; NAN = not known */
};
struct mixtures {
    struct mixture *items;
    size_t count;
};
/* How a document writes: what stands around strong words, and its encoders of untrusted text. */
struct mixture_writer {
    const char *strong, *end;
    void (*code)(struct buf *into, const char *untrusted);
    void (*text)(struct buf *into, const char *untrusted);
};

/* One for every tool and model whose quarantined runs break bandwidth × time = bytes. Borrows names of the set. */
int mixtures_find(const struct result_set *set, struct arena *arena, struct mixtures *ret, struct err *err) must_check;
/* The one that a finding is about; NULL = none. */
const struct mixture *mixture_of(const struct mixtures *mixtures, const struct result_set *set,
                                 const struct set_finding *finding);
/* A paragraph: the range that came out, what the model has, and under which other model of the accepted results the
 * same times stand. */
void mixture_write(const struct mixture *mixture, const struct mixture_writer *writer, struct buf *into);

#endif
