/* Moves between queue, sent and dead. What makes a deletion safe is on disk before the deletion. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "submit/spool/spool_internal.h"

#define NAME_SIZE (BUNDLE_ID_SIZE + 16)
#ifdef __APPLE__
#define CHANGE_TIME(status) ((status).st_mtimespec)
#else
#define CHANGE_TIME(status) ((status).st_mtim)
#endif

static const char *name_with(char target[NAME_SIZE], const char *id, const char *suffix)
{
    (void)snprintf(target, NAME_SIZE, "%.*s%s", BUNDLE_ID_SIZE - 1, id, suffix);
    return target;
}

static void forget(struct spool *spool, const struct settling *settling)
{
    const char *id = settling->id;
    int queue = spool->folders[PLACE_QUEUE], sent = spool->folders[PLACE_SENT];
    if (settling->keep ? renameat(queue, id, sent, id) == 0 : unlinkat(queue, id, 0) == 0)
        spool->counted = false;
    /* A receipt that holds makes the bytes of an earlier one that did not superfluous. */
    if (!settling->keep)
        (void)unlinkat(sent, id, 0);
    (void)unlinkat(spool->folders[PLACE_ABOUT], id, 0);
}

int spool_settle(struct spool *spool, struct err *err)
{
    if (spool->settled_count == 0)
        return 0;
    int r = spool_batch_commit(spool, &spool->receipts, PLACE_SENT, err);
    if (r < 0) {
        /* What has no receipt on disk must not leave queue/. */
        spool->settled_count = 0;
        return r;
    }
    /* A deletion that a crash undoes only leads to sending once more, which the server answers with 200. */
    for (size_t i = 0; i < spool->settled_count; i++)
        forget(spool, &spool->settled[i]);
    spool->settled_count = 0;
    return 0;
}

int spool_settle_later(struct spool *spool, const char *id, bool keep, struct err *err)
{
    if (mem_grow(&spool->settled, &spool->settled_capacity, spool->settled_count + 1, sizeof(*spool->settled)) < 0)
        return mem_error(err);
    struct settling *settling = &spool->settled[spool->settled_count++];
    text_copy(settling->id, sizeof(settling->id), id);
    settling->keep = keep;
    return 0;
}

const char *spool_entry_text(char target[SPOOL_ENTRY_SIZE], const struct stat *status)
{
    (void)snprintf(target, SPOOL_ENTRY_SIZE, "%llu", (unsigned long long)status->st_ino);
    return target;
}

/* 1: a is newer, 0: the clock of the file system shows no difference. */
static int compare_times(struct timespec a, struct timespec b)
{
    if (a.tv_sec != b.tv_sec)
        return a.tv_sec > b.tv_sec ? 1 : -1;
    return (a.tv_nsec > b.tv_nsec) - (a.tv_nsec < b.tv_nsec);
}

/* It has a receipt that is newer than its place in queue/, or, where that clock is too coarse, one of this very file.
 * An older receipt is of another collector, or it was sent once more on purpose; and one that is known to wait for a
 * collector without receipt waits on. */
static bool was_sent(const struct spool *spool, const char *id, bool *ret_keep)
{
    char name[NAME_SIZE];
    struct stat waiting, taken;
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt;
    if (fstatat(spool->folders[PLACE_SENT], name_with(name, id, ".receipt"), &taken, AT_SYMLINK_NOFOLLOW) != 0 ||
        fstatat(spool->folders[PLACE_QUEUE], id, &waiting, AT_SYMLINK_NOFOLLOW) != 0 ||
        compare_times(CHANGE_TIME(taken), CHANGE_TIME(waiting)) < 0)
        return false;
    const struct spool_about about = spool_about_read(spool, id, &arena);
    char entry[SPOOL_ENTRY_SIZE];
    if (!spool_receipt(spool, id, about.server, &arena, &receipt) ||
        (compare_times(CHANGE_TIME(taken), CHANGE_TIME(waiting)) == 0 &&
         !text_equal(receipt.entry, spool_entry_text(entry, &waiting))))
        return false;
    *ret_keep = text_equal(receipt.check, SPOOL_UNVERIFIED);
    return true;
}

/* What cannot be settled now, such as on a read-only disk, is settled by sending once more. */
void spool_settle_interrupted(struct spool *spool)
{
    struct arena arena cleanup(arena_done) = {0};
    struct spool_entry *entries = NULL;
    size_t count = 0;
    if (spool_list(spool, SPOOL_QUEUE, &arena, &entries, &count, NULL) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        bool keep = false;
        if (was_sent(spool, entries[i].id, &keep) && spool_settle_later(spool, entries[i].id, keep, NULL) < 0)
            break;
    }
    (void)!spool_settle(spool, NULL);
}

