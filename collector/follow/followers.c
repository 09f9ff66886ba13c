#include "collector/follow/followers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "collector/follow/judge.h"
#include "collector/follow/log.h"
#include "collector/follow/observe.h"
#include "collector/follow/published.h"
#include "collector/follow/summarise.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"

enum { ROUND_MS = 250, IDLE_ROUND_MS = 1000, STATEMENT_LIMIT_MS = 30000 };
static const int64_t keep_us = 10000000;
/* Of each round at most so much goes into judging and observing, and about so much into summarising: intake has the
 * rest. Short rounds: what arrives meanwhile waits no longer than one. */
static const int64_t share_us = 100000, summarise_us = 100000, rest_times = 4;

struct followers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool stopping;
    char *conninfo;
    const char *role;
    struct followers_figures figures;
    /* of the thread alone */
    struct db *db;
    struct sealer sealer;
    bool in_trouble;
    bool busy;               /* the last round found something to do */
    int64_t kept_at_us;      /* monotonic: when a head was last put into the file */
    int64_t summarise_at_us; /* monotonic: not before */
};

/* Tells when trouble begins and when it ends. */
static void tell(struct followers *followers, int code, const struct err *err)
{
    if (code != 0 && !followers->in_trouble) {
        log_error(err);
    } else if (code == 0 && followers->in_trouble) {
        log_info("the log is sealed again");
    }
    followers->in_trouble = code != 0;
}

static int connect_if_needed(struct followers *followers, struct err *err)
{
    const struct db_options options = {
        .application_name = "crosschip-follow",
        .role = followers->role,
        .writes = true,
        .by_key = true,
        .statement_timeout_ms = STATEMENT_LIMIT_MS,
    };
    if (followers->db == NULL) {
        return db_connect(followers->conninfo, &options, &followers->db, err);
    }
    return db_connection_lost(followers->db) ? db_reconnect(followers->db, err) : 0;
}

/* The file is flushed to disk: not after every round. */
static int keep_head(struct followers *followers, const struct log_head *head, struct err *err)
{
    struct log_head kept;
    struct signature signature;
    const int64_t now_us = clock_monotonic_us();
    const bool any = published_head(followers->sealer.published, &kept);
    if (head->size == 0 || (any && kept.epoch == head->epoch && kept.size == head->size) ||
        (followers->kept_at_us != 0 && now_us - followers->kept_at_us < keep_us)) {
        return 0;
    }
    followers->kept_at_us = now_us;
    return published_sign(followers->sealer.published, followers->db, &kept, &signature, err);
}

/* Judges and observes until nothing waits or the share of this round is used up. */
static int follow_pieces(struct followers *followers, struct followers_figures *figures, struct err *err)
{
    const int64_t until_us = clock_monotonic_us() + share_us;
    struct piece judged = {0}, observed = {0};
    int code = 0;
    do {
        code = judge_round(followers->db, clock_wall_us(), &judged, err);
        if (code == 0) {
            code = observe_round(followers->db, &observed, err);
        }
        figures->judged += code == 0 ? judged.end - judged.first : 0;
    } while (code == 0 && judged.behind + observed.behind > 0 && clock_monotonic_us() < until_us);
    figures->unjudged = judged.behind;
    figures->unobserved = judged.behind + observed.behind;
    return code;
}

/* Not after every piece: what many submissions change is made anew once. The figure of a device with very many
 * submissions takes long, so a rest follows that is several times as long as the work was. */
static int summarise_pieces(struct followers *followers, struct followers_figures *figures, struct err *err)
{
    const int64_t begun_us = clock_monotonic_us();
    struct piece piece = {0};
    int code = 0;
    if (begun_us >= followers->summarise_at_us) {
        do {
            code = summarise_round(followers->db, &piece, err);
        } while (code == 0 && piece.behind > 0 && clock_monotonic_us() < begun_us + summarise_us);
        const int64_t ended_us = clock_monotonic_us();
        followers->summarise_at_us = ended_us + rest_times * (ended_us - begun_us);
    }
    return code != 0 ? code : summarise_lag(followers->db, &figures->unsummarised, err);
}

