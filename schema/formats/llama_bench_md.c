/* llama-bench -o md, the default: tables in logs, issues and READMEs.
 *
 * Columns are found by the header's names. A table ends with the next header or
 * with its "build: COMMIT (NUMBER)" line. The device is taken only from lines
 * that llama.cpp itself wrote in front of the table, never from prose. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/llama_bench_log.h"
#include "schema/formats/llama_bench_record.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"

/* Short names of columns, as llama-bench and ik_llama.cpp print them, and the fields they show. */
static const struct {
    const char *column, *field;
} column_fields[] = {
    {"model", "model_type"},   {"backend", "backends"},
    {"ngl", "n_gpu_layers"},   {"threads", "n_threads"},
    {"sm", "split_mode"},      {"mg", "main_gpu"},
    {"nkvo", "no_kv_offload"}, {"fa", "flash_attn"},
    {"ts", "tensor_split"},    {"ot", "tensor_buft_overrides"},
    {"mmap", "use_mmap"},      {"dio", "use_direct_io"},
    {"embd", "embeddings"},    {"nopo", "no_op_offload"},
    {"noh", "no_host"},        {"dev", "devices"},
    {"ncmoe", "n_cpu_moe"},    {"mla", "mla_attn"},
    {"amb", "attn_max_batch"}, {"fmoe", "fused_moe"},
    {"rtr", "repack"},
};

struct tables {
    struct llama_document *document;
    struct llama_log log;
    struct markdown_row header; /* count 0: no table is open */
    const char *columns[MARKDOWN_CELLS_MAX];
    size_t context; /* where the open table and its device lines begin */
    const char *gpus, *driver;
    size_t first_record; /* of the table that the next build line closes */
    int line;
};

/* Other tools print model, test and t/s, too (bench.rs of web-rwkv); a further column of llama-bench tells it apart.
 * People leave out the ones that say nothing to them. */
static bool is_header(const struct markdown_row *row)
{
    if (markdown_find_cell(row, "model") == SIZE_MAX || markdown_find_cell(row, "test") == SIZE_MAX ||
        markdown_find_cell(row, "t/s") == SIZE_MAX)
        return false;
    bool own = markdown_find_cell(row, "size") != SIZE_MAX || markdown_find_cell(row, "params") != SIZE_MAX;
    for (size_t i = 1; i < ARRAY_LENGTH(column_fields); i++)
        own = own || markdown_find_cell(row, column_fields[i].column) != SIZE_MAX;
    return own;
}

/* Copied from a page that shows it, a table has no bars: only where the header says so, or one row is as long as it. */
static bool read_table_row(struct str line, const struct markdown_row *header, struct markdown_row *ret)
{
    if (markdown_read_row(line, ret))
        return true;
    return markdown_read_bare_row(line, ret) &&
           (is_header(ret) || (header != NULL && header->count > 0 && ret->count == header->count));
}

size_t llama_bench_find_table(struct str text, size_t from)
{
    size_t end = from;
    for (size_t at = str_find(text, STR("t/s"), from); at != SIZE_MAX; at = str_find(text, STR("t/s"), end)) {
        size_t begin = at;
        end = at;
        while (begin > 0 && text.data[begin - 1] != '\n')
            begin--;
        while (end < text.len && text.data[end] != '\n')
            end++;
        struct markdown_row row;
        if (read_table_row(str_slice(text.data + begin, end - begin), NULL, &row) && is_header(&row))
            return begin;
    }
    return SIZE_MAX;
}

/* A run that broke before its table: the devices that llama.cpp found, or that it could not load the model. */
static bool is_failed_run(struct str text)
{
    struct str rest = text, line;
    bool devices = false, named = str_find(text, STR("llama-bench"), 0) != SIZE_MAX;
    while (!devices && str_next_line(&rest, &line)) {
        line = markdown_unquote(line);
        devices = (str_starts_with(line, STR("ggml_")) && str_find_ignore_case(line, STR("found "), 0) != SIZE_MAX) ||
                  (named && str_starts_with(line, STR("main: error: ")));
    }
    return devices;
}

static int detect(const struct format_input *input)
{
    if (llama_bench_find_table(input->text, 0) != SIZE_MAX)
        return 89;
    return is_failed_run(input->text) ? 10 : 0;
}

/* ---------------------------------------------------------------- cells */

/* llama-bench writes two decimals and no commas. What a spreadsheet made of it, "1,234.56" or "1.234,56", is as clear:
 * two digits behind the last mark, three behind each other one. "20,5" is not. */
static bool read_number(struct str text, double *ret)
{
    char digits[40];
    size_t length = 0, last = text.len;
    if (memchr(text.data, ',', text.len) == NULL || text.len >= sizeof digits)
        return number_parse_loose(text, ret);
    if (text.len < 4 || strchr(".,", text.data[text.len - 3]) == NULL)
        return false;
    last = text.len - 3;
    for (size_t i = 0; i < text.len; i++) {
        bool mark = text.data[i] == '.' || text.data[i] == ',';
        if (mark && i != last && (text.data[i] == text.data[last] || (last - i) % 4 != 0 || i == 0))
            return false;
        if (!mark || i == last)
            digits[length++] = mark ? '.' : text.data[i];
    }
    return number_parse_loose(str_slice(digits, length), ret);
}

