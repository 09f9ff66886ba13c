/* One file of a contributor: its bytes, what they decode to, and what a reader understood. */
#ifndef SUBMIT_INPUT_H
#define SUBMIT_INPUT_H

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/formats/formats.h"
#include "schema/formats/mapping.h"
#include "schema/formats/pack.h"
#include "schema/proof/hash.h"

#define INPUT_MAX PACK_INPUT_MAX

struct input {
    const char *path;        /* as given; "-" = standard input; what messages call it where it is no file */
    const char *name;        /* for messages and for the readers; NULL for what is no file */
    const char *format_name; /* NULL = recognise it */
    int line;                /* lines of the file in front of these bytes */
    struct buf bytes;
    char sha256[SHA256_HEX_SIZE]; /* of the bytes as they are, once input_hash was called: stays on this machine */
    char *decoded;
    size_t decoded_length;
    const struct format *format;
    struct reading_list readings;
    size_t bundles; /* that come of it; 1 for a bundle */
};

void input_done(struct input *input);
#define autoinput cleanup(input_done)
void input_hash(struct input *input);
/* -ERR_DATA when there are no bytes but blanks. Files come from submit/stream.h. */
int input_begin(struct input *input, struct err *err) must_check;
/* Names the file in an error about it and says what helps where nobody has; returns `code`. */
int input_error(const char *path, struct err *err, int code);
/* Bytes that never were a file; `shown_as` names them in messages. */
int input_of_bytes(const char *shown_as, struct str bytes, struct input *ret, struct err *err) must_check;
/* It is a bundle, not the output of a benchmark. */
bool input_is_bundle(const struct input *input);
/* What a bundle says, or all bundles of a text that `send --output FILE.md` wrote, into readings: 1; 0 for anything
 * else. */
int input_read_bundles(struct input *input, struct err *err) must_check;
/* Decodes, recognises and reads; with a mapping that names columns the rows of a foreign table, which become the text
 * that is read and carried. On failure what could be read before the fault stays in readings. */
int input_read(struct input *input, const struct mapping *mapping, struct err *err) must_check;

#endif
