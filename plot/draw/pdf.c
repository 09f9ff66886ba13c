/* PDF by Cairo: vectors, embedded subsets of the fonts, title and alt text as metadata. The creation date is that of
 * SOURCE_DATE_EPOCH and absent without it, so that the same data gives the same bytes. */
#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>

#include "plot/draw/draw.h"
#include "plot/draw/paint.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"

/* A logical px is 1/96 inch, a point 1/72. */
#define POINTS_PER_PX 0.75
#define FINE 1000      /* vectors need no grid of px */
#define SIDE_MAX 14400 /* points: what readers of PDF accept */

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    struct buf *into = closure;
    buf_add(into, (const char *)data, length);
    return buf_check(into, NULL) < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_date(cairo_surface_t *surface)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH"); /* NOLINT(concurrency-mt-unsafe): nothing here sets it */
    char text[CLOCK_TEXT_SIZE] = "";
    int64_t seconds = 0;
    if (epoch != NULL && number_parse_int64(str_of(epoch), &seconds) && seconds >= 0 && seconds < 253402300800) {
        clock_format(text, seconds * 1000000);
    }
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
}

int draw_pdf(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into, struct err *err)
{
    (void)scale;
    double width = layout->width * POINTS_PER_PX, height = layout->height * POINTS_PER_PX;
    if (!(width >= 1 && height >= 1 && width <= SIDE_MAX && height <= SIDE_MAX)) {
        err_set(err, ERR_LIMIT, "the page would be %.0f × %.0f points", width, height);
        return err_hint(err, "a side may have at most %d points; leave out some rows", SIDE_MAX);
    }
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, into, width, height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, layout->title != NULL ? layout->title : "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, layout->alt != NULL ? layout->alt : "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "crosschip-plot");
    set_date(surface);
    int result = paint_layout(draw, surface, layout, POINTS_PER_PX, FINE, err);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    /* What the bytes had no room for says more than that the writing failed. */
    result = result < 0 ? result : buf_check(into, err);
    if (result == 0 && status != CAIRO_STATUS_SUCCESS) {
        result = err_set(err, ERR_INTERNAL, "writing the PDF failed: %s", cairo_status_to_string(status));
    }
    return result;
}
