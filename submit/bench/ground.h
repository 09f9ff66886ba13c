/* The memory that all parts of the benchmark use one after another: its pages are made once. */
#ifndef SUBMIT_BENCH_GROUND_H
#define SUBMIT_BENCH_GROUND_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "submit/device/root.h"

struct ground {
    unsigned char *bytes; /* aligned to a page; large pages where the system has them */
    size_t size;
};

int ground_open(size_t size, struct ground *ret, struct err *err) must_check;
void ground_close(struct ground *ground);

/* Bytes of all last-level caches of the online CPUs together; 0 when nothing tells. */
size_t caches_last_bytes(const struct root *root);

#endif
