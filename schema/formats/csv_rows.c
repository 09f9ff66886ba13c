#include "schema/formats/csv_rows.h"

#include <string.h>

#include "schema/formats/lines.h"
#include "schema/formats/noise.h"

#define HEADER_LINES 200

struct str csv_rows_header(struct str text, csv_is_header *is_header)
{
    struct str line;
    for (size_t i = 0; i < HEADER_LINES && str_next_line(&text, &line); i++)
        if (str_trim(line).len > 0 && is_header(str_trim(line)))
            return str_trim(line);
    return (struct str){0};
}

/* A field in quotes may hold line ends; a log in JSON holds separators. */
static bool is_row(struct str line, char separator)
{
    if (line.len == 0 || str_starts_with(line, STR("{\"")))
        return false;
    return line.data[0] == '"' || memchr(line.data, separator, line.len) != NULL;
}

void csv_rows_skip(struct csv_reader *csv, struct str header, struct reading *reading)
{
    bool ended = false; /* by the fence of Markdown */
    while (csv->at < csv->text.len) {
        struct str rest = str_slice(csv->text.data + csv->at, csv->text.len - csv->at), text;
        struct line line = {.begin = csv->at, .number = csv->line};
        if (!str_next_line(&rest, &line.text))
            return;
        text = str_trim(line.text);
        bool again = str_equal(text, header);
        ended = !again && (ended || str_starts_with(text, STR("```")));
        if (!again && !ended && is_row(text, csv->separator))
            return;
        if (!again && reading != NULL)
            noise_mark(reading, &line);
        csv->at = csv->text.len - rest.len;
        csv->line++;
    }
}

/* The reader at the header; what stands before it is marked. */
static struct csv_reader open_rows(struct csv_rows *rows, struct str header, struct reading *marked)
{
    struct csv_reader csv = csv_reader(rows->input->text);
    struct lines lines = lines_of(csv.text);
    struct line line;
    if (rows->separator != '\0')
        csv.separator = rows->separator;
    if (header.data == NULL)
        return csv;
    while (lines_next(&lines, &line) && line.text.data + line.text.len < header.data) {
        csv.at = lines.at;
        csv.line = line.number + 1;
        if (marked != NULL)
            noise_mark(marked, &line);
    }
    return csv;
}

static int take_rows(struct csv_rows *rows, struct reading *marked, struct err *err)
{
    struct arena *arena = &rows->reading->arena;
    struct str header = csv_rows_header(rows->input->text, rows->is_header);
    struct csv_reader csv = open_rows(rows, header, marked);
    struct csv_record row;
    int code = csv_next(&csv, arena, &rows->header, err);
    csv.width = rows->header.count;
    while (code > 0) {
        if (csv.width > 1)
            csv_rows_skip(&csv, header, marked);
        size_t begin = csv.at;
        code = csv_next(&csv, arena, &row, err);
        struct str bytes = str_trim(str_slice(rows->input->text.data + begin, csv.at - begin));
        int taken = code > 0 ? rows->take(rows->context, &row, bytes, err) : 0;
        if (taken < 0)
            return taken;
    }
    return code;
}

int csv_rows_take(struct csv_rows *rows, struct err *err)
{
    return take_rows(rows, NULL, err);
}

int csv_rows_read(struct csv_rows *rows, const char *nothing, struct reading_list *into, struct err *err)
{
    int code = take_rows(rows, rows->reading, err);
    if (rows->close != NULL) {
        int closed = rows->close(rows->context, code < 0 ? NULL : err);
        code = code < 0 ? code : closed;
    }
    if (code < 0)
        err_detail(err, "runs read before it: %zu", rows->reading->run_count);
    int finished = lines_finish(rows->reading, 0, rows->input->text.len, nothing, into, code < 0 ? NULL : err);
    return code < 0 ? code : finished;
}

bool csv_rows_has(struct str header, char separator, const char *name)
{
    struct str field;
    while (str_next_field(&header, separator, &field)) {
        field = str_trim(field);
        if (field.len > 1 && field.data[0] == '"' && field.data[field.len - 1] == '"')
            field = str_slice(field.data + 1, field.len - 2);
        if (str_equal(field, str_of(name)))
            return true;
    }
    return false;
}

bool csv_rows_cell(struct str *rest, char separator, struct str *ret)
{
    size_t end = 0;
    if (rest->len == 0 || rest->data[0] != '"') {
        bool found = str_next_field(rest, separator, ret);
        *ret = found ? str_trim(*ret) : *ret;
        return found;
    }
    for (end = 1; end < rest->len; end++) {
        if (rest->data[end] != '"')
            continue;
        if (end + 1 == rest->len || rest->data[end + 1] != '"')
            break;
        end++; /* a doubled quote */
    }
    *ret = str_slice(rest->data + 1, end - 1);
    end += end + 1 < rest->len ? 2 : rest->len - end; /* the quote and the comma */
    *rest = str_slice(rest->data + end, rest->len - end);
    return true;
}
