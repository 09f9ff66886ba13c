/* Room-private: what the tables of models, quantisations and metrics share. */
#ifndef SCHEMA_CATALOG_NAMES_H
#define SCHEMA_CATALOG_NAMES_H

#include <stddef.h>

#include "schema/base/str.h"

/* The first quantisation in a text: its canonical name, and where it stands in the text; NULL = none. */
const char *quantization_find(struct str text, size_t *ret_start, size_t *ret_end);

#endif
