/* Any bytes through the readers of CSV and XML: what they give lies within the input. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/read/csv.h"
#include "schema/read/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_csv(struct str text)
{
    struct arena arena = {0};
    struct csv_reader reader = csv_reader(text);
    struct csv_record record = {0};
    struct err err = {0};
    int r = 0, line = 0;
    while ((r = csv_next(&reader, &arena, &record, &err)) == 1) {
        if (record.line <= line || record.count == 0)
            abort();
        line = record.line;
        for (size_t i = 0; i < record.count; i++)
            if (record.fields[i].len > text.len || record.fields[i].data[record.fields[i].len] != '\0')
                abort();
    }
    if (r < 0 && (err.text[0] == '\0' || err.line < 1))
        abort();
    arena_done(&arena);
}

static void walk(struct str text, const struct xml_element *element, size_t begin, size_t end)
{
    for (size_t at = begin; element != NULL; element = element->next) {
        size_t last = element->end == 0 ? end : element->end;
        if (element->begin < at || element->inner < element->begin || last > end || element->line < 1)
            abort();
        for (size_t i = 0; i < element->attribute_count; i++) {
            struct str place;
            if (!xml_attribute_place(text, element, element->attributes[i].name, &place) || place.len > text.len)
                abort();
        }
        walk(text, element->first, element->inner, last);
        at = last;
    }
}

static void read_xml(struct str text)
{
    struct arena arena = {.max = (size_t)64 << 20};
    struct xml_element *root = NULL;
    struct err err = {0};
    size_t used = 0;
    int r = xml_read(text, &arena, &root, &used, &err);
    if ((r < 0 && err.text[0] == '\0') || (r == 0 && (root == NULL || used > text.len || used != root->end)))
        abort();
    walk(text, root, 0, text.len);
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy without NUL behind it: reading past the end is seen. */
    autofree char *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return 0;
    if (size > 0)
        memcpy(bytes, data, size);
    read_csv(str_slice(bytes, size));
    read_xml(str_slice(bytes, size));
    return 0;
}
