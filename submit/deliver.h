/* From the queue to a collector: uploads, moves in the spool, and says what became of it. */
#ifndef SUBMIT_DELIVER_H
#define SUBMIT_DELIVER_H

#include "submit/outcome.h"
#include "submit/spool/spool.h"
#include "submit/upload.h"

struct delivery {
    const char *id;
    const char *file;        /* as given, for messages; NULL */
    const char *file_sha256; /* NULL when not known */
    const char *subject;     /* as in struct receipt; NULL or "" when not known */
};
/* Sends one waiting bundle. Whatever happens is added to *outcomes; -code only when the spool itself fails. */
int deliver(struct spool *spool, struct uploader *uploader, const struct delivery *delivery, struct outcomes *outcomes,
            struct err *err) must_check;
/* Says that a bundle waits because no server is named. */
void deliver_later(struct spool *spool, const struct uploader *uploader, const struct delivery *delivery,
                   struct outcomes *outcomes);

#endif
