/* A file of a contributor as the inputs that it is read in.
 *
 * Most files are one input. A long one whose format may be cut at line ends (llama-bench JSONL, CSV, Go, …) becomes
 * several, each readable alone, so that memory does not grow with the file and each fits into a bundle. Compressed
 * files (gzip, Zstandard, zip with one file) are decompressed within the limits of a request's body; they are one layer
 * deep. */
#ifndef SUBMIT_STREAM_H
#define SUBMIT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "submit/input.h"

#define STREAM_PIECE_BYTES ((size_t)1 << 20)
#define STREAM_PIECE_LINES ((size_t)2000)
#define STREAM_LINE_MAX ((size_t)8 << 20) /* one record */

struct input_stream {
    const char *path, *name, *format_name;
    char *own_name; /* of what was compressed */
    int descriptor;
    struct buf ahead; /* read, and from `at` on not given yet */
    size_t at;
    bool ended; /* the file holds no more */
    bool begun;
    bool whole;                  /* never in pieces: set it after opening */
    const struct format *format; /* set when it goes piece by piece */
    struct buf carry;            /* in front of the next piece */
    int lines;                   /* given so far */
    size_t pieces;
};

/* Opens and reads the beginning. Each way to go wrong has an error and a hint of its own: missing, folder, empty, badly
 * compressed. `path` and `format_name` (NULL = recognise) stay borrowed. */
int input_stream_open(const char *path, const char *format_name, struct input_stream *ret, struct err *err) must_check;
void input_stream_done(struct input_stream *stream);
#define autostream cleanup(input_stream_done)
/* 1 and the next input (give it to input_done), 0 at the end. */
int input_stream_next(struct input_stream *stream, struct input *ret, struct err *err) must_check;
/* Whether there is more to come. */
bool input_stream_more(const struct input_stream *stream);

#endif
