#include "submit/bench/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "schema/base/mem.h"

/* Looks for new work so often before it sleeps: runs follow each other at once. */
#define SPINS 2000

struct member {
    _Alignas(128) atomic_size_t next; /* item of its share */
    size_t end;
    struct team *team;
    size_t index;
    pthread_t thread;
    bool started;
};

struct team {
    struct member *members;
    size_t size;
    team_work *work;
    void *context;
    size_t grain;
    bool help;
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    atomic_uint round;     /* changes with every run */
    atomic_size_t working; /* members that are not done, without the caller */
    bool closing;
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void work_on(struct team *team, size_t member, struct member *share)
{
    for (;;) {
        const size_t begin = atomic_fetch_add_explicit(&share->next, team->grain, memory_order_relaxed);
        if (begin >= share->end)
            return;
        team->work(team->context, member, begin, share->end - begin < team->grain ? share->end : begin + team->grain);
    }
}

static void take_part(struct team *team, size_t member)
{
    work_on(team, member, &team->members[member]);
    for (size_t i = 1; team->help && i < team->size; i++)
        work_on(team, member, &team->members[(member + i) % team->size]);
}

static bool wait_for_round(struct team *team, unsigned *round)
{
    for (int i = 0; i < SPINS && atomic_load(&team->round) == *round; i++)
        relax();
    bool closing = false;
    if (atomic_load(&team->round) == *round) {
        (void)pthread_mutex_lock(&team->lock);
        while (atomic_load(&team->round) == *round)
            (void)pthread_cond_wait(&team->begin, &team->lock);
        (void)pthread_mutex_unlock(&team->lock);
    }
    *round = atomic_load(&team->round);
    (void)pthread_mutex_lock(&team->lock);
    closing = team->closing;
    (void)pthread_mutex_unlock(&team->lock);
    return !closing;
}

static void *serve(void *argument)
{
    struct member *member = argument;
    struct team *team = member->team;
    unsigned round = 0;
    while (wait_for_round(team, &round)) {
        take_part(team, member->index);
        if (atomic_fetch_sub(&team->working, 1) == 1) {
            (void)pthread_mutex_lock(&team->lock);
            (void)pthread_cond_signal(&team->end);
            (void)pthread_mutex_unlock(&team->lock);
        }
    }
    return NULL;
}

static void next_round(struct team *team, bool closing)
{
    (void)pthread_mutex_lock(&team->lock);
    team->closing = closing;
    atomic_store(&team->working, team->size - 1);
    (void)atomic_fetch_add(&team->round, 1);
    (void)pthread_cond_broadcast(&team->begin);
    (void)pthread_mutex_unlock(&team->lock);
}

void team_close(struct team *team)
{
    if (team == NULL)
        return;
    next_round(team, true);
    for (size_t i = 1; i < team->size; i++)
        if (team->members[i].started)
            (void)pthread_join(team->members[i].thread, NULL);
    (void)pthread_cond_destroy(&team->begin);
    (void)pthread_cond_destroy(&team->end);
    (void)pthread_mutex_destroy(&team->lock);
    free(team->members);
    free(team);
}

void team_close_cleanup(struct team **team)
{
    team_close(*team);
}

int team_open(size_t size, struct team **ret, struct err *err)
{
    struct team *team = mem_zalloc(1, sizeof *team);
    if (team == NULL)
        return mem_error(err);
    (void)pthread_mutex_init(&team->lock, NULL);
    (void)pthread_cond_init(&team->begin, NULL);
    (void)pthread_cond_init(&team->end, NULL);
    team->members = aligned_alloc(_Alignof(struct member), size * sizeof *team->members);
    for (size_t i = 0; team->members != NULL && i < size; i++)
        team->members[i] = (struct member){.team = team, .index = i};
    team->size = team->members == NULL ? 0 : size;
    int reason = 0;
    for (size_t i = 1; reason == 0 && i < team->size; i++) {
        reason = pthread_create(&team->members[i].thread, NULL, serve, &team->members[i]);
        team->members[i].started = reason == 0;
    }
    if (team->members != NULL && reason == 0) {
        *ret = team;
        return 0;
    }
    const bool full = team->members == NULL;
    team_close(team);
    return full ? mem_error(err) : err_set_errno(err, ERR_SERVICE, reason, "%zu threads cannot be started", size);
}

size_t team_size(const struct team *team)
{
    return team->size;
}

void team_run(struct team *team, team_work *work, void *context, size_t count, size_t grain, bool help)
{
    const size_t blocks = (count + grain - 1) / grain;
    size_t begin = 0;
    for (size_t i = 0; i < team->size; i++) {
        /* Shares in whole grains; the first ones get what does not divide. */
        const size_t share = blocks / team->size + (i < blocks % team->size ? 1 : 0);
        const size_t end = begin + share * grain;
        atomic_store(&team->members[i].next, begin < count ? begin : count);
        team->members[i].end = end < count ? end : count;
        begin = end;
    }
    team->work = work;
    team->context = context;
    team->grain = grain;
    team->help = help;
    next_round(team, false);
    take_part(team, 0);
    for (int i = 0; i < SPINS && atomic_load(&team->working) != 0; i++)
        relax();
    if (atomic_load(&team->working) == 0)
        return;
    (void)pthread_mutex_lock(&team->lock);
    while (atomic_load(&team->working) != 0)
        (void)pthread_cond_wait(&team->end, &team->lock);
    (void)pthread_mutex_unlock(&team->lock);
}
