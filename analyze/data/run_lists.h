/* Where the runs of each chip, or of each version of a tool, stand among all results: many pages look at the runs of
 * two of them only. */
#ifndef ANALYZE_DATA_RUN_LISTS_H
#define ANALYZE_DATA_RUN_LISTS_H

#include "analyze/data/names.h"
#include "analyze/data/result_set.h"
#include "analyze/data/run_hashes.h"

struct run_lists {
    struct arena arena;
    const struct result_set *set; /* borrowed */
    struct names names;           /* of the lists */
    uint32_t *first;       /* results that begin a run: of one list after another, each in the order of the set */
    size_t *ends;          /* of each list in `first` */
    struct sha256 *hashes; /* of each list: what its runs are, one after another; NULL: not asked for */
};
void run_lists_done(struct run_lists *lists);
#define autorunlists cleanup(run_lists_done)

/* What list a run is on. */
typedef void run_list_name(const struct set_run *run, struct buf *into);
void run_list_chip(const struct set_run *run, struct buf *into);
void run_list_version(const struct set_run *run, struct buf *into);

/* After result_set_finish. `hashes` of the same set; NULL: the lists have none. */
int run_lists_make(const struct result_set *set, const struct run_hashes *hashes, run_list_name *name,
                   struct run_lists *ret, struct err *err) must_check;
/* The number of a list; NAMES_NONE where there is none. */
size_t run_lists_find(const struct run_lists *lists, const char *name);
/* The results that begin its runs, in the order of the set. */
const uint32_t *run_lists_runs(const struct run_lists *lists, size_t list, size_t *ret_count);
/* What the runs of a list are; zeros for a list that is not there. False when the lists have no hashes. */
bool run_lists_hash(const struct run_lists *lists, const char *name, struct sha256 *ret);

#endif
