#include "schema/read/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BLANK " \t\r\n"

struct xml_reading {
    XML_Parser parser;
    struct arena *arena;
    struct xml_element *root, *open;
    struct err *err;
    size_t elements, end;
    int depth;
    bool finished;
    int failed; /* a code of ours; expat's own errors are asked for at the end */
};

static size_t offset_of(const struct xml_reading *reading)
{
    XML_Index index = XML_GetCurrentByteIndex(reading->parser);
    return index < 0 ? 0 : (size_t)index;
}

static size_t length_of(const struct xml_reading *reading)
{
    int count = XML_GetCurrentByteCount(reading->parser);
    return count < 0 ? 0 : (size_t)count;
}

static int line_of(const struct xml_reading *reading)
{
    return (int)XML_GetCurrentLineNumber(reading->parser);
}

static void fail(struct xml_reading *reading, enum err_code code, const char *text)
{
    if (reading->failed != 0)
        return;
    (void)err_set(reading->err, code, "%s", text);
    (void)err_at(reading->err, line_of(reading), (int)XML_GetCurrentColumnNumber(reading->parser) + 1);
    reading->failed = -(int)code;
    (void)XML_StopParser(reading->parser, XML_FALSE);
}

static void no_memory(struct xml_reading *reading)
{
    fail(reading, ERR_MEMORY, "out of memory");
}

static void link_element(struct xml_reading *reading, struct xml_element *element)
{
    element->parent = reading->open;
    if (reading->open == NULL)
        reading->root = element;
    else if (reading->open->last == NULL)
        reading->open->first = element;
    else
        reading->open->last->next = element;
    if (reading->open != NULL)
        reading->open->last = element;
    reading->open = element;
}

static bool take_attributes(struct xml_reading *reading, struct xml_element *element, const XML_Char **pairs)
{
    size_t count = 0;
    while (pairs[2 * count] != NULL)
        count++;
    if (count > XML_ATTRIBUTES_MAX) {
        fail(reading, ERR_LIMIT, "an element has too many attributes");
        return false;
    }
    element->attributes = arena_alloc(reading->arena, count + 1, sizeof *element->attributes);
    for (size_t i = 0; element->attributes != NULL && i < count; i++) {
        if (strlen(pairs[2 * i]) > XML_NAME_BYTES_MAX || strlen(pairs[2 * i + 1]) > XML_TEXT_BYTES_MAX) {
            fail(reading, ERR_LIMIT, "an attribute is too long");
            return false;
        }
        element->attributes[i].name = arena_strdup(reading->arena, pairs[2 * i]);
        element->attributes[i].value = arena_strdup(reading->arena, pairs[2 * i + 1]);
    }
    element->attribute_count = count;
    return true;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_reading *reading = context;
    if (reading->failed != 0)
        return;
    if (++reading->depth > XML_DEPTH_MAX || ++reading->elements > XML_ELEMENTS_MAX ||
        strlen(name) > XML_NAME_BYTES_MAX) {
        fail(reading, ERR_LIMIT,
             reading->depth > XML_DEPTH_MAX         ? "elements stand too deep in one another"
             : reading->elements > XML_ELEMENTS_MAX ? "there are too many elements"
                                                    : "the name of an element is too long");
        return;
    }
    struct xml_element *element = arena_alloc(reading->arena, 1, sizeof *element);
    if (element == NULL) {
        no_memory(reading);
        return;
    }
    *element = (struct xml_element){.name = arena_strdup(reading->arena, name),
                                    .text = "",
                                    .line = line_of(reading),
                                    .begin = offset_of(reading),
                                    .inner = offset_of(reading) + length_of(reading)};
    if (!take_attributes(reading, element, attributes))
        return;
    link_element(reading, element);
    if (arena_check(reading->arena, NULL) < 0)
        no_memory(reading);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xml_reading *reading = context;
    (void)name;
    if (reading->failed != 0 || reading->open == NULL)
        return;
    struct xml_element *element = reading->open;
    element->end = offset_of(reading) + length_of(reading);
    /* The end of <a/> is reported at the tag itself, with no length left. */
    element->inner_end = offset_of(reading) < element->inner ? element->inner : offset_of(reading);
    if (element->end < element->inner)
        element->end = element->inner;
    reading->open = element->parent;
    reading->depth--;
    if (reading->open == NULL) {
        reading->finished = true;
        reading->end = element->end;
        (void)XML_StopParser(reading->parser, XML_FALSE);
    }
}

