#include "submit/watch/watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "schema/base/clock.h"

struct watch {
    struct root root;
    watch_each *each;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, running;
    int64_t began_us;
    double cpu_before_s;
    struct watched watched;
};

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* CPU time of this process and of the children that it has waited for. */
static double own_cpu_s(void)
{
    struct rusage self = {0}, children = {0};
    (void)getrusage(RUSAGE_SELF, &self);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    return seconds_of(self.ru_utime) + seconds_of(self.ru_stime) + seconds_of(children.ru_utime) +
           seconds_of(children.ru_stime);
}

static double watched_for(const struct watch *watch)
{
    return (double)(clock_monotonic_us() - watch->began_us) * 1e-6;
}

static void sample(struct watch *watch)
{
    struct conditions now = watch->watched.before;
    conditions_read_changing(&watch->root, DEVICE_PLATFORM_UNSET, &now);
    watched_add(&watch->watched, &now);
    if (watch->each != NULL)
        watch->each(watch->context, watched_for(watch), &now);
}

/* Once each whole second after the start, however long a reading takes. */
static void *serve(void *argument)
{
    struct watch *watch = argument;
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    (void)pthread_mutex_lock(&watch->lock);
    while (!watch->stopping) {
        at.tv_sec++;
        int r = 0;
        while (!watch->stopping && r != ETIMEDOUT)
            r = pthread_cond_timedwait(&watch->wake, &watch->lock, &at);
        if (watch->stopping)
            break;
        (void)pthread_mutex_unlock(&watch->lock);
        sample(watch);
        (void)pthread_mutex_lock(&watch->lock);
    }
    (void)pthread_mutex_unlock(&watch->lock);
    return NULL;
}

int watch_start(const struct root *root, watch_each *each, void *context, struct watch **ret, struct err *err)
{
    struct watch *watch = mem_zalloc(1, sizeof(*watch));
    struct conditions before;
    if (watch == NULL)
        return mem_error(err);
    watch->root = root != NULL ? *root : (struct root){.live = true};
    watch->each = each;
    watch->context = context;
    (void)pthread_mutex_init(&watch->lock, NULL);
    (void)pthread_cond_init(&watch->wake, NULL);
    conditions_read(&watch->root, DEVICE_PLATFORM_UNSET, &before);
    watch->watched = watched_begin(&before);
    watch->began_us = clock_monotonic_us();
    watch->cpu_before_s = own_cpu_s();
    const int reason = pthread_create(&watch->thread, NULL, serve, watch);
    if (reason != 0) {
        watch_free(watch);
        return err_set_errno(err, ERR_SERVICE, reason, "a thread that watches the machine cannot be started");
    }
    watch->running = true;
    *ret = watch;
    return 0;
}

void watch_stop(struct watch *watch)
{
    struct conditions after;
    if (watch == NULL || !watch->running)
        return;
    (void)pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    (void)pthread_cond_signal(&watch->wake);
    (void)pthread_mutex_unlock(&watch->lock);
    (void)pthread_join(watch->thread, NULL);
    watch->running = false;
    const double seconds = watched_for(watch), cpu_s = own_cpu_s() - watch->cpu_before_s;
    conditions_read(&watch->root, DEVICE_PLATFORM_UNSET, &after);
    watched_end(&watch->watched, &after, seconds, cpu_s);
}

void watch_free(struct watch *watch)
{
    if (watch == NULL)
        return;
    watch_stop(watch);
    (void)pthread_mutex_destroy(&watch->lock);
    (void)pthread_cond_destroy(&watch->wake);
    free(watch);
}

void watch_free_cleanup(struct watch **watch)
{
    watch_free(*watch);
}

void watch_parameters(const struct watch *watch, struct arena *arena, struct parameter_list *into)
{
    watched_parameters(&watch->watched, arena, into);
}
