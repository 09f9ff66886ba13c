#include "analyze/output.h"

#include "schema/base/str.h"
#include "schema/text/encode.h"

int output_format_of(const struct invocation *invocation, enum output_format *ret, struct err *err)
{
    static const char *const words[] = {"text", "md", "csv", "json"};
    static const struct {
        const char *option;
        enum output_format format;
    } flags[] = {{"json", OUTPUT_JSON}, {"csv", OUTPUT_CSV}, {"markdown", OUTPUT_MARKDOWN}};
    const char *wanted = option_text(invocation, "format");

    *ret = OUTPUT_TEXT;
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
        if (option_flag(invocation, flags[i].option))
            *ret = flags[i].format;
    if (wanted == NULL)
        return 0;
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (text_equal(wanted, words[i])) {
            *ret = (enum output_format)i;
            return 0;
        }
    (void)err_set(err, ERR_USAGE, "--format does not know \"%s\"", wanted);
    return err_hint(err, "text, md, csv or json");
}

static void print_markdown(const struct table *table, struct buf *into)
{
    if (table->caption != NULL) {
        buf_adds(into, into->len > 0 ? "\n## " : "## ");
        encode_markdown(into, str_of(table->caption));
        buf_adds(into, "\n\n");
    }
    table_print_markdown(table, into);
    for (size_t i = 0; i < table->note_count; i++) {
        buf_adds(into, "\n");
        encode_markdown(into, str_of(table->notes[i]));
        buf_adds(into, "\n");
    }
}

void output_table(const struct table *table, enum output_format format, struct buf *into)
{
    if (format == OUTPUT_CSV) {
        table_print_csv(table, into);
    } else if (format == OUTPUT_MARKDOWN) {
        print_markdown(table, into);
    } else {
        buf_adds(into, into->len > 0 ? "\n" : "");
        table_print_text(table, into);
    }
}

void output_notes(const struct table *table, struct json_writer *writer)
{
    json_write_key(writer, "notes");
    json_begin_array(writer);
    for (size_t i = 0; i < table->note_count; i++)
        json_write_string(writer, table->notes[i]);
    json_end_array(writer);
}

void output_tables(const struct table_list *list, enum output_format format, struct buf *into)
{
    struct json_writer writer = json_writer(into, 1);

    if (format == OUTPUT_CSV) {
        tables_print_csv(list->items, list->count, into);
        return;
    }
    if (format != OUTPUT_JSON) {
        for (size_t i = 0; i < list->count; i++)
            output_table(&list->items[i], format, into);
        return;
    }
    json_begin_object(&writer);
    json_write_key(&writer, "tables");
    json_begin_array(&writer);
    for (size_t i = 0; i < list->count; i++) {
        json_begin_object(&writer);
        json_pair_string(&writer, "title", list->items[i].caption);
        json_write_key(&writer, "rows");
        table_write_json(&list->items[i], &writer);
        output_notes(&list->items[i], &writer);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
}
