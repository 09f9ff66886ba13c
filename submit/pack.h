/* From a reading to the exact bytes of a bundle: private parts taken out, what
 * is left read again, facts and settings added, bound and checked. */
#ifndef SUBMIT_PACK_H
#define SUBMIT_PACK_H

#include "schema/base/options.h"
#include "schema/bundle/bundle.h"
#include "schema/checks/checks.h"
#include "schema/proof/client_key.h"
#include "submit/attach.h"
#include "submit/companion.h"
#include "submit/device/identity.h"
#include "submit/input.h"
#include "submit/person.h"

/* What all bundles of one call share. */
struct packer {
    const struct invocation *invocation; /* --set, --note and what person.h reads */
    struct arena arena;                  /* identities and facts */
    struct identity_list identities;
    struct client_key key;
    struct device facts;   /* of this machine, or of --device */
    bool elsewhere, other; /* --elsewhere, --device */
    char *note;            /* redacted; NULL = none */
    struct person person;
    struct redact_counts note_removed;
    /* Of a run that this program itself made and watched; NULL = none. Flags follow from the conditions. */
    const struct parameter_list *conditions;
    int64_t ran_at_us;                   /* for runs whose output does not say when; 0 = none */
    char run_id[33];                     /* "" = none */
    const struct companions *companions; /* of the call; NULL = none */
};
int packer_open(const struct invocation *invocation, struct packer *ret, struct err *err) must_check;
void packer_done(struct packer *packer);

struct packed {
    char id[BUNDLE_ID_SIZE];
    char subject[BUNDLE_SUBJECT_SIZE]; /* of pack; "" when the bundle was not made here */
    struct buf bytes;
    struct reading *reading; /* what the bundle says */
    struct redact_counts removed;
    const char *note, *cooling, *replaces; /* of the packer; NULL = none */
    enum attachment attachment;
    bool original_omitted;
    struct findings findings;
};
void packed_done(struct packed *packed);

/* -ERR_DATA when nothing was measured. */
int pack_reading(struct packer *packer, const struct input *input, const struct reading *reading, struct packed *ret,
                 struct err *err) must_check;

#endif
