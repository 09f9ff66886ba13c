#include "analyze/report/badges.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

/* Widths are made of the number of characters, and textLength holds every font to them: no font decides about the
 * bytes. */
#define CHARACTER_WIDTH 6.6
#define PADDING 8.0
#define TEXT_MOST 80

void badge_path(const struct comparison *headline, const char *chip, struct buf *into)
{
    autobuf struct buf key = BUF(16384), slug = BUF(256);

    report_slug(headline, &slug);
    buf_addf(&key, "%s\n%s", chip, buf_text(&slug));
    buf_adds(into, "badges/");
    encode_file_name_keyed(into, str_of(catalog_short_chip_name(chip)), str_of(buf_text(&key)));
    buf_adds(into, ".svg");
}

void badge_words(const struct comparison *headline, const char *chip, struct buf *into)
{
    buf_addf(into, "%s: %s, ", catalog_short_chip_name(chip), headline->metrics[0].title);
    comparison_title(headline, into);
    buf_addf(into, " (%s)", headline->tool);
}

/* "126 GB/s · 2.3× M1 Max": a factor never stands without what it is a factor of. */
static void write_value(const struct comparison *comparison, size_t row, struct buf *into)
{
    const struct figure *figure = &comparison->rows[row].figures[0];
    char shown[FIGURE_SIZE];

    buf_addf(into, "%s %s", figure_value(shown, figure->value, (figure->high - figure->low) / 2),
             comparison->metrics[0].unit);
    if (isfinite(figure->factor) && row != comparison->baseline)
        buf_addf(into, " · %s %s", figure_factor(shown, figure->factor), comparison->baseline_name);
}

/* What it is, with its evidence: for who points at it or has it read aloud. */
static void write_title(const struct comparison *comparison, size_t row, const char *value, struct buf *into)
{
    const struct figure *figure = &comparison->rows[row].figures[0];

    comparison_row_name(&comparison->rows[row], true, into);
    buf_addf(into, ": %s; %s, ", value, comparison->metrics[0].title);
    comparison_title(comparison, into);
    buf_addf(into, " (%s)%s%s; ", comparison->tool, text_is_empty(comparison->rows[row].backend) ? "" : ", ",
             comparison->rows[row].backend);
    if (figure->runs < 0)
        buf_adds(into, "number of runs not known");
    else
        report_plural(into, (size_t)figure->runs, "run", "runs");
    buf_adds(into, ", ");
    report_plural(into, figure->devices, "device", "devices");
}

static void write_box(struct buf *into, double x, double width, const char *fill, const char *text)
{
    autobuf struct buf shown = BUF(4096);

    encode_plain_capped(&shown, str_of(text), TEXT_MOST);
    buf_addf(
        into,
        "<rect x=\"%.1f\" width=\"%.1f\" height=\"20\" fill=\"%s\"/><text x=\"%.1f\" y=\"14\" textLength=\"%.1f\">", x,
        width, fill, x + PADDING, width - 2 * PADDING);
    encode_xml(into, str_of(buf_text(&shown)));
    buf_adds(into, "</text>\n");
}

static double width_of(const char *text)
{
    const size_t length = utf8_length(str_of(text));

    return CHARACTER_WIDTH * (double)(length < TEXT_MOST ? length : TEXT_MOST) + 2 * PADDING;
}

/* "M4 Max"; "M4 Max · Llama 2 7B Q4_0, tg128" where there is more than one workload to be measured by. */
static void write_badge(const struct comparison *comparison, size_t row, bool several, struct buf *into)
{
    autobuf struct buf name = BUF(16384), value = BUF(4096), title = BUF(16384);

    buf_adds(&name, catalog_short_chip_name(comparison->rows[row].chip));
    if (several) {
        buf_adds(&name, " · ");
        comparison_title(comparison, &name);
    }
    write_value(comparison, row, &value);
    write_title(comparison, row, buf_text(&value), &title);
    const double left = width_of(buf_text(&name)), right = width_of(buf_text(&value));

    buf_addf(
        into,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.1f\" height=\"20\" role=\"img\" aria-labelledby=\"t\" "
        "font-family=\"Inter,Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" fill=\"#fff\">\n<title id=\"t\">",
        left + right);
    encode_xml(into, str_of(buf_text(&title)));
    buf_adds(into, "</title>\n");
    write_box(into, 0, left, "#36404a", buf_text(&name));
    write_box(into, left, right, "#0067a0", buf_text(&value));
    buf_adds(into, "</svg>\n");
}

static int add_headline(const struct comparison *headline, bool several, struct publication *publication,
                        struct err *err)
{
    for (size_t i = 0; i < headline->row_count; i++) {
        const size_t row = headline->by_value[i];
        autobuf struct buf bytes = BUF(1 << 16), path = BUF(4096);
        bool told = !isfinite(headline->rows[row].figures[0].value);

        for (size_t j = 0; j < i && !told; j++)
            told = text_equal(headline->rows[headline->by_value[j]].chip, headline->rows[row].chip);
        if (told)
            continue;
        badge_path(headline, headline->rows[row].chip, &path);
        write_badge(headline, row, several, &bytes);
        const int status = publication_add(publication, buf_text(&path), &bytes, err);

        if (status < 0)
            return status;
    }
    return 0;
}

int badges_make(const struct report *report, struct publication *publication, struct err *err)
{
    const struct comparison *items = report->comparisons->items;
    autofree size_t *headlines = mem_zalloc(report->comparisons->count + 1, sizeof(*headlines));
    const size_t count = headlines != NULL ? report_headlines(report, headlines) : 0;
    int status = headlines != NULL ? 0 : mem_error(err);

    for (size_t i = 0; status == 0 && i < count; i++)
        status = add_headline(&items[headlines[i]], report->comparisons->count > 1, publication, err);
    return status;
}
