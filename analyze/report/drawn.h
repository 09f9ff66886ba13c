/* Charts that need not be drawn again, and other files that need not be made again (kept.h).
 *
 * For each folder that is published into, a file in the account's cache (XDG_CACHE_HOME, ~/.cache) says of every chart
 * what it was drawn from and the hash of the bytes. A chart is taken from the folder when both are still so; then it
 * is byte for byte what drawing would give. What it was drawn from covers the program itself, the fonts and libraries.
 * It is only a cache: without the file, or where it cannot be written, everything is drawn. */
#ifndef ANALYZE_REPORT_DRAWN_H
#define ANALYZE_REPORT_DRAWN_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"
#include "schema/proof/hash.h"

struct drawn_file {
    const char *path; /* "charts/….png" */
    struct sha256 key, bytes;
};
struct drawn {
    struct arena arena;
    const char *folder, *cache; /* NULL cache: nothing is kept */
    struct sha256 drawer;       /* program, fonts and libraries */
    struct drawn_file *before;  /* by path */
    size_t before_count, before_capacity;
    struct drawn_file *now;
    size_t now_count, now_capacity;
    size_t charts, taken; /* files of charts; of them those that were not drawn again */
    size_t kept;          /* other files that were not made again */
    struct sha256 record; /* of the cache file as it stands; zeros: there is none, or it could not be written */
    bool passing;         /* a chart has characters of fonts that nobody keeps an eye on: it is drawn each time */
};
void drawn_done(struct drawn *drawn);

/* `place` names what is published into for good, where `folder` is only for now; NULL: the folder does. */
void drawn_open(const char *folder, const char *place, struct drawn *ret);
/* What decides about the bytes beside the program (draw_fingerprint); before any of the following. */
void drawn_by(struct drawn *drawn, const char *drawer);
/* The file that was drawn from `content` in the same way, as it stands in the folder, with the hash of its bytes;
 * false: it is to be drawn. */
bool drawn_take(const struct drawn *drawn, const char *path, const struct sha256 *content, struct buf *into,
                struct sha256 *ret_bytes);
/* Keeps in mind that a file with these bytes was drawn from `content`; `taken`: it stood there already. */
void drawn_note(struct drawn *drawn, const char *path, const struct sha256 *content, const struct sha256 *bytes,
                bool taken);
/* Whether something was kept in mind of the path that was made from `content` in the same way: what. */
bool drawn_knows(const struct drawn *drawn, const char *path, const struct sha256 *content, struct sha256 *ret);
/* Keeps `what` in mind of it. */
void drawn_keep(struct drawn *drawn, const char *path, const struct sha256 *content, const struct sha256 *what);
/* Another file of the cache for this folder: "…/KIND/…", in `arena`; NULL: nothing is kept. */
char *drawn_beside(const struct drawn *drawn, const char *kind, struct arena *arena);
/* Writes a file of the cache; what cannot be written is only noted: false. */
bool drawn_write(const char *path, const struct buf *text);
/* After the publication stands: writes the cache, if anything differs. */
void drawn_save(struct drawn *drawn);

#endif
