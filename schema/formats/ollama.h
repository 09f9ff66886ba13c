/* What outputs of Ollama share. */
#ifndef SCHEMA_FORMATS_OLLAMA_H
#define SCHEMA_FORMATS_OLLAMA_H

#include <stdbool.h>

#include "schema/base/str.h"

/* A duration as Go writes it ("1h2m3.5s", "54.190958ms", "250µs"), in ms. */
bool ollama_duration(struct str text, double *ret);

#endif
