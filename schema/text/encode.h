/* Untrusted text into one kind of document each, so that it can only be read there.
 *
 * Every encoder takes UTF-8 from strangers. All but JSON first clean it: an invalid byte
 * becomes U+FFFD; line breaks and tabs become one blank; other characters that change how
 * text is shown (controls, bidi, zero-width; utf8_is_unsafe) are dropped; of a run of
 * combining marks eight are kept. Nothing fails but the buffer (buf_check).
 * Rules: GitHub Flavored Markdown 0.29, WHATWG HTML, RFC 4180 and OWASP on formulas. */
#ifndef SCHEMA_TEXT_ENCODE_H
#define SCHEMA_TEXT_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

#define ENCODE_CELL_MAX 80    /* code points of a table cell, then "…" */

/* Only the cleaning. */
void encode_plain(struct buf *into, struct str text);
/* As encode_plain, at most `most` code points (the last one "…" when cut). */
void encode_plain_capped(struct buf *into, struct str text, size_t most);
/* Running text, link text and headings: no link, emphasis, code, mathematics, mention or HTML comes of it. */
void encode_markdown(struct buf *into, struct str text);
/* The same for a table cell: trimmed, capped at ENCODE_CELL_MAX. */
void encode_markdown_cell(struct buf *into, struct str text);
/* A code span whose fence is longer than any run of back-ticks inside; `in_table`: vertical bars are escaped. */
void encode_markdown_code(struct buf *into, struct str text, bool in_table);
/* Text and quoted attribute values of HTML: & < > " ' as entities. */
void encode_html(struct buf *into, struct str text);
/* Text and quoted attribute values of SVG and XML. */
void encode_xml(struct buf *into, struct str text);
/* One CSV field: quoted, and with ' in front when a spreadsheet would take it for a formula. */
void encode_csv_text(struct buf *into, struct str text);
/* A JSON string with its quotes that may stand inside a <script>: < > & and U+2028, U+2029 as \u escapes. */
void encode_json_in_page(struct buf *into, struct str text);
/* A part of a file name: at most 40 characters of [a-z0-9-], then '-' and 8 hex digits of the
 * FNV-1a hash of the exact bytes, which keeps names apart that differ in case or in other characters only. */
void encode_file_name(struct buf *into, struct str text);
/* The same with a hash of `key` instead: for things that differ in more than their name tells. */
void encode_file_name_keyed(struct buf *into, struct str text, struct str key);
/* What a terminal may get: controls are shown as \xNN. */
void encode_terminal(struct buf *into, struct str text);
/* The anchor that GitHub makes of a heading with this plain text. */
void encode_anchor(struct buf *into, struct str text);

#endif
