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
    ATTACHED_MAIL,     /* it is a mail */
    ATTACHED_ELSEWHERE /* --elsewhere */
};
/* For the preview: "this machine's facts were added", … */
const char *attachment_words(enum attachment attachment);

/* Fills what the reading does not know of its device from `facts`; texts are copied. */
void attach_facts(struct reading *reading, const struct device *facts);

#endif
