/* Foreign JSON: objects, in a list, one after another or a line each, or in a list that is a member of one; then the
 * members beside the list belong to every row. */
#include "schema/formats/mapping_row.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/reader.h"
#include "schema/json/json.h"

struct records {
    struct mapping_writer *writer;
    struct str text;
    const struct json *outer; /* that holds the list; NULL */
    struct arena *arena;
    bool found[MAPPING_ITEMS_MAX]; /* some row had that member */
    char names[241];               /* of the first row, for the message */
    size_t rows;
    int line; /* of the document */
};
struct record_row {
    struct records *records;
    const struct json *object;
};

/* "llm_setup.prompt_tokens": the member of that name first, then member of member. */
static const struct json *follow(const struct json *object, const char *path)
{
    const struct json *whole = json_get(object, path);
    for (const char *dot = strchr(path, '.'); whole == NULL && dot != NULL; dot = strchr(dot + 1, '.')) {
        char key[MAPPING_NAME_MAX];
        size_t length = (size_t)(dot - path);
        if (length >= sizeof key)
            return NULL;
        memcpy(key, path, length);
        key[length] = '\0';
        const struct json *inner = json_get(object, key);
        whole = json_is(inner, JSON_OBJECT) ? follow(inner, dot + 1) : NULL;
    }
    return whole;
}

static void take_list(struct records *records, const struct json *list, struct mapping_cell *ret)
{
    double *numbers = arena_alloc(records->arena, json_count(list) + 1, sizeof *numbers);
    ret->kind = CELL_LIST;
    ret->list = numbers;
    for (const struct json *item = json_first(list); numbers != NULL && item != NULL; item = json_next(item)) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NOT_FINITE) && !json_is(item, JSON_NULL)) {
            ret->kind = CELL_OTHER;
            return;
        }
        numbers[ret->list_count++] = json_number(item);
    }
    if (ret->list_count == 0)
        ret->kind = CELL_MISSING;
}

static bool lookup(void *context, size_t index, struct mapping_cell *ret)
{
    struct record_row *row = context;
    struct records *records = row->records;
    const char *path = records->writer->mapping->items[index].column;
    const struct json *value = follow(row->object, path);
    if (value == NULL && records->outer != NULL)
        value = follow(records->outer, path);
    records->found[index] = records->found[index] || value != NULL;
    if (value == NULL || json_is(value, JSON_NULL)) {
        ret->kind = CELL_MISSING;
    } else if (json_is(value, JSON_STRING)) {
        ret->kind = CELL_TEXT;
        ret->text = json_string(value);
    } else if (json_is(value, JSON_NUMBER)) {
        ret->kind = CELL_NUMBER;
        ret->number = json_number(value);
    } else if (json_is(value, JSON_BOOLEAN)) {
        ret->kind = CELL_BOOLEAN;
        ret->number = json_boolean(value, false) ? 1 : 0;
    } else if (json_is(value, JSON_NOT_FINITE)) {
        ret->kind = CELL_TEXT;
        ret->text = "nan";
    } else if (json_is(value, JSON_ARRAY)) {
        take_list(records, value, ret);
    } else {
        ret->kind = CELL_OTHER;
    }
    return true;
}

/* The one list of objects among the members; NULL when there is none or several. */
static const struct json *list_of(const struct json *object)
{
    const struct json *list = NULL;
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        if (!json_is(member, JSON_ARRAY) || !json_is(json_first(member), JSON_OBJECT))
            continue;
        if (list != NULL)
            return NULL;
        list = member;
    }
    return list;
}

static void list_names(struct records *records, const struct json *object, const struct json *list)
{
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        const char *key = json_key(member);
        if (member == list)
            continue;
        size_t length = strlen(records->names);
        if (length + strlen(key) + 3 < sizeof records->names) {
            memcpy(records->names + length, ", ", 3);
            text_copy(records->names + length + (length > 0 ? 2 : 0), sizeof records->names - length - 2, key);
        }
        bool used = false;
        for (size_t i = 0; i < records->writer->mapping->count; i++) {
            const char *column = records->writer->mapping->items[i].column;
            size_t of = strlen(key);
            used =
                used || (column != NULL && strncmp(column, key, of) == 0 && (column[of] == '\0' || column[of] == '.'));
        }
        if (!used)
            mapping_leave_out(records->writer->mapped, key);
    }
}

static int write_record(struct records *records, const struct json *object, struct err *err)
{
    struct record_row row = {records, object};
    if (records->rows++ == 0) {
        if (records->outer != NULL)
            list_names(records, records->outer, list_of(records->outer));
        list_names(records, object, NULL);
    }
    return mapping_write_row(records->writer, records->line, lookup, &row, err);
}

static int write_list(struct records *records, const struct json *list, struct err *err)
{
    int result = 0;
    for (const struct json *item = json_first(list); result == 0 && item != NULL; item = json_next(item))
        if (json_is(item, JSON_OBJECT)) {
            result = write_record(records, item, err);
            if (result < 0 && err != NULL)
                err_prefix(err, "row %zu", records->rows);
        }
    return result;
}

static int write_document(struct records *records, const struct json *root, struct err *err)
{
    records->outer = NULL;
    if (json_is(root, JSON_ARRAY))
        return write_list(records, root, err);
    const struct mapping *mapping = records->writer->mapping;
    const struct json *list = list_of(root);
    size_t here = 0;
    for (size_t i = 0; i < mapping->count; i++)
        here += mapping->items[i].column != NULL && follow(root, mapping->items[i].column) != NULL;
    if (list == NULL || here == mapping->columns)
        return write_record(records, root, err);
    records->outer = root;
    return write_list(records, list, err);
}

int mapping_convert_json(struct mapping_writer *writer, struct str text, struct err *err)
{
    struct records records = {.writer = writer, .text = text};
    size_t offset = 0;
    int result = 0, found = 1;
    while (result == 0 && found > 0) {
        struct arena arena = {0};
        struct json_document *document = NULL;
        records.arena = &arena;
        found = json_read_tolerant(text, &offset, &json_limits_tool, &document, err);
        if (found > 0) {
            int column = 0;
            json_position(document, &records.line, &column);
            result = write_document(&records, json_root(document), err);
        } else if (found < 0) {
            result = found;
            err_hint(err, "the text broke off: rows complete before it: %zu", writer->mapped->count);
        }
        json_free(document);
        arena_done(&arena);
        records.arena = NULL;
    }
    for (size_t i = 0; result == 0 && i < writer->mapping->count; i++)
        if (writer->mapping->items[i].column != NULL && !records.found[i])
            result = mapping_no_column(writer->mapping->items[i].column, records.names, err);
    return result;
}
