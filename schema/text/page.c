#include "schema/text/page.h"

#include "schema/base/embedded.h"
#include "schema/text/encode.h"

#include "gen/schema/text/files.inc"

struct str page_style(void)
{
    return str_slice((const char *)embedded_files[0].data, embedded_files[0].size);
}

static void add_attribute(struct buf *into, const char *before, const char *value)
{
    buf_adds(into, before);
    encode_html(into, str_of(value));
    buf_adds(into, "\">\n");
}

static void add_policy(const struct page *page, struct buf *into)
{
    buf_adds(into, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
                   "form-action 'none'; img-src 'self' data:; style-src '");
    buf_adds(into, page->style_source);
    if (page->script.len > 0)
        buf_addf(into, "'; script-src '%s", page->script_source);
    buf_adds(into, "'\">\n");
}

static void add_head(const struct page *page, struct buf *into)
{
    const struct str style = page_style();

    buf_adds(into, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(page, into);
    buf_adds(into, "<title>");
    encode_html(into, str_of(page->title));
    if (!text_equal(page->title, page->site)) {
        buf_adds(into, " – ");
        encode_html(into, str_of(page->site));
    }
    buf_adds(into, "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n");
    if (page->description != NULL)
        add_attribute(into, "<meta name=\"description\" content=\"", page->description);
    if (page->feed != NULL)
        add_attribute(into, "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"New results\" href=\"",
                      page->feed);
    buf_adds(into, "<style>");
    buf_add(into, style.data, style.len);
    buf_adds(into, "</style>\n</head>\n");
}

void page_begin(const struct page *page, struct buf *into)
{
    add_head(page, into);
    buf_adds(
        into,
        "<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n<a class=\"home\" href=\"");
    encode_html(into, str_of(page->home));
    buf_adds(into, "\">");
    encode_html(into, str_of(page->site));
    buf_adds(into, "</a>\n<nav aria-label=\"Pages\">\n");
    for (const struct page_link *link = page->links; link != NULL && link->href != NULL; link++)
        buf_addf(into, "<a href=\"%s\"%s>%s</a>\n", link->href,
                 text_equal(link->href, page->here) ? " aria-current=\"page\"" : "", link->text);
    buf_adds(into, "</nav>\n</header>\n<main id=\"content\" tabindex=\"-1\">\n");
}

void page_end(const struct page *page, const char *words, struct buf *into)
{
    buf_adds(into, "</main>\n<footer>\n");
    if (words != NULL)
        buf_addf(into, "<p>%s</p>\n", words);
    buf_adds(into, "</footer>\n");
    if (page->script.len > 0) {
        buf_adds(into, "<script>");
        buf_add(into, page->script.data, page->script.len);
        buf_adds(into, "</script>\n");
    }
    buf_adds(into, "</body>\n</html>\n");
}
