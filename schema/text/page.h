/* The frame of a page: what stands around the content of every HTML page of ours.
 *
 * A page is one file that loads nothing: its style and, where it has one, its script stand in it and are named by
 * their hashes in the content security policy; nothing else runs or is fetched. Content is UTF-8 HTML that the
 * caller has encoded (encode_html). */
#ifndef SCHEMA_TEXT_PAGE_H
#define SCHEMA_TEXT_PAGE_H

#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

struct page_link {
    const char *href, *text;    /* of ours; a list ends with a NULL href */
};
struct page {
    const char *title;          /* untrusted */
    const char *description;    /* untrusted; NULL = none */
    const char *site;           /* of whom the page is: behind the title and as the link home */
    const char *home;           /* href of that link */
    const char *feed;           /* href of the Atom feed; NULL = none */
    const char *style_source;   /* "sha256-…" of page_style() */
    struct str script;          /* without "</script"; empty = none */
    const char *script_source;  /* its "sha256-…" */
    const struct page_link *links;
    const char *here;           /* the href among `links` that is this page; NULL = none */
};

/* The style of all pages. */
struct str page_style(void);
/* Everything up to and with <main>; then comes the content. */
void page_begin(const struct page *page, struct buf *into);
/* `words`: one line of HTML for the foot; NULL = none. */
void page_end(const struct page *page, const char *words, struct buf *into);

#endif
