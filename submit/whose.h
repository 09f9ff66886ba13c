/* Whether a benchmark's output is from this machine: what it says about its machine, against what this one is. */
#ifndef SUBMIT_WHOSE_H
#define SUBMIT_WHOSE_H

#include <stdbool.h>

#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* True when nothing that the reading says about its machine contradicts `local`: chips, counts of cores and threads,
 * memory, board, system, and the backends that it ran on. */
bool whose_is_local(const struct reading *reading, const struct device *local);
/* True when the reading marks a host in `text` (the input that it was read from) that is neither `own` (the name of
 * this host) nor an address of this machine's own. */
bool whose_names_other_host(const struct reading *reading, struct str text, const char *own);
/* True when a text begins with the head of a mail: what stands in it was measured by whoever wrote it. */
bool whose_is_mail(struct str text);

#endif
