/* The site: static pages that need no server and no script.
 *
 * All pages stand in one folder, so that links between them are plain names; their names are made by the
 * file-name encoder from names of chips and models and stay the same from publication to publication. A page
 * loads nothing: charts are inline SVG. Same data, same bytes; what the charts measure depends on the fonts. */
#ifndef ANALYZE_SITE_SITE_H
#define ANALYZE_SITE_SITE_H

#include "analyze/report/publication.h"
#include "analyze/report/report.h"

#define SITE_SUBMISSIONS_MAX 2000 /* pages of submissions */
#define SITE_PAIRS_MAX 2000       /* pages that compare two chips */

/* The address of a submission's page, seen from the folder that holds site/. */
void site_submission_address(const struct submission *submission, struct buf *into);
/* Adds site/ to a publication that has its charts already. */
int site_make(const struct report *report, struct publication *publication, struct err *err) must_check;

/* Only the pages of submissions, which site_make then leaves out (report.apart). */
int site_make_submissions(const struct report *report, struct publication *publication, struct err *err) must_check;

#endif
