#include "schema/base/meanwhile.h"

#include <sched.h>
#include <unistd.h>

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

size_t meanwhile_processors(void)
{
#ifdef __linux__
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        return (size_t)CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);

    return online > 0 ? (size_t)online : 1;
}
