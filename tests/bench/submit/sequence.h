/* What the spool must do on disk for each bundle, and nothing else: write, fsync, rename into the queue, flush it; after
 * the answer the same for the receipt, then remove. Plain calls of libc; a failure ends the program. */
#ifndef TESTS_BENCH_SUBMIT_SEQUENCE_H
#define TESTS_BENCH_SUBMIT_SEQUENCE_H

#include <stddef.h>

/* Bundles that share one flush of the folders, as in submit/sending.h. */
#define SEQUENCE_GROUP 32

struct sequence {
    int tmp, queue, sent;
};
void sequence_open(struct sequence *sequence, const char *folder);
void sequence_queue(const struct sequence *sequence, const char *name, const char *bytes, size_t length);
void sequence_queued(const struct sequence *sequence);
void sequence_sent(const struct sequence *sequence, const char *name);
void sequence_settle(const struct sequence *sequence, char names[][32], size_t count);
char *sequence_read(const char *path, size_t *ret_length); /* malloc */

#endif