/* True when more waits than one round takes. */
static bool round_of(struct followers *followers)
{
    struct sealing sealing = {0};
    struct followers_figures figures = {0};
    struct err err;
    int code = connect_if_needed(followers, &err);
    if (code == 0) {
        code = log_seal(followers->db, &followers->sealer, clock_wall_us(), &sealing, &err);
    }
    if (code == 0 && !sealing.held) {
        code = keep_head(followers, &sealing.head, &err);
    }
    if (code != 0) {
        (void)err_prefix(&err, "cannot seal the log");
    } else {
        code = follow_pieces(followers, &figures, &err);
        code = code != 0 ? code : summarise_pieces(followers, &figures, &err);
        if (code != 0) {
            (void)err_prefix(&err, "cannot follow the log");
        }
    }
    followers->busy = sealing.entries > 0 || figures.judged > 0 || figures.unobserved > 0;
    tell(followers, code, &err);
    pthread_mutex_lock(&followers->lock);
    followers->figures.sealed += sealing.entries;
    followers->figures.sealings += sealing.entries > 0 ? 1 : 0;
    followers->figures.judged += figures.judged;
    followers->figures.unjudged = figures.unjudged;
    followers->figures.unobserved = figures.unobserved;
    followers->figures.unsummarised = figures.unsummarised;
    pthread_mutex_unlock(&followers->lock);
    return sealing.entries == SEAL_BATCH_MOST;
}

/* False when it is time to stop. */
static bool wait_for_round(struct followers *followers)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (followers->busy ? ROUND_MS : IDLE_ROUND_MS) * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&followers->lock);
    int waited = 0;
    while (!followers->stopping && waited == 0) {
        waited = pthread_cond_timedwait(&followers->changed, &followers->lock, &until);
    }
    const bool go_on = !followers->stopping;
    pthread_mutex_unlock(&followers->lock);
    return go_on;
}

static bool is_stopping(struct followers *followers)
{
    pthread_mutex_lock(&followers->lock);
    const bool stopping = followers->stopping;
    pthread_mutex_unlock(&followers->lock);
    return stopping;
}

static void *follow(void *argument)
{
    struct followers *followers = argument;
    while (wait_for_round(followers)) {
        while (round_of(followers) && !is_stopping(followers)) {
        }
    }
    return NULL;
}

static int start_thread(struct followers *followers, struct err *err)
{
    pthread_condattr_t monotonic;
    int failed = pthread_condattr_init(&monotonic);
    if (failed == 0) {
        (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        failed = pthread_cond_init(&followers->changed, &monotonic);
        (void)pthread_condattr_destroy(&monotonic);
    }
    if (failed == 0) {
        failed = pthread_mutex_init(&followers->lock, NULL);
    }
    if (failed == 0) {
        failed = pthread_create(&followers->thread, NULL, follow, followers);
    }
    return failed == 0 ? 0 : err_set_errno(err, ERR_MEMORY, failed, "cannot start the thread that seals the log");
}

static void followers_free(struct followers *followers)
{
    db_close(followers->db);
    free(followers->conninfo);
    free(followers);
}

int followers_start(const char *conninfo, const char *role, struct published *published, struct followers **ret,
                    struct err *err)
{
    struct followers *followers = mem_zalloc(1, sizeof *followers);
    if (followers == NULL) {
        return err_set(err, ERR_MEMORY, "out of memory");
    }
    followers->sealer.published = published;
    followers->role = role;
    followers->conninfo = mem_strdup(conninfo);
    const int code =
        followers->conninfo == NULL ? err_set(err, ERR_MEMORY, "out of memory") : start_thread(followers, err);
    if (code != 0) {
        followers_free(followers);
        return code;
    }
    *ret = followers;
    return 0;
}

void followers_stop(struct followers *followers)
{
    if (followers == NULL) {
        return;
    }
    pthread_mutex_lock(&followers->lock);
    followers->stopping = true;
    pthread_cond_signal(&followers->changed);
    pthread_mutex_unlock(&followers->lock);
    (void)pthread_join(followers->thread, NULL);
    (void)pthread_cond_destroy(&followers->changed);
    (void)pthread_mutex_destroy(&followers->lock);
    followers_free(followers);
}

struct followers_figures followers_figures(struct followers *followers)
{
    pthread_mutex_lock(&followers->lock);
    const struct followers_figures figures = followers->figures;
    pthread_mutex_unlock(&followers->lock);
    return figures;
}
