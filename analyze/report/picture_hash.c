/* What a chart is drawn from, as one hash. */
#include "analyze/report/picture.h"
#include "schema/base/str.h"

#define CONTENT_BYTES_MAX ((size_t)16 << 20)

/* Whoever adds a member decides here whether it is part of the content. */
#if defined(__LP64__)
_Static_assert(sizeof(struct chip_chart) == 96 && sizeof(struct chart_row) == 56 && sizeof(struct chart_metric) == 24 &&
                   sizeof(struct chart_value) == 56,
               "picture_hash takes every member");
#endif

static void add_text(struct buf *into, const char *text)
{
    buf_addf(into, "%d %zu\n", text != NULL, str_of(text).len);
    buf_adds(into, text != NULL ? text : "");
}

static void add_row(const struct chip_chart *chart, const struct chart_row *row, struct buf *into)
{
    add_text(into, row->name);
    add_text(into, row->short_name);
    add_text(into, row->variant);
    add_text(into, row->group);
    add_text(into, row->note);
    buf_addf(into, "%d", row->baseline);
    for (size_t i = 0; i < chart->metric_count; i++) {
        const struct chart_value *value = &row->values[i];

        buf_addf(into, " %a %a %a %a %a %a %ld", value->value, value->low, value->high, value->factor,
                 value->factor_low, value->factor_high, value->runs);
    }
}

/* The fonts that are asked for first have Latin letters, punctuation and arrows. */
static bool is_plain(const struct buf *content)
{
    const char *at = buf_text(content), *end = at + content->len;
    uint32_t code_point = 0;

    while (at < end) {
        const size_t length = utf8_decode(at, end, &code_point);

        if (length == 0 || (code_point >= 0x250 && code_point < 0x2000) || code_point >= 0x2300)
            return false;
        at += length;
    }
    return true;
}

bool picture_hash(const struct picture *picture, struct sha256 *ret)
{
    const struct chip_chart *chart = &picture->chart;
    autobuf struct buf content = BUF(CONTENT_BYTES_MAX);

    buf_addf(&content, "%zu %zu %zu %a %d\n", chart->footer_count, chart->metric_count, chart->row_count, chart->width,
             chart->show_all);
    add_text(&content, chart->title);
    add_text(&content, chart->subtitle);
    add_text(&content, chart->baseline_name);
    add_text(&content, chart->alt);
    for (size_t i = 0; i < chart->footer_count; i++)
        add_text(&content, chart->footer[i]);
    for (size_t i = 0; i < chart->metric_count; i++) {
        add_text(&content, chart->metrics[i].title);
        add_text(&content, chart->metrics[i].unit);
        buf_addf(&content, "%d\n", chart->metrics[i].higher_is_better);
    }
    for (size_t i = 0; i < chart->row_count; i++)
        add_row(chart, &chart->rows[i], &content);
    *ret = sha256_of(buf_text(&content), content.len);
    return content.failed == 0 && is_plain(&content);
}
