/* A part of a publication that another process makes meanwhile: it needs nothing of the rest and leaves no trace but
 * its files. The bytes are the same wherever they are made. */
#ifndef ANALYZE_REPORT_APART_H
#define ANALYZE_REPORT_APART_H

#include "analyze/report/publication.h"
#include "analyze/report/report.h"
#include "analyze/report/workers.h"

/* Adds the files, with their bytes (publication_add). It may not draw, resample or keep anything in mind. Where nothing
 * can lie aside, all of it passes in one answer (WORKERS_ANSWER_MAX). */
typedef int apart_function(const struct report *report, struct publication *publication, struct err *err);

struct apart {
    struct workers workers;
    const struct report *report; /* borrowed */
    apart_function *make;
    bool begun;
};
void apart_done(struct apart *apart);
#define autoapart cleanup(apart_done)

/* Begins where there is a second processor and a file aside that both can write; before this process has a second
 * thread. Else apart_add makes it. */
void apart_begin(struct apart *apart, const struct report *report, apart_function *make);
/* Waits for the files and adds them. */
int apart_add(struct apart *apart, struct publication *publication, struct err *err) must_check;

#endif
