/* Strict reader of XML 1.0 over UTF-8 in memory, as a tree in an arena.
 *
 * Parsed by expat. A document type declaration is refused, so there are no entities but the five of XML, nothing is
 * fetched, and nothing can grow: the tree is bounded by the input and by the limits below. Comments and processing
 * instructions are passed over; names keep their prefixes. Reading stops behind the root element, so that logs may
 * follow it; an encoding that the declaration names is ignored, as the bytes are UTF-8 already. */
#ifndef SCHEMA_READ_XML_H
#define SCHEMA_READ_XML_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define XML_DEPTH_MAX 64
#define XML_ELEMENTS_MAX ((size_t)200000)
#define XML_ATTRIBUTES_MAX ((size_t)64)
#define XML_NAME_BYTES_MAX ((size_t)256)
#define XML_TEXT_BYTES_MAX ((size_t)1 << 20) /* text of one element, or value of one attribute */

struct xml_attribute {
    const char *name, *value;
};
struct xml_element {
    const char *name;
    struct xml_attribute *attributes;
    size_t attribute_count;
    const char *text; /* of the element itself, without that of its children; never NULL */
    struct xml_element *parent, *first, *next;
    int line;          /* of the start tag, from 1 */
    size_t begin, end; /* the element in the input; end = 0 where it broke off */
    size_t inner;      /* behind the start tag */
    size_t inner_end;  /* where the end tag begins */
    size_t text_length, text_capacity;
    struct xml_element *last;
};

/* Reads the element that begins at the front of `text` (behind a declaration, comments and blanks). *ret_used tells
 * where it ends. On failure *ret_root is what was read until then, NULL when nothing was: -ERR_SYNTAX for what is no
 * XML or broke off, -ERR_LIMIT, -ERR_MEMORY, with line and column. */
int xml_read(struct str text, struct arena *arena, struct xml_element **ret_root, size_t *ret_used,
             struct err *err) must_check;
/* Value of an attribute, NULL when it is not there. */
const char *xml_attribute(const struct xml_element *element, const char *name);
/* The first child of that name, and the next element of that name after `element`; NULL. A NULL parent has none. */
const struct xml_element *xml_child(const struct xml_element *parent, const char *name);
const struct xml_element *xml_sibling(const struct xml_element *element, const char *name);
/* Text of the first child of that name; "" when it is not there. */
const char *xml_child_text(const struct xml_element *parent, const char *name);
/* Where the value of an attribute stands in the input, without its quotes; false when it is not found. */
bool xml_attribute_place(struct str text, const struct xml_element *element, const char *name, struct str *ret);

#endif
