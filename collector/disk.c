#include "collector/disk.h"

#include <sys/statvfs.h>

#include "schema/base/mem.h"

/* What cannot be looked at is not held against anybody: PostgreSQL will tell. */
static bool path_has_room(const char *path, uint64_t keep_free)
{
    struct statvfs status;
    if (path == NULL || statvfs(path, &status) != 0 || status.f_blocks == 0) {
        return true;
    }
    const uint64_t unit = status.f_frsize, available = unit * status.f_bavail, all = unit * status.f_blocks;
    return available >= keep_free && available / DISK_LEAST_PERCENT >= all / 100;
}

bool disk_has_room(const struct cluster *cluster, uint64_t keep_free)
{
    if (keep_free == 0) {
        return true;
    }
    /* People move the log to a disk of its own. */
    autofree char *log = mem_printf("%s/pgdata/pg_wal", cluster_folder(cluster));
    return path_has_room(cluster_folder(cluster), keep_free) && path_has_room(log, keep_free);
}
