/* One budget of memory for everything that strangers make the collector hold: bodies being received, documents being
 * read, rows that wait, answers that are fetched. Whoever holds bytes has taken them from it; what does not fit is
 * refused for now. Any thread. */
#ifndef COLLECTOR_INTAKE_BUDGET_H
#define COLLECTOR_INTAKE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"

struct budget {
    atomic_size_t used;
    size_t most;
};

/* False, and nothing taken, when so many bytes do not fit. */
static inline bool budget_take(struct budget *budget, size_t bytes)
{
    if (atomic_fetch_add(&budget->used, bytes) + bytes > budget->most) {
        atomic_fetch_sub(&budget->used, bytes);
        return false;
    }
    return true;
}

static inline void budget_give(struct budget *budget, size_t bytes)
{
    atomic_fetch_sub(&budget->used, bytes);
}

#endif
