#include "schema/formats/xml_documents.h"

#include <string.h>

#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

#define ARENA_MAX ((size_t)256 << 20)

size_t xml_documents_find(struct str text, size_t from, const char *const *roots)
{
    for (size_t at = from; (at = str_find(text, STR("<"), at)) != SIZE_MAX; at++) {
        struct str rest = str_slice(text.data + at + 1, text.len - at - 1);
        for (size_t i = 0; roots[i] != NULL; i++) {
            size_t length = strlen(roots[i]);
            if (str_starts_with(rest, str_of(roots[i])) && rest.len > length &&
                strchr(" \t\r\n>", rest.data[length]) != NULL)
                return at;
        }
    }
    return SIZE_MAX;
}

int xml_document_open(struct xml_document *document, struct err *err)
{
    document->reading = lines_reading(document->format, document->input);
    return document->reading == NULL ? mem_error(err) : 0;
}

int xml_document_close(struct xml_document *document, int result, const char *nothing, struct reading_list *into,
                       struct err *err)
{
    struct reading *reading = document->reading;
    document->reading = NULL;
    if (result >= 0)
        return lines_finish(reading, document->begin, document->end, document->broken ? NULL : nothing, into, err);
    reading_free(reading);
    return result;
}

/* Lines of the document as lines of the input. */
static void place_fault(const struct xml_document *document, struct err *fault)
{
    struct line_cursor cursor = line_cursor(document->input->text);
    line_cursor_move(&cursor, document->begin);
    if (fault->line == 1)
        fault->column += line_cursor_column(&cursor) - 1;
    fault->line += cursor.line - 1;
}

static int read_document(struct xml_document *document, xml_document_reader *read, struct reading_list *into,
                         struct err *err)
{
    struct arena tree cleanup(arena_done) = {.max = ARENA_MAX};
    struct xml_element *root = NULL;
    struct err fault = {0};
    size_t used = 0;
    int broken = xml_read(document->text, &tree, &root, &used, &fault);
    document->tree = &tree;
    document->root = root;
    document->broken = broken < 0;
    document->end = broken < 0 ? document->input->text.len : document->begin + used;
    int r = root == NULL ? 0 : read(document, into, err);
    document->tree = NULL;
    document->root = NULL;
    if (r < 0 || broken == 0)
        return r;
    place_fault(document, &fault);
    if (err != NULL)
        *err = fault;
    return broken;
}

int xml_documents_read(const struct format *format, const struct format_input *input, const char *const *roots,
                       xml_document_reader *read, struct reading_list *into, struct err *err)
{
    int r = 0;
    size_t found = 0;
    for (size_t at = 0, from = 0; r == 0 && (at = xml_documents_find(input->text, from, roots)) != SIZE_MAX; found++) {
        /* A document type declaration in front is part of the document: that is why it will be refused. */
        size_t declared = str_find(str_slice(input->text.data, at), STR("<!DOCTYPE"), from);
        at = declared != SIZE_MAX ? declared : at;
        struct xml_document document = {.format = format,
                                        .input = input,
                                        .text = str_slice(input->text.data + at, input->text.len - at),
                                        .begin = at};
        r = read_document(&document, read, into, err);
        from = document.end;
    }
    if (found == 0)
        return err_set(err, ERR_DATA, "there is no <%s> in it", roots[0]);
    return r;
}

/* ---------------------------------------------------------------- private stretches */

static void hide(const struct xml_document *document, struct str place, enum private_kind kind)
{
    if (str_trim(place).len > 0 && !str_starts_with(place, STR("[removed:")) && !str_starts_with(place, STR("[text:")))
        reading_add_private(document->reading, (size_t)(place.data - document->input->text.data), place.len, kind);
}

void xml_document_path(const struct xml_document *document, const struct xml_element *element, const char *attribute)
{
    struct str place, folder, base;
    if (!xml_attribute_place(document->text, element, attribute, &place) || !reader_path_is_private(place))
        return;
    reader_split_path(place, &folder, &base);
    hide(document, folder, PRIVATE_PATH);
}

const char *xml_document_name(const struct xml_document *document, const struct xml_element *element,
                              const char *attribute)
{
    const char *value = xml_attribute(element, attribute);
    if (value == NULL)
        return NULL;
    xml_document_path(document, element, attribute);
    return benchmark_name(document->reading, document->input, str_of(value));
}

void xml_document_private(const struct xml_document *document, const struct xml_element *element, const char *attribute,
                          enum private_kind kind)
{
    struct str place;
    if (xml_attribute_place(document->text, element, attribute, &place))
        hide(document, place, kind);
}

void xml_document_private_text(const struct xml_document *document, const struct xml_element *element,
                               enum private_kind kind)
{
    if (element->inner_end > element->inner)
        hide(document, str_slice(document->text.data + element->inner, element->inner_end - element->inner), kind);
}

void xml_document_private_gaps(const struct xml_document *document, const struct xml_element *element)
{
    size_t at = element->inner;
    if (element->text_length == 0)
        return;
    for (const struct xml_element *child = element->first; child != NULL; child = child->next) {
        hide(document, str_slice(document->text.data + at, child->begin - at), PRIVATE_TEXT);
        at = child->end;
    }
    if (at > 0 && element->inner_end > at)
        hide(document, str_slice(document->text.data + at, element->inner_end - at), PRIVATE_TEXT);
}

void xml_document_private_element(const struct xml_document *document, const struct xml_element *element)
{
    if (element->end > element->begin)
        hide(document, str_slice(document->text.data + element->begin, element->end - element->begin), PRIVATE_TEXT);
}
