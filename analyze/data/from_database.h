/* Results from the database of a collector, all of one moment. */
#ifndef ANALYZE_DATA_FROM_DATABASE_H
#define ANALYZE_DATA_FROM_DATABASE_H

#include "analyze/data/result_set.h"

struct database_source {
    const char *uri;         /* --database; NULL = the private cluster */
    const char *data_folder; /* --data; NULL = the default folder */
    const char *account;     /* --user; NULL = the default */
    bool values_only;        /* results without figures but value and n, except where one is alone in its cell */
    void (*progress)(void *context, const char *message);
    void *progress_context;
};

/* The set is finished. Starts and stops the private cluster when no collector runs. A folder without a cluster is
 * ERR_NOTHING. */
int from_database(struct result_set *set, const struct database_source *source, struct err *err) must_check;

#endif
