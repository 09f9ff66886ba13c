/* A chart inside of a page. */
#include "analyze/report/picture.h"

/* What stands between two marks of the file; our own writer made it, texts in it are encoded. */
static struct str between(struct str whole, struct str from, struct str to)
{
    const size_t begin = str_find(whole, from, 0);

    if (begin == SIZE_MAX)
        return str_slice("", 0);
    const size_t end = str_find(whole, to, begin + from.len);

    return end == SIZE_MAX ? str_slice("", 0) : str_slice(whole.data + begin + from.len, end - begin - from.len);
}

/* The file has ids of its own and a style that the policy of a page refuses: it gets another head. */
void picture_inline(struct str file, const char *where, struct buf *into)
{
    const struct str box = between(file, STR("viewBox=\""), STR("\"")), end = STR("</svg>");
    const struct str title = between(file, STR("<title id=\"title\">"), STR("</title>"));
    const struct str words = between(file, STR("<desc id=\"desc\">"), STR("</desc>"));
    const struct str body = between(file, STR("</desc>"), end);

    buf_addf(into,
             "<div class=\"scroll%s%s\" role=\"region\" tabindex=\"0\" aria-label=\"Chart: ", where != NULL ? " " : "",
             where != NULL ? where : "");
    buf_add(into, title.data, title.len);
    buf_addf(into, "\">\n<svg viewBox=\"%.*s\" role=\"img\" aria-label=\"", (int)box.len, box.data);
    buf_add(into, words.data, words.len);
    buf_adds(into, "\" font-family=\"Inter,Noto Sans,DejaVu Sans,sans-serif\">");
    buf_add(into, body.data, body.len);
    buf_adds(into, "</svg>\n</div>\n");
}

int picture_svg(const struct picture *picture, struct draw *draw, struct buf *svg, struct err *err)
{
    const struct text_measure measure = draw_measure(draw);
    struct chart_layout layout = {.width = 0};
    int status = chart_lay_out_chips(&picture->chart, THEME_LIGHT, &measure, &layout, err);

    if (status < 0)
        return status;
    status = draw_svg(draw, &layout, 1, svg, err);
    chart_layout_done(&layout);
    return status;
}
