/* A publication that stands already: what of it would be made again just as it is need not be made.
 *
 * A file in the account's cache says for each folder what its publication was made from (one hash over everything read,
 * the options, the program, fonts and libraries) and for each of its files size, times and inode. When all of it is
 * still so, making it again would give the same bytes. A file that a hand changed has another time, and its change's
 * time cannot be set back. It is only a cache: without it, or when anything differs, all is made and compared. */
#ifndef ANALYZE_REPORT_STANDING_H
#define ANALYZE_REPORT_STANDING_H

#include <stdbool.h>

#include "analyze/report/drawn.h"
#include "analyze/report/publication.h"

struct standing_file {
    const char *path;
    struct str line; /* what tells that it is still the one that was left */
    bool as_left;    /* it was, when the folder was looked at */
};
/* The folder on the way to a file that was looked at last: thousands of files are in one. */
struct standing_way {
    char parent[64]; /* "" = none */
};
struct standing {
    struct arena arena;
    const char *folder; /* borrowed */
    int descriptor;     /* of it; -1 = it is not there */
    struct sha256 key;  /* what all of it was made from */
    bool recorded;      /* what each file was made from is kept in mind too (drawn.record), of this very publication */
    struct buf text;
    struct standing_file *files; /* by path; none: nothing is known */
    size_t count, capacity;
    size_t charts; /* files of them */
};
void standing_done(struct standing *standing);

/* What is kept in mind about the folder, whose files are looked at once. */
void standing_open(const struct drawn *drawn, struct standing *ret);
/* Whether a file of `folder`, an open folder, is as it was left, now. */
bool standing_has(const struct standing *standing, int folder, const char *path, struct standing_way *way);
/* Whether one of the folder was, where it is known what its files were made from; `standing`: NULL = nothing is known.
 */
bool standing_knows(const struct standing *standing, const char *path);
/* Whether one of the folder was, and has these bytes. */
bool standing_equals(const struct standing *standing, const char *path, struct str bytes);
/* Whether something is kept in mind, and all files of the folder are as they were left, now. */
bool standing_is_untouched(const struct standing *standing);
/* After it was written. Waits a few ms: a later change must not have the same time. `key`: what all of it was made
 * from; NULL: nobody knows. */
void standing_save(const struct drawn *drawn, const struct sha256 *key, const struct publication *publication);

#endif