/* "3.56 GiB", "6.74 B", "862.81 MiB", "134.52 M" */
static double scaled(struct str cell)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        {"GiB", 0x1p30}, {"MiB", 0x1p20}, {"KiB", 0x1p10}, {"TiB", 0x1p40},
        {"T", 1e12},     {"B", 1e9},      {"M", 1e6},      {"K", 1e3},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        struct str unit = str_of(units[i].unit);
        double number = 0;
        if (str_ends_with(cell, unit) && read_number(str_trim(str_slice(cell.data, cell.len - unit.len)), &number))
            return round(number * units[i].factor);
    }
    return MISSING;
}

static bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* "317.49 ± 0.94", also with "+/-" or the sign broken by a wrong encoding; the spread may be missing. */
static bool read_speed(struct str cell, double *ret_mean, double *ret_spread)
{
    size_t end = 0;
    while (end < cell.len && is_number_byte(cell.data[end]) && (end == 0 || cell.data[end] != '+'))
        end++;
    if (end == 0 || !read_number(str_slice(cell.data, end), ret_mean))
        return false;
    size_t begin = cell.len;
    while (begin > end && is_number_byte(cell.data[begin - 1]) && cell.data[begin - 1] != '-')
        begin--;
    *ret_spread = MISSING;
    for (size_t i = end; i < begin; i++)
        if (cell.data[i] >= '0' && cell.data[i] <= '9')
            return false;
    if (begin < cell.len && begin > end)
        return read_number(str_slice(cell.data + begin, cell.len - begin), ret_spread);
    return begin == cell.len || end == cell.len;
}

/* ---------------------------------------------------------------- rows */

static int set_cell(struct tables *tables, struct llama_record *record, const char *column, struct str cell,
                    struct err *err)
{
    struct llama_document *document = tables->document;
    record->avg_not_finite =
        record->avg_not_finite ||
        (text_equal(column, "t/s") && (str_starts_with(cell, STR("nan")) || str_starts_with(cell, STR("-nan")) ||
                                       str_starts_with(cell, STR("inf"))));
    if (text_equal(column, "t/s") && record->avg_not_finite)
        return 0;
    if (text_equal(column, "t/s"))
        return read_speed(cell, &record->avg_ts, &record->stddev_ts) ? 0 : -ERR_DATA;
    if (text_equal(column, "size")) {
        record->model_size = scaled(cell);
        return 0;
    }
    if (text_equal(column, "params")) {
        record->model_n_params = scaled(cell);
        return 0;
    }
    const char *name = column;
    for (size_t i = 0; i < ARRAY_LENGTH(column_fields); i++)
        if (text_equal(column, column_fields[i].column))
            name = column_fields[i].field;
    struct llama_field field = {
        .name = name,
        .type = LLAMA_UNTYPED,
        .text = markdown_cell_text(&document->arena, cell),
        .type_name = "text",
    };
    if (field.text == NULL)
        return mem_error(err);
    return llama_record_set(document, record, &field, err);
}

static bool has_right_width(const struct tables *tables, const struct markdown_row *row)
{
    for (size_t i = tables->header.count; i < row->count; i++)
        if (row->cells[i].len > 0)
            return false;
    return row->count >= tables->header.count;
}

static int read_row(struct tables *tables, const struct markdown_row *row, size_t begin, size_t end, struct err *err)
{
    struct llama_document *document = tables->document;
    if (!has_right_width(tables, row)) {
        llama_document_note(document, NULL, tables->line, 0, "", "row left out: it has %zu cells, its header has %zu",
                            row->count, tables->header.count);
        return 0;
    }
    if (row->cells[markdown_find_cell(&tables->header, "t/s")].len == 0)
        return 0; /* a line of the log that an editor put into the table */
    struct llama_record *record = llama_document_add(document, begin, tables->line, "");
    if (record == NULL)
        return mem_error(err);
    record->end = end;
    record->context = tables->context;
    record->gpu_info = tables->gpus;
    record->driver = tables->driver;
    for (size_t i = 0; i < tables->header.count; i++) {
        if (row->cells[i].len == 0)
            continue;
        struct err cell_err = {0};
        int result = set_cell(tables, record, tables->columns[i], row->cells[i], &cell_err);
        if (result >= 0)
            continue;
        document->count--;
        if (result != -ERR_DATA) {
            if (err != NULL)
                *err = cell_err;
            return result;
        }
        llama_document_note(document, NULL, tables->line, 0, tables->columns[i], "row left out: \"%.40s\" is no %s",
                            reader_text(&document->arena, row->cells[i]),
                            text_equal(tables->columns[i], "t/s") ? "speed" : "value of this column");
        return 0;
    }
    return 0;
}

/* ---------------------------------------------------------------- lines */

/* What stands under a name that occurs twice cannot be told: such tables compare two builds side by side. */
static bool has_twin(const struct markdown_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        for (size_t k = i + 1; k < row->count; k++)
            if (row->cells[i].len > 0 && str_equal(row->cells[i], row->cells[k]))
                return true;
    return false;
}

