/* The allow-list. One row a fact: what it is called, where it stands in struct
 * device, and where it comes from. Device JSON is written and read by walking
 * this table, so that a fact which is not in it cannot leave. */
#ifndef SUBMIT_DEVICE_FACTS_H
#define SUBMIT_DEVICE_FACTS_H

#include <stddef.h>

#include "schema/bundle/types.h"
#include "submit/device/extras.h"

enum fact_type {
    FACT_TEXT,         /* const char *, NULL = unknown */
    FACT_COUNT,        /* int64_t, COUNT_UNKNOWN */
    FACT_NUMBER,       /* double, NAN */
    FACT_KINDS,        /* kinds of cores */
    FACT_CHIPS,        /* further chips */
    FACT_EXTRA_NUMBER, /* a member of "extra" */
    FACT_EXTRA_WORD
};

struct fact {
    const char *key;   /* in JSON */
    const char *title; /* for people */
    enum fact_type type;
    size_t offset;                             /* within struct device; of an extra fact its enum extra */
    const char *linux_sources, *macos_sources; /* files and commands/NAME.txt, blank between; NULL: its absence is
                                                  nothing to explain */
};

/* In the order in which they are written; ends with a NULL key. */
extern const struct fact facts[];

/* The members of one kind of cores and of one further chip; both end with a NULL key. */
extern const struct fact kind_facts[], chip_facts[];

bool fact_is_known(const struct fact *fact, const struct device *device);
const char *fact_text_of(const void *object, const struct fact *fact);
int64_t fact_count_of(const void *object, const struct fact *fact);
double fact_number_of(const void *object, const struct fact *fact);
/* The value of an extra fact; NULL = unknown. */
const struct parameter *fact_extra_of(const struct device *device, const struct fact *fact);

#endif
