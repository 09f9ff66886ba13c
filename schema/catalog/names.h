/* Room-private: what the tables of models, quantisations and metrics share. */
#ifndef SCHEMA_CATALOG_NAMES_H
#define SCHEMA_CATALOG_NAMES_H

#include <stddef.h>

#include "schema/base/str.h"

/* How many look-ups a thread keeps of each kind, of texts shorter than this. A free place is the look-up of "", which is
 * nothing. */
#define RECENT_COUNT 8
#define RECENT_TEXT_SIZE 256

/* The first quantisation in a text: its canonical name, and where it stands in the text; NULL = none. */
const char *quantization_find(struct str text, size_t *ret_start, size_t *ret_end);

#endif
