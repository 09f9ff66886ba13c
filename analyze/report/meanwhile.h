/* Work that a thread does while this one goes on: it touches nothing that is used meanwhile. Where there is no thread
 * it is done at once. */
#ifndef ANALYZE_REPORT_MEANWHILE_H
#define ANALYZE_REPORT_MEANWHILE_H

#include <pthread.h>
#include <stdbool.h>

#include "schema/base/attributes.h"

struct meanwhile {
    pthread_t thread;
    bool running;
    void (*work)(void *context);
    void *context; /* borrowed until meanwhile_end */
};
void meanwhile_begin(struct meanwhile *meanwhile, void (*work)(void *context), void *context);
/* Waits until it is done. */
void meanwhile_end(struct meanwhile *meanwhile);
#define automeanwhile cleanup(meanwhile_end)

#endif
