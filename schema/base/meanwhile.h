/* Work that a thread does while this one goes on: it touches nothing that is used meanwhile. Where there is no thread
 * it is done at once. */
#ifndef SCHEMA_BASE_MEANWHILE_H
#define SCHEMA_BASE_MEANWHILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

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

/* How many processors this process may use; 1 where the system does not say. */
size_t meanwhile_processors(void);

#endif
