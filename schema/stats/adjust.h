/* Many tests at once: which of them still count. */
#ifndef SCHEMA_STATS_ADJUST_H
#define SCHEMA_STATS_ADJUST_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* Replaces each p by the smallest false discovery rate at which it is still rejected (Benjamini & Hochberg 1995);
 * NAN stays and does not count as a test. ERR_MEMORY. */
int stats_adjust(double *p, size_t count, struct err *err) must_check;

#endif
