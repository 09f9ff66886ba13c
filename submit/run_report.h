/* The page about a run, made by crosschip-analyze. */
#ifndef SUBMIT_RUN_REPORT_H
#define SUBMIT_RUN_REPORT_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"

/* crosschip-analyze beside this program, else in PATH. ERR_SERVICE when there is none. `ret` lives in the arena. */
int run_report_find(struct arena *arena, const char **ret, struct err *err) must_check;
/* Has `program` write the report of these files into `folder`; relays its error. */
int run_report_make(const char *program, const char *folder, const char *const *paths, size_t count,
                    struct err *err) must_check;

#endif
