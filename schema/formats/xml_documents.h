/* XML documents of one tool, one after another, each a reading: with noise before
 * and between, and what was complete of one that broke off. */
#ifndef SCHEMA_FORMATS_XML_DOCUMENTS_H
#define SCHEMA_FORMATS_XML_DOCUMENTS_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/formats/formats.h"
#include "schema/read/xml.h"

struct xml_document {
    const struct format *format;
    const struct format_input *input;
    struct arena *tree;             /* for what need not live longer than the elements */
    struct reading *reading;        /* the one that is being filled */
    const struct xml_element *root; /* its offsets count from `begin` */
    struct str text;                /* the input from `begin` on */
    size_t begin, end;              /* in the input */
    bool broken;                    /* the elements end where it broke off */
};

/* Where the first start tag at or after `from` is that has one of the names (NULL-terminated); SIZE_MAX. */
size_t xml_documents_find(struct str text, size_t from, const char *const *roots);
/* `read` adds the readings of one document; of a broken one it gets what stood before the fault. */
typedef int xml_document_reader(struct xml_document *document, struct reading_list *into, struct err *err);
int xml_documents_read(const struct format *format, const struct format_input *input, const char *const *roots,
                       xml_document_reader *read, struct reading_list *into, struct err *err) must_check;
/* A new reading of the document, and its end: the reading goes to the list. `nothing` is the problem told when there is
 * no run, `result` what filling it gave. */
int xml_document_open(struct xml_document *document, struct err *err) must_check;
int xml_document_close(struct xml_document *document, int result, const char *nothing, struct reading_list *into,
                       struct err *err) must_check;

/* A name that an attribute gives, without folders of a private path, which are marked; NULL when there is none. */
const char *xml_document_name(const struct xml_document *document, const struct xml_element *element,
                              const char *attribute);
/* The folder of a private path in an attribute stays on the machine. */
void xml_document_path(const struct xml_document *document, const struct xml_element *element, const char *attribute);
/* The value of an attribute, or all that stands in an element, stays on the machine. */
void xml_document_private(const struct xml_document *document, const struct xml_element *element, const char *attribute,
                          enum private_kind kind);
void xml_document_private_text(const struct xml_document *document, const struct xml_element *element,
                               enum private_kind kind);
/* What stands in an element beside its children: a program's own output got between. */
void xml_document_private_gaps(const struct xml_document *document, const struct xml_element *element);
/* The whole element stays, as if it were not there. */
void xml_document_private_element(const struct xml_document *document, const struct xml_element *element);

#endif
