/* What sbc-bench wrote of a machine into its log: the head, and a table of
 * cores (commands/sbc-bench-header.txt, sbc-bench-cpu-topology.txt). The head
 * also names the host and its users; only system, product and kernel are taken. */
#ifndef SUBMIT_DEVICE_SBC_BENCH_H
#define SUBMIT_DEVICE_SBC_BENCH_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Each adds what is still unknown. */
void sbc_bench_header(struct str text, struct arena *arena, struct device *device);
void sbc_bench_topology(struct str text, struct arena *arena, struct device *device);

#endif