static void open_table(struct tables *tables, const struct markdown_row *row, size_t begin, size_t end)
{
    struct llama_document *document = tables->document;
    if (has_twin(row)) {
        tables->header.count = 0;
        llama_document_note(document, NULL, tables->line, 0, "",
                            "table left out: two of its columns have one name, which is which cannot be told");
        return;
    }
    tables->header = *row;
    for (size_t i = 0; i < row->count; i++) {
        tables->columns[i] = reader_text(&document->arena, row->cells[i]);
        if (tables->columns[i] == NULL)
            tables->columns[i] = "";
    }
    struct llama_log *log = &tables->log;
    tables->context = log->line_count > 0 ? log->lines[0].begin : begin;
    tables->gpus = log->gpus;
    tables->driver = log->driver;
    tables->first_record = document->count;
    for (size_t i = 0; i < log->line_count; i++)
        llama_document_need(document, log->lines[i].begin, log->lines[i].end);
    llama_document_need(document, begin, end);
    llama_log_reset(log);
}

/* "build: 2f68ce7cf (6918)" and nothing behind it; other programs of llama.cpp write the two the other way round. */
static bool read_build(struct str line, struct arena *arena, const char **ret_commit, double *ret_number)
{
    line = markdown_unquote(line);
    if (!str_starts_with(line, STR("build:")))
        return false;
    line = str_trim(str_slice(line.data + strlen("build:"), line.len - strlen("build:")));
    size_t open = str_find(line, STR("("), 0);
    if (open == SIZE_MAX || open == 0 || line.data[line.len - 1] != ')')
        return false;
    if (!number_parse_loose(str_slice(line.data + open + 1, line.len - open - 2), ret_number))
        return false;
    struct str commit = str_trim(str_slice(line.data, open));
    *ret_commit = commit.len <= 40 ? reader_text(arena, commit) : NULL;
    return *ret_commit != NULL;
}

static void close_table(struct tables *tables, const char *commit, double number, size_t begin, size_t end)
{
    struct llama_document *document = tables->document;
    for (size_t i = tables->first_record; i < document->count; i++) {
        document->records[i].build_commit = commit;
        document->records[i].build_number = number;
    }
    if (tables->first_record < document->count)
        llama_document_need_behind(document, begin, end, document->records[document->count - 1].end);
    tables->first_record = document->count;
    tables->header.count = 0;
    llama_log_reset(&tables->log);
}

static bool is_rule_line(struct str rest)
{
    struct str line;
    struct markdown_row row;
    return str_next_line(&rest, &line) && markdown_read_row(line, &row) && row.rule;
}

/* A heading or a line across the page: what follows is somebody else's, or about another machine. */
static bool is_border(struct str line)
{
    line = markdown_unquote(line);
    return str_starts_with(line, STR("#")) || str_equal(line, STR("---")) || str_equal(line, STR("***"));
}

/* A row with a speed is no header, though a rule stands behind it: people part the models of a table so. */
static bool has_speed(const struct tables *tables, const struct markdown_row *row)
{
    size_t at = markdown_find_cell(&tables->header, "t/s");
    double mean = 0, spread = 0;
    return tables->header.count > 0 && row->count == tables->header.count && at < row->count &&
           read_speed(row->cells[at], &mean, &spread);
}

static int read_line(struct tables *tables, struct str line, size_t begin, struct str rest, struct err *err)
{
    size_t end = begin + line.len;
    struct markdown_row row;
    if (llama_log_take(&tables->log, line, begin, end))
        return 0;
    if (read_table_row(line, &tables->header, &row)) {
        if (is_header(&row))
            open_table(tables, &row, begin, end);
        else if (tables->header.count > 0 && row.rule)
            llama_document_need(tables->document, begin, end);
        else if (is_rule_line(rest) && !has_speed(tables, &row))
            tables->header.count = 0; /* the header of another table */
        else if (tables->header.count > 0)
            return read_row(tables, &row, begin, end, err);
        return 0;
    }
    const char *commit = NULL;
    double number = 0;
    if (read_build(line, &tables->document->arena, &commit, &number))
        close_table(tables, commit, number, begin, end);
    else if (is_border(line))
        llama_log_reset(&tables->log);
    return 0;
}

static int read_md(const struct format_input *input, struct reading_list *into, struct err *err)
{
    autollama struct llama_document document;
    llama_document_init(&document, &format_llama_bench_md, input);
    struct tables tables = {.document = &document, .log = {.arena = &document.arena}};
    struct str rest = input->text, line;
    int result = 0;
    while (result >= 0) {
        size_t begin = input->text.len - rest.len;
        if (!str_next_line(&rest, &line))
            break;
        tables.line++;
        result = read_line(&tables, line, begin, rest, err);
    }
    if (result < 0)
        return result;
    return llama_document_finish(&document, into, err);
}

const struct format format_llama_bench_md = {
    .name = "llama-bench-md",
    .tool = LLAMA_BENCH_TOOL,
    .summary = "llama-bench -o md: tables, in logs and issues",
    .version = 1,
    .detect = detect,
    .read = read_md,
};
