/* Whose facts belong to a reading: this machine's, those of --device, or none
 * but the file's own (DESIGN section 4). */
#ifndef SUBMIT_ATTACH_H
#define SUBMIT_ATTACH_H

#include "schema/base/mem.h"
#include "schema/bundle/types.h"

enum attachment {
    ATTACHED_LOCAL,    /* the file names no machine, or this one */
    ATTACHED_OTHER,    /* --device */
    ATTACHED_NONE,     /* the file names another machine */
    ATTACHED_ELSEWHERE /* --elsewhere */
};
/* For the preview: "this machine's facts were added", … */
const char *attachment_words(enum attachment attachment);

/* True when nothing that the reading says about its machine contradicts `local`. */
bool attach_is_local(const struct reading *reading, const struct device *local);
/* Fills what the reading does not know of its device from `facts`; texts are copied. */
void attach_facts(struct reading *reading, const struct device *facts);

#endif
