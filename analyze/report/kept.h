/* Files that need not be made again, because what they would be made from is what it was: pages of two chips, parts of
 * the measurements. They stay in the folder unread. Nothing is kept where runs have no hashes (report.hashes). */
#ifndef ANALYZE_REPORT_KEPT_H
#define ANALYZE_REPORT_KEPT_H

#include "analyze/report/publication.h"
#include "analyze/report/report.h"
#include "schema/proof/hash.h"

enum kept {
    KEPT_NOT,  /* it is to be made */
    KEPT_NONE, /* nothing was made of it, and there is no file */
    KEPT_FILE  /* it was added as it stands */
};
/* `content`: all that the file would be made from, but for the program. */
int kept_add(const struct report *report, const char *path, const struct sha256 *content,
             struct publication *publication, enum kept *ret, struct err *err) must_check;
/* Keeps in mind that the file was made from `content`, or that there is none of it. */
void kept_note(const struct report *report, const char *path, const struct sha256 *content, enum kept what);

#endif
