#include "analyze/report/meanwhile.h"

#include <stddef.h>

static void *run(void *context)
{
    const struct meanwhile *meanwhile = context;

    meanwhile->work(meanwhile->context);
    return NULL;
}

void meanwhile_begin(struct meanwhile *meanwhile, void (*work)(void *context), void *context)
{
    *meanwhile = (struct meanwhile){.work = work, .context = context};
    meanwhile->running = pthread_create(&meanwhile->thread, NULL, run, meanwhile) == 0;
    if (!meanwhile->running)
        work(context);
}

void meanwhile_end(struct meanwhile *meanwhile)
{
    if (meanwhile->running)
        (void)pthread_join(meanwhile->thread, NULL);
    meanwhile->running = false;
}
