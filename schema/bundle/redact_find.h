/* Finds in a text what identifies a machine or a person. Inside the room only. */
#ifndef SCHEMA_BUNDLE_REDACT_FIND_H
#define SCHEMA_BUNDLE_REDACT_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/str.h"
#include "schema/bundle/redact.h"

/* A stretch of the text that goes, [from, to). */
struct cut {
    size_t from, to;
    enum private_kind kind;
};

/* The part of a path [from, to) that goes: all but the base name, or all when the path is somebody's home itself.
 * False when there is no folder in it. */
bool redact_path_cut(struct str text, size_t from, size_t to, struct cut *ret);
/* Paths below a home folder, mail addresses, UUIDs, MAC addresses and addresses of private networks, whoever's they
 * are. True when one begins at (or around) `at`. */
bool redact_find_shape(struct str text, size_t at, struct cut *ret);
/* A key, token or password, by how it begins or by the name before it. True with what goes, which may begin behind
 * `at`. */
bool redact_find_secret(struct str text, size_t at, struct cut *ret);
/* One of the identities stands at `at` as a whole word. */
bool redact_find_identity(struct str text, size_t at, const struct identity *identity, struct cut *ret);
/* An identity too short or too common to be looked for in free text. */
bool redact_is_common(const struct identity *identity);

/* A letter or a digit of ASCII. */
bool redact_is_word(unsigned char byte);
/* One character as a reader of the format would see it: UTF-8, or an escape of JSON. Bytes used, at least 1. */
size_t redact_point(struct str text, size_t at, uint32_t *ret_point);

#endif
