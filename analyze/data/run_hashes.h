/* What each run of a result set is, as a hash: what is made of the same runs is the same.
 *
 * A hash covers all that is known of the run, its submission and its measurements. It leaves out only what follows from
 * other runs (ranks): their order shows in the order of the results. */
#ifndef ANALYZE_DATA_RUN_HASHES_H
#define ANALYZE_DATA_RUN_HASHES_H

#include "analyze/data/result_set.h"
#include "schema/proof/hash.h"

#define RUN_HASH_BYTES 16 /* the first of the SHA-256; ten million measurements are two million runs */

struct run_hash {
    unsigned char bytes[RUN_HASH_BYTES];
};
struct run_hashes {
    struct run_hash *items; /* of the runs in the order of their results, which stand together */
    size_t count, capacity;
};
void run_hashes_done(struct run_hashes *hashes);
#define autorunhashes cleanup(run_hashes_done)

/* After result_set_finish. */
int run_hashes_find(const struct result_set *set, struct run_hashes *ret, struct err *err) must_check;
/* Whether a result is the first of its run. */
bool run_begins(const struct result_set *set, size_t result);
/* One more run: equal hashes in the end are equal runs in the same order. Begins with zeros. */
void run_hash_fold(struct sha256 *chain, const struct run_hash *hash);

#endif
