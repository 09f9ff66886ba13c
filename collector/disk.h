/* How much room the private PostgreSQL still has. It stops for good when its disk is full, also for readers; so the
 * collector takes nothing more while there is still room to read and to clean up. */
#ifndef COLLECTOR_DISK_H
#define COLLECTOR_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/cluster/cluster.h"

#define DISK_LEAST_PERCENT 5

/* True unless the disk of the data or of the write-ahead log has less than `keep_free` bytes or DISK_LEAST_PERCENT
 * free. `keep_free` 0: always true. */
bool disk_has_room(const struct cluster *cluster, uint64_t keep_free);

#endif
