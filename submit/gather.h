/* Arguments to files: a folder gives all files below it, a pattern that the shell left alone what it matches. */
#ifndef SUBMIT_GATHER_H
#define SUBMIT_GATHER_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"

struct gathered {
    const char *path;
    bool named; /* stands on the command line itself: then it must be readable, while others may be anything */
};
struct gathered_list {
    struct arena arena;
    struct gathered *items;
    size_t count, capacity;
};
void gathered_done(struct gathered_list *list);
/* In the order of the arguments, below a folder in the order of the names; hidden files, links and what is no file are
 * left out. Without an argument: "-". -ERR_NOT_FOUND for a folder or a pattern that gives none. */
int gather_files(const struct invocation *invocation, struct gathered_list *ret, struct err *err) must_check;

#endif
