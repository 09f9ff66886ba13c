/* The files of a publication, and how they reach a folder.
 *
 * All bytes are made first, but those of files that are made when they are needed, one after another: what is large is
 * never in memory at once. Then a new folder is built beside DIR, with hard links of all that stays, flushed, and
 * exchanged with DIR in one step: whenever it breaks off, DIR is the old or the new publication, never a mix. Where the
 * system cannot do that (DIR is a mount point or somebody stands in it, no hard links, a parent that may not be
 * written), changed files are renamed into place one by one, RESULTS.md after what it shows. Only files whose content
 * changed are written. Files that an earlier publication made and that this one lacks are deleted; the list is
 * data/manifest.json. Nothing else in DIR is touched. */
#ifndef ANALYZE_REPORT_PUBLICATION_H
#define ANALYZE_REPORT_PUBLICATION_H

#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

#include "analyze/report/report.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

struct standing;

#define PUBLICATION_RESULTS "RESULTS.md"
#define PUBLICATION_MANIFEST "data/manifest.json"

struct charts;

/* Where bytes lie until they are written: a file without a name, of which nothing is left when this process ends. */
struct aside {
    int file;             /* < 0: there can be none */
    _Atomic(off_t) *used; /* of it, by all processes that have it open */
};
/* A new file without a name, near `folder`, which need not be there yet; < 0: there can be none. */
int aside_file(const char *folder);
void aside_open(const char *folder, struct aside *ret);
void aside_close(struct aside *aside);
#define autoaside cleanup(aside_close)

/* Makes the bytes of one file, the same ones each time. */
struct publication_maker {
    int (*make)(const void *context, size_t part, struct buf *into, struct err *err);
    const void *context; /* borrowed */
    size_t part;
};
struct publication_file {
    const char *path; /* "charts/….png": one folder at most, characters of file names of ours */
    char *bytes;      /* owned; NULL: they lie aside or in the folder, or `maker` makes them */
    size_t length;
    const struct standing *standing; /* borrowed: the folder has this very file already; NULL = that is to be seen */
    const struct aside *aside;       /* borrowed: what holds the bytes */
    off_t offset;                    /* in it */
    struct publication_maker maker;
};
struct publication {
    struct arena arena;
    struct aside *aside;             /* borrowed; NULL: all bytes stay in memory */
    const struct standing *standing; /* borrowed: what the folder has; NULL = not known */
    struct charts *charts;           /* owned: draws files of it meanwhile; NULL: nothing does */
    struct publication_file *files;
    size_t count, capacity;
    struct progress *progress; /* of writing; NULL = nobody watches */
    size_t *slots;             /* 1 + the number of a file, by the hash of its path; 0 = free */
    size_t slot_count;         /* a power of two */
};
void publication_done(struct publication *publication);
#define autopublication cleanup(publication_done)

/* Takes the bytes out of `bytes`. Those that stand in the folder already stay there: publication_write refuses when
 * such a file, or one of its times, is another by then. */
int publication_add(struct publication *publication, const char *path, struct buf *bytes, struct err *err) must_check;

/* Keeps the bytes in `file`, aside where there is room for them (`aside`: NULL = in memory), and empties `bytes`. For
 * different files in different threads. */
void publication_keep(struct aside *aside, struct publication_file *file, struct buf *bytes);

int publication_add_later(struct publication *publication, const char *path, const struct publication_maker *maker,
                          struct err *err) must_check;
/* Takes the bytes of `file`, wherever they lie; its path is copied. */
int publication_add_file(struct publication *publication, const struct publication_file *file,
                         struct err *err) must_check;
/* A file that stands already as it is to be: `standing` (borrowed) has it. */
int publication_add_standing(struct publication *publication, const char *path, const struct standing *standing,
                             struct err *err) must_check;
/* The bytes of a file; those that must be made or read again are in `scratch`. */
int publication_bytes(const struct publication_file *file, struct buf *scratch, struct str *ret,
                      struct err *err) must_check;

/* The number of the file with that path; PUBLICATION_NO_FILE. */
#define PUBLICATION_NO_FILE ((size_t)-1)
size_t publication_find(const struct publication *publication, const char *path);

struct publication_outcome {
    size_t written, unchanged, deleted;
};
/* ERR_CANNOT_WRITE with the path when DIR cannot be made or written, ERR_DATA when it holds files and none is a
 * publication's. */
int publication_write(const struct publication *publication, const char *folder, struct publication_outcome *ret,
                      struct err *err) must_check;
/* Tells what publication_write would do, and does nothing. `tell` gets "write" or "delete" and the path. */
int publication_preview(const struct publication *publication, const char *folder,
                        void (*tell)(void *context, const char *what, const char *path), void *context,
                        struct publication_outcome *ret, struct err *err) must_check;

/* ---- making the files */
/* The tables of data/, each as CSV, JSON and NDJSON, and those of comparisons as CSV. */
int publication_add_data(const struct report *report, struct publication *publication, struct err *err) must_check;
/* Charts, data files (without those of publication_add_data where report.apart) and RESULTS.md, merged with the one that
 * stands in `folder`. The charts are drawn meanwhile and after it, until charts_finish: who asks for their bytes waits.
 */
int publication_make(const struct report *report, const char *folder, struct publication *ret,
                     struct err *err) must_check;

#endif
