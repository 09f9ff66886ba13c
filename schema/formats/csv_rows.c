#include "schema/formats/csv_rows.h"

#include "schema/formats/lines.h"

int csv_rows_take(struct csv_rows *rows, struct err *err)
{
    struct arena *arena = &rows->reading->arena;
    struct csv_reader csv = csv_reader(rows->input->text);
    struct csv_record row;
    if (rows->separator != '\0')
        csv.separator = rows->separator;
    int code = csv_next(&csv, arena, &rows->header, err);
    csv.width = rows->header.count;
    for (size_t begin = csv.at; code > 0 && (code = csv_next(&csv, arena, &row, err)) > 0; begin = csv.at) {
        struct str bytes = str_trim(str_slice(rows->input->text.data + begin, csv.at - begin));
        int taken = rows->take(rows->context, &row, bytes, err);
        if (taken < 0)
            return taken;
    }
    return code;
}

int csv_rows_read(struct csv_rows *rows, const char *nothing, struct reading_list *into, struct err *err)
{
    int code = csv_rows_take(rows, err);
    if (rows->close != NULL) {
        int closed = rows->close(rows->context, code < 0 ? NULL : err);
        code = code < 0 ? code : closed;
    }
    if (code < 0)
        err_detail(err, "runs read before it: %zu", rows->reading->run_count);
    int finished = lines_finish(rows->reading, 0, rows->input->text.len, nothing, into, code < 0 ? NULL : err);
    return code < 0 ? code : finished;
}

struct str csv_rows_header(struct str text)
{
    struct str line = {0};
    while (str_next_line(&text, &line) && str_trim(line).len == 0)
        continue;
    return str_trim(line);
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