int spool_dead(struct spool *spool, const char *id, const char *reason, struct err *err)
{
    char name[NAME_SIZE];
    autobuf struct buf text = BUF(8192);
    buf_adds(&text, reason);
    buf_addc(&text, '\n');
    int r = buf_check(&text, err);
    if (r == 0)
        r = spool_put(spool, PLACE_DEAD, name_with(name, id, ".reason"), str_slice(text.data, text.len), true, err);
    if (r == 0)
        r = spool_flush_folder(spool, PLACE_DEAD, err);
    if (r < 0)
        return r;
    if (renameat(spool->folders[PLACE_QUEUE], id, spool->folders[PLACE_DEAD], id) != 0)
        return spool_error(spool, errno, "cannot move", err);
    spool->counted = false;
    (void)unlinkat(spool->folders[PLACE_ABOUT], id, 0);
    r = spool_flush_folder(spool, PLACE_DEAD, err);
    return r < 0 ? r : spool_flush_folder(spool, PLACE_QUEUE, err);
}

void spool_leave_dead(const struct spool *spool, const char *id)
{
    char name[NAME_SIZE];
    if (unlinkat(spool->folders[PLACE_DEAD], id, 0) == 0)
        (void)unlinkat(spool->folders[PLACE_DEAD], name_with(name, id, ".reason"), 0);
}

bool spool_reason(const struct spool *spool, const char *id, char *target, size_t size)
{
    char name[NAME_SIZE];
    autobuf struct buf text = BUF(8192);
    if (!spool_get(spool, PLACE_DEAD, name_with(name, id, ".reason"), &text))
        return false;
    struct str rest = str_slice(buf_text(&text), text.len), line;
    if (!str_next_line(&rest, &line) || line.len == 0)
        return false;
    autobuf struct buf first = BUF(8192);
    buf_add(&first, line.data, line.len);
    text_copy(target, size, buf_text(&first));
    return true;
}

/* A crash between the reason and the move leaves a reason without bundle and the bundle in queue/: it is tried again.
 */
int spool_recover(struct spool *spool, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct spool_entry *entries;
    size_t count;
    int damaged = 0;
    int r = spool_list(spool, SPOOL_QUEUE, &arena, &entries, &count, err);
    for (size_t i = 0; r >= 0 && i < count; i++) {
        autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
        int lock = -1;
        struct err one;
        int taken = spool_take(spool, entries[i].id, &bytes, &lock, &one);
        spool_release(lock);
        if (taken == -ERR_DATA) {
            damaged++;
        } else if (taken < 0) {
            if (err != NULL)
                *err = one;
            r = taken;
        }
    }
    return r < 0 ? r : damaged;
}

int spool_drop(struct spool *spool, const char *id, struct err *err)
{
    char name[NAME_SIZE];
    int removed = 0;
    if (unlinkat(spool->folders[PLACE_QUEUE], id, 0) == 0)
        removed = 1;
    else if (errno != ENOENT)
        return spool_error(spool, errno, "cannot remove", err);
    if (unlinkat(spool->folders[PLACE_DEAD], id, 0) == 0)
        removed = 1;
    (void)unlinkat(spool->folders[PLACE_DEAD], name_with(name, id, ".reason"), 0);
    (void)unlinkat(spool->folders[PLACE_ABOUT], id, 0);
    spool->counted = false;
    return removed;
}

int spool_prune(struct spool *spool, int64_t age_us, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct spool_entry *entries;
    size_t count;
    int removed = 0;
    int64_t now = clock_wall_us();
    int r = spool_list(spool, SPOOL_SENT, &arena, &entries, &count, err);
    for (size_t i = 0; r >= 0 && i < count; i++) {
        char name[NAME_SIZE];
        struct arena one cleanup(arena_done) = {0};
        struct receipt receipt;
        if (now - entries[i].since_us <= age_us ||
            (spool_receipt(spool, entries[i].id, NULL, &one, &receipt) && text_equal(receipt.check, SPOOL_UNVERIFIED)))
            continue;
        if (unlinkat(spool->folders[PLACE_SENT], name_with(name, entries[i].id, ".receipt"), 0) == 0)
            removed++;
    }
    return r < 0 ? r : removed;
}