static bool is_blank(const XML_Char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(BLANK, text[i]) == NULL || text[i] == '\0')
            return false;
    return true;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int count)
{
    struct xml_reading *reading = context;
    struct xml_element *element = reading->open;
    size_t length = count < 0 ? 0 : (size_t)count;
    if (reading->failed != 0 || element == NULL || (element->text_length == 0 && is_blank(text, length)))
        return;
    if (length > XML_TEXT_BYTES_MAX - element->text_length) {
        fail(reading, ERR_LIMIT, "the text of an element is too long");
        return;
    }
    char *grown = arena_grow(reading->arena, element->text_length == 0 ? NULL : (void *)(uintptr_t)element->text,
                             &element->text_capacity, element->text_length + length + 1, 1);
    if (grown == NULL) {
        no_memory(reading);
        return;
    }
    memcpy(grown + element->text_length, text, length);
    element->text_length += length;
    grown[element->text_length] = '\0';
    element->text = grown;
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                               int internal)
{
    struct xml_reading *reading = context;
    (void)name, (void)system, (void)public, (void)internal;
    fail(reading, ERR_SYNTAX, "a document type declaration, which is not read");
}

static int expat_error(struct xml_reading *reading)
{
    enum XML_Error code = XML_GetErrorCode(reading->parser);
    if (code == XML_ERROR_NO_MEMORY)
        return mem_error(reading->err);
    bool broke_off = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                     code == XML_ERROR_UNCLOSED_CDATA_SECTION || code == XML_ERROR_PARTIAL_CHAR;
    (void)err_set(reading->err, ERR_SYNTAX, "%s: %s", broke_off ? "the XML breaks off" : "no XML",
                  XML_ErrorString(code));
    (void)err_at(reading->err, line_of(reading), (int)XML_GetCurrentColumnNumber(reading->parser) + 1);
    return -(int)ERR_SYNTAX;
}

static int parse(struct xml_reading *reading, struct str text)
{
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reading->parser, on_doctype);
    (void)XML_SetParamEntityParsing(reading->parser, XML_PARAM_ENTITY_PARSING_NEVER);
    enum XML_Status status = XML_Parse(reading->parser, text.data, (int)text.len, XML_TRUE);
    if (reading->failed != 0)
        return reading->failed;
    return reading->finished ? 0 : status == XML_STATUS_OK ? -(int)ERR_SYNTAX : expat_error(reading);
}

int xml_read(struct str text, struct arena *arena, struct xml_element **ret_root, size_t *ret_used, struct err *err)
{
    struct xml_reading reading = {.arena = arena, .err = err};
    *ret_root = NULL;
    if (text.len > INT32_MAX)
        return err_set(err, ERR_LIMIT, "the XML is longer than 2 GiB");
    reading.parser = XML_ParserCreate("UTF-8");
    if (reading.parser == NULL)
        return mem_error(err);
    int r = parse(&reading, text);
    XML_ParserFree(reading.parser);
    *ret_root = reading.root;
    *ret_used = reading.end;
    return r;
}

/* ---------------------------------------------------------------- looking into the tree */

const char *xml_attribute(const struct xml_element *element, const char *name)
{
    for (size_t i = 0; element != NULL && i < element->attribute_count; i++)
        if (text_equal(element->attributes[i].name, name))
            return element->attributes[i].value;
    return NULL;
}

static const struct xml_element *named(const struct xml_element *element, const char *name)
{
    while (element != NULL && !text_equal(element->name, name))
        element = element->next;
    return element;
}

const struct xml_element *xml_child(const struct xml_element *parent, const char *name)
{
    return parent == NULL ? NULL : named(parent->first, name);
}

const struct xml_element *xml_sibling(const struct xml_element *element, const char *name)
{
    return element == NULL ? NULL : named(element->next, name);
}

const char *xml_child_text(const struct xml_element *parent, const char *name)
{
    const struct xml_element *child = xml_child(parent, name);
    return child == NULL ? "" : child->text;
}

/* Walks the start tag, which expat has found well-formed: name="value" or name='value', blanks around the sign. */
bool xml_attribute_place(struct str text, const struct xml_element *element, const char *name, struct str *ret)
{
    struct str tag = str_slice(text.data + element->begin, element->inner - element->begin);
    const struct str wanted = str_of(name);
    size_t at = 0;
    while (at < tag.len && strchr(BLANK, tag.data[at]) == NULL)
        at++;
    while (at < tag.len) {
        while (at < tag.len && strchr(BLANK, tag.data[at]) != NULL)
            at++;
        size_t from = at;
        while (at < tag.len && tag.data[at] != '=')
            at++;
        struct str key = str_trim(str_slice(tag.data + from, at - from));
        while (at < tag.len && tag.data[at] != '"' && tag.data[at] != '\'')
            at++;
        size_t begin = at + 1, end = begin;
        while (end < tag.len && tag.data[end] != tag.data[at])
            end++;
        if (end >= tag.len)
            return false;
        *ret = str_slice(tag.data + begin, end - begin);
        if (str_equal(key, wanted))
            return true;
        at = end + 1;
    }
    return false;
}
