/* Scores of JMH, whichever way they were written. */
#ifndef SCHEMA_FORMATS_JMH_H
#define SCHEMA_FORMATS_JMH_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/given_figures.h"

#define JMH_TOOL "JMH"

/* The score of a benchmark whose mode is set: a time or a rate by its unit, which is to be in the reading's arena. A
 * unit that contradicts the mode is flagged and told. Scales the figures. */
int jmh_add_score(struct reading *reading, struct run *run, const char *unit, struct given_figures *given,
                  const char *path, struct err *err) must_check;
/* What profilers add: "·gc.alloc.rate.norm", B/op. */
int jmh_add_secondary(struct reading *reading, struct run *run, struct str name, const char *unit,
                      struct given_figures *given, struct err *err) must_check;

#endif
