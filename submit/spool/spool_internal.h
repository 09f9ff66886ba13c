/* Inside the room only: the open folders. */
#ifndef SUBMIT_SPOOL_SPOOL_INTERNAL_H
#define SUBMIT_SPOOL_SPOOL_INTERNAL_H

#include <limits.h>

#include "submit/spool/spool.h"

enum spool_place { PLACE_TMP, PLACE_QUEUE, PLACE_SENT, PLACE_DEAD, PLACE_ABOUT, PLACE_FILES, PLACE_KEYS, PLACE_COUNT };
extern const char *const spool_place_names[PLACE_COUNT];

struct settling {
    char id[BUNDLE_ID_SIZE];
    bool keep; /* the bytes go to sent/ */
};

/* Files of one folder that are written, but not yet in it. */
struct batch_item {
    char tmp[33]; /* name in tmp/; "" once it is renamed */
    char name[BUNDLE_ID_SIZE + 16];
    int file;
};
struct batch {
    struct batch_item *items;
    size_t count, capacity;
};

struct spool {
    char path[PATH_MAX];
    int folders[PLACE_COUNT]; /* descriptors */
    size_t entries_max;
    int64_t bytes_max;
    bool counted; /* entries and bytes are known */
    size_t entries;
    int64_t bytes;
    struct settling *settled; /* receipts written, not yet flushed */
    size_t settled_count, settled_capacity;
    struct batch bundles, receipts; /* for queue/ and sent/ */
};

/* Writes a new file through tmp/ and renames it into `place`; `flush` = the bytes are on disk before the rename. */
int spool_put(const struct spool *spool, enum spool_place place, const char *name, struct str bytes, bool flush,
              struct err *err) must_check;
/* Reads a whole file of a folder; false when it is missing. */
bool spool_get(const struct spool *spool, enum spool_place place, const char *name, struct buf *into);
int spool_flush_folder(const struct spool *spool, enum spool_place place, struct err *err) must_check;
/* err_set for a failed system call in the spool. */
int spool_error(const struct spool *spool, int errno_value, const char *what, struct err *err);
/* Writes all bytes to an open file of the spool; a failure names the spool. */
int spool_write(const struct spool *spool, int file, struct str bytes, struct err *err) must_check;
/* Writes a file of a batch; on failure the others stay. */
int spool_batch_add(const struct spool *spool, struct batch *batch, const char *name, struct str bytes,
                    struct err *err) must_check;
bool spool_batch_has(const struct batch *batch, const char *name);
/* Flushes all, renames all into `place`, flushes that; the batch is empty afterwards. On failure none that was not yet
 * renamed gets there. */
int spool_batch_commit(const struct spool *spool, struct batch *batch, enum spool_place place,
                       struct err *err) must_check;
void spool_batch_drop(const struct spool *spool, struct batch *batch); /* without any trace */
void spool_batch_done(const struct spool *spool, struct batch *batch);

/* Tells the files of one name in queue/ apart, as far as a file system does: the inode. Returns target. */
#define SPOOL_ENTRY_SIZE 24
struct stat;
const char *spool_entry_text(char target[SPOOL_ENTRY_SIZE], const struct stat *status);
/* Remembers that the bundle may leave queue/ at the next spool_settle. */
int spool_settle_later(struct spool *spool, const char *id, bool keep, struct err *err) must_check;
/* Lets bundles leave queue/ whose receipt a kill kept from being settled. */
void spool_settle_interrupted(struct spool *spool);
/* A bundle that waits again is no longer dead. */
void spool_leave_dead(const struct spool *spool, const char *id);
bool spool_is_corrupt(const char *id, struct str bytes);

#endif
