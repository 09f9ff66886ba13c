/* More than one mode? Hartigan's dip. Definition: dip.c. */
#ifndef SCHEMA_STATS_DIP_H
#define SCHEMA_STATS_DIP_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* The dip of a sample: between 1/(2n) and 1/4. `sorted` in ascending order, finite. 0 when there are no values;
 * ERR_MEMORY. */
int stats_dip(const double *sorted, size_t count, double *ret, struct err *err) must_check;

#define DIP_DRAWS 999
#define DIP_DRAWN_MOST 400 /* larger samples are compared by √n · dip, which hardly changes any more */

struct dip_test {
    double dip;
    double p; /* the chance that values with one mode dip so far; steps of 1/1000 */
};

int stats_dip_test(const double *sorted, size_t count, uint64_t seed, struct dip_test *ret, struct err *err) must_check;

#endif
