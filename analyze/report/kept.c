#include "analyze/report/kept.h"

#include <string.h>

#include "analyze/report/drawn.h"
#include "analyze/report/standing.h"

/* In the place of the hash of a chart's bytes: the file is known by how it stands, or there is none. */
static const struct sha256 stands = {{1}}, none = {{0}};

int kept_add(const struct report *report, const char *path, const struct sha256 *content,
             struct publication *publication, enum kept *ret, struct err *err)
{
    struct sha256 bytes;

    *ret = KEPT_NOT;
    if (report->hashes == NULL || !drawn_knows(report->drawn, path, content, &bytes))
        return 0;
    if (memcmp(&bytes, &none, sizeof(bytes)) == 0)
        *ret = KEPT_NONE;
    else if (memcmp(&bytes, &stands, sizeof(bytes)) == 0 && standing_knows(report->standing, path))
        *ret = KEPT_FILE;
    if (*ret == KEPT_NOT)
        return 0;
    kept_note(report, path, content, *ret);
    report->drawn->kept++;
    return *ret == KEPT_FILE ? publication_add_standing(publication, path, report->standing, err) : 0;
}

void kept_note(const struct report *report, const char *path, const struct sha256 *content, enum kept what)
{
    if (report->hashes != NULL && report->drawn != NULL)
        drawn_keep(report->drawn, path, content, what == KEPT_FILE ? &stands : &none);
}
