/* The chip comparison chart of a comparison: what it says, and its files. */
#ifndef ANALYZE_REPORT_PICTURE_H
#define ANALYZE_REPORT_PICTURE_H

#include "analyze/report/report.h"
#include "plot/chart/chart.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"

#define PHONE_WIDTH 400.0 /* px: a page shows such a chart where the usual one does not fit */

/* A chart owns what it points to in its arena. */
struct picture {
    struct arena arena;
    struct chip_chart chart;
    char *alt; /* ≤ 250 characters */
};
void picture_done(struct picture *picture);
#define autopicture cleanup(picture_done)

/* One metric, or two when at least half of the rows have both. */
int picture_compose(const struct report *report, const struct comparison *comparison, struct picture *ret,
                    struct err *err) must_check;
/* The hash of everything that drawing it looks at. False: it has characters that only further fonts show, which nobody
 * keeps an eye on. */
bool picture_hash(const struct picture *picture, struct sha256 *ret);
/* PNG at 2× and SVG: light, dark. */
struct picture_files {
    struct buf png[2], svg[2];
};
int picture_draw(const struct picture *picture, struct draw *draw, struct picture_files *files,
                 struct err *err) must_check;
/* Only the SVG, light: a page colours it for both themes. */
int picture_svg(const struct picture *picture, struct draw *draw, struct buf *svg, struct err *err) must_check;
/* The bytes of such a file as part of a page: another head, since a page has one style and ids of its own. `where`: the
 * class "wide" or "phone" of one of two that stand for each other; NULL = it stands alone. */
void picture_inline(struct str file, const char *where, struct buf *into);

#endif
