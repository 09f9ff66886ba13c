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

    size_t format = OUTPUT_TEXT, asked = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
        if (option_flag(invocation, flags[i].option)) {
            format = flags[i].format;
            asked++;
        }
    for (size_t i = 0; i < ARRAY_LENGTH(words) && wanted != NULL; i++)
        if (text_equal(wanted, words[i])) {
            asked += asked > 0 && i == format ? 0 : 1;
            format = i;
            wanted = NULL;
        }
    if (wanted != NULL) {
        (void)err_set(err, ERR_USAGE, "--format does not know \"%s\"", wanted);
        return err_hint(err, "text, md, csv or json");
    }
    if (asked > 1)
        return err_set(err, ERR_USAGE, "several formats are asked for, and one is printed");
    *ret = (enum output_format)format;
    return 0;
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
