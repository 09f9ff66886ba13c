/* benchstat (golang.org/x/perf): a table for each unit, a column for each file, "69.38µ ±  1%" in a cell: the median
 * and half of its interval, with "(p=0.001 n=10)" behind what is compared. Until 2023: "13.6ms ± 1%", the mean, below
 * "name  old time/op  new time/op  delta". What is derived (geomean, delta, p) is no figure of a benchmark. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/formats/given_figures.h"
#include "schema/formats/go_bench.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define COLUMNS_MAX 16
#define LOOK_BACK 4096 /* rows of a table are those of the one before */
#define BAR "\xE2\x94\x82"
#define PLUS_MINUS "\xC2\xB1"

struct column {
    const char *label; /* the file's name, "old" or "new"; NULL = none */
    struct str unit;
    size_t begin; /* character of the line */
};
struct value {
    double number;
    struct str suffix;
    size_t begin;
    int64_t n;
};
/* A benchmark of a package, and its run in each column: 1 + index, 0 = none yet. */
struct entry {
    struct str name;
    size_t block, runs[COLUMNS_MAX];
};
struct benchstat {
    const struct format_input *input;
    struct reading *reading;
    struct column columns[COLUMNS_MAX];
    size_t column_count;
    int header_lines; /* of the table that is open, or of the one that begins */
    bool older, rows; /* the form until 2023; a row was read */
    bool moved;       /* columns stand elsewhere once a cell of their header is hidden */
    struct str package;
    const char *labels[COLUMNS_MAX];
    size_t label_count, block;
    struct entry *entries;
    size_t count, capacity, next;
};

static struct str word_of(struct str *rest)
{
    struct str text = str_trim(*rest);
    size_t at = 0;
    while (at < text.len && text.data[at] != ' ' && text.data[at] != '\t')
        at++;
    *rest = str_slice(text.data + at, text.len - at);
    return str_slice(text.data, at);
}

static size_t characters(const char *from, const char *to)
{
    size_t count = 0;
    for (; from < to; from++)
        count += ((unsigned char)*from & 0xC0) != 0x80;
    return count;
}

/* ---------------------------------------------------------------- headers */

/* "name  old time/op  new time/op  delta", also with one file: "name  time/op". */
static bool read_older_header(struct str text, struct column *columns, size_t *ret_count)
{
    struct str rest = text, word = word_of(&rest);
    size_t count = 0;
    bool known = false;
    if (!str_equal(word, STR("name")))
        return false;
    while ((word = word_of(&rest)).len > 0 && !str_equal(word, STR("delta"))) {
        const char *label = str_equal(word, STR("old")) ? "old" : str_equal(word, STR("new")) ? "new" : NULL;
        struct str unit = label != NULL ? word_of(&rest) : word;
        if (count == COLUMNS_MAX || unit.len == 0 || unit.len > 64)
            return false;
        known = known || str_equal(unit, STR("time/op")) || str_equal(unit, STR("alloc/op")) ||
                str_equal(unit, STR("allocs/op")) || str_equal(unit, STR("speed"));
        columns[count++] = (struct column){.label = label, .unit = unit};
    }
    *ret_count = count;
    return known;
}

static bool is_header(struct str text)
{
    return str_starts_with(str_trim(text), STR(BAR));
}

/* The cells between the bars of a header. */
static bool split_header(struct str text, struct str *cells, size_t *begins, size_t *ret_count)
{
    const char *line = text.data;
    struct str cell;
    *ret_count = 0;
    if (!take_until(&text, STR(BAR), &cell))
        return false;
    while (text.len > 0) {
        size_t begin = characters(line, text.data);
        if (!take_until(&text, STR(BAR), &cell)) {
            cell = text;
            text.len = 0;
            if (str_trim(cell).len == 0)
                break;
        }
        if (*ret_count == COLUMNS_MAX)
            return false;
        begins[*ret_count] = begin;
        cells[(*ret_count)++] = str_trim(cell);
    }
    return *ret_count > 0;
}

/* "sec/op  vs base". */
static struct str unit_in(struct str cell)
{
    size_t versus = str_find(cell, STR("vs base"), 0);
    return str_trim(str_slice(cell.data, versus == SIZE_MAX ? cell.len : versus));
}

static bool is_unit(struct str unit)
{
    return unit.len > 0 && unit.len <= 64 && !reader_path_is_private(unit) && !str_starts_with(unit, STR("[text:"));
}

/* Tables of the same files belong to one another. */
static void set_labels(struct benchstat *stat, const struct str *cells, size_t count)
{
    bool same = count == stat->label_count;
    for (size_t i = 0; i < count; i++) {
        const char *label = benchmark_name(stat->reading, stat->input, cells[i]);
        same = same && text_equal(label, stat->labels[i]);
        stat->labels[i] = label;
    }
    stat->block += !same;
    stat->label_count = count;
    stat->column_count = 0;
}

static bool take_header(struct benchstat *stat, const struct line *line)
{
    struct str cells[COLUMNS_MAX];
    size_t begins[COLUMNS_MAX], count = 0;
    if (!split_header(line->text, cells, begins, &count))
        return false;
    if (stat->rows || stat->older)
        stat->header_lines = 0;
    stat->rows = stat->older = false;
    if (stat->header_lines++ == 0) {
        set_labels(stat, cells, count);
        return true;
    }
    stat->column_count = count;
    stat->moved = false;
    for (size_t i = 0; i < count; i++) {
        struct str unit = unit_in(cells[i]);
        stat->moved = stat->moved || !is_unit(unit);
        if (!is_unit(unit))
            noise_hide(stat->reading, stat->input, cells[i], PRIVATE_TEXT);
        stat->columns[i] =
            (struct column){i < stat->label_count ? stat->labels[i] : NULL, is_unit(unit) ? unit : STR(""), begins[i]};
    }
    return true;
}

/* ---------------------------------------------------------------- rows */

static double factor_of(struct str prefix)
{
    static const struct {
        const char *prefix;
        double factor;
    } prefixes[] = {{"", 1},     {"n", 1e-9},  {"\xC2\xB5", 1e-6}, {"\xCE\xBC", 1e-6}, {"u", 1e-6},
                    {"m", 1e-3}, {"p", 1e-12}, {"k", 1e3},         {"M", 1e6},         {"G", 1e9},
                    {"T", 1e12}, {"Ki", 1024}, {"Mi", 1048576},    {"Gi", 1073741824}, {"Ti", 1099511627776}};
    for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
        if (str_equal(prefix, str_of(prefixes[i].prefix)))
            return prefixes[i].factor;
    return MISSING;
}

/* "n=10" of this column and the first one, "n=4+5" of the first and this one. */
static void take_counts(struct str comparison, struct value *values, size_t count)
{
    size_t at = str_find(comparison, STR("n="), 0);
    double first = 0, second = 0;
    if (at == SIZE_MAX || count < 2)
        return;
    struct str rest = str_slice(comparison.data + at + 2, comparison.len - at - 2);
    if (!take_number(&rest, &first) || !(first >= 1 && first < 1e9))
        return;
    if (!take_text(&rest, STR("+")) || !take_number(&rest, &second) || !(second >= 1 && second < 1e9))
        second = first;
    values[0].n = (int64_t)first;
    values[count - 1].n = (int64_t)second;
}

/* The figures behind a name; false when anything else stands there. */
static bool read_values(struct str line, struct str rest, struct value *values, size_t *ret_count)
{
    size_t count = 0;
    *ret_count = 0;
    while ((rest = str_trim(rest)).len > 0) {
        struct str skipped;
        if (rest.data[0] >= '0' && rest.data[0] <= '9') {
            struct value value = {.begin = characters(line.data, rest.data), .n = COUNT_UNKNOWN};
            if (count == COLUMNS_MAX || !take_number(&rest, &value.number))
                return false;
            bool joined = rest.len > 0 && rest.data[0] != ' ';
            value.suffix = joined ? word_of(&rest) : STR("");
            values[count++] = value;
            if (take_text(&rest, STR(PLUS_MINUS)))
                (void)word_of(&rest); /* half of the interval, "∞" or "?" */
        } else if (str_starts_with(rest, STR("("))) {
            if (!take_until(&rest, STR(")"), &skipped))
                return false;
            take_counts(skipped, values, count);
        } else if (strchr("+-~?", rest.data[0]) != NULL || (unsigned char)rest.data[0] >= 0x80) {
            (void)word_of(&rest); /* a difference, or the mark of a note */
        } else {
            return false;
        }
    }
    *ret_count = count;
    return count > 0;
}

static struct entry *entry_of(struct benchstat *stat, struct str name)
{
    size_t last = stat->count > LOOK_BACK ? stat->count - LOOK_BACK : 0;
    for (size_t i = 0; i < stat->count - last; i++) {
        size_t at = stat->next + i < stat->count ? stat->next + i : last + (stat->next + i - stat->count);
        struct entry *entry = at < stat->count ? &stat->entries[at] : NULL;
        if (entry != NULL && entry->block == stat->block && str_equal(entry->name, name)) {
            stat->next = at + 1;
            return entry;
        }
    }
    struct entry *items =
        arena_grow(&stat->reading->arena, stat->entries, &stat->capacity, stat->count + 1, sizeof *items);
    if (items == NULL)
        return NULL;
    stat->entries = items;
    items[stat->count] = (struct entry){.name = name, .block = stat->block};
    stat->next = stat->count + 1;
    return &items[stat->count++];
}

/* The run of a benchmark in a column; `procs` of "-8" at the end of its name goes into the set-up. */
static struct run *run_of(struct benchstat *stat, struct entry *entry, size_t column)
{
    struct reading *reading = stat->reading;
    if (entry->runs[column] > 0)
        return &reading->runs[entry->runs[column] - 1];
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    entry->runs[column] = reading->run_count;
    struct str name = entry->name;
    double procs = go_bench_take_procs(&name);
    run->workload.task = reader_text(&reading->arena, name);
    if (!isnan(procs))
        parameters_set_number(&reading->arena, &run->setup, "gomaxprocs", procs);
    if (stat->package.len > 0)
        run->workload.category = benchmark_name(reading, stat->input, stat->package);
    if (stat->columns[column].label != NULL)
        labels_add(&reading->arena, &run->labels, "title", stat->columns[column].label);
    return run;
}

static bool add_figure(struct benchstat *stat, struct run *run, size_t column, const struct value *value)
{
    static const struct {
        const char *unit, *metric, *plain, *written;
        bool counted;
    } known[] = {{"sec/op", "time", "s", "s", false},
                 {"time/op", "time", "s", "s", false},
                 {"B/s", "data_throughput", "B/s", "B/s", false},
                 {"speed", "data_throughput", "B/s", "B/s", false},
                 {"B/op", "allocated_memory", "B", "B", true},
                 {"alloc/op", "allocated_memory", "B", "B", true},
                 {"allocs/op", "allocations", "count", "", true}};
    char word[65];
    struct given_figures given = GIVEN_FIGURES;
    struct str prefix = value->suffix;
    const char *metric = text_of(word, sizeof word, stat->columns[column].unit);
    given.unit = metric;
    given.stated.n = value->n;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (strcmp(word, known[i].unit) != 0)
            continue;
        metric = known[i].metric;
        given.unit = known[i].plain;
        given.counted = known[i].counted;
        if (stat->older && str_ends_with(prefix, str_of(known[i].written)))
            prefix.len -= strlen(known[i].written);
        break;
    }
    double number = value->number * factor_of(prefix);
    if (isnan(number) || metric[0] == '\0')
        return true;
    if (stat->older)
        given.stated.mean = number;
    else
        given.median = number;
    return figures_add(stat->reading, run, reader_text(&stat->reading->arena, str_of(metric)), &given) != NULL;
}

/* The column of each value: in turn where all are there, else by where it stands. */
static bool place_values(const struct benchstat *stat, struct str name, const struct value *values, size_t count,
                         size_t *places)
{
    struct str folder;
    bool moves = go_bench_private_folder(name, &folder); /* and with it all that stands behind it */
    if (count > stat->column_count || (count < stat->column_count && (moves || stat->moved || stat->older)))
        return false;
    for (size_t i = 0; i < count; i++) {
        places[i] = i;
        if (count == stat->column_count)
            continue;
        places[i] = stat->column_count;
        while (places[i] > 0 && stat->columns[places[i] - 1].begin > values[i].begin)
            places[i]--;
        if (places[i]-- == 0 || (i > 0 && places[i] <= places[i - 1]))
            return false;
    }
    return true;
}

static int take_row(struct benchstat *stat, const struct line *line, struct err *err)
{
    struct value values[COLUMNS_MAX];
    size_t places[COLUMNS_MAX], count = 0;
    struct str rest = line->text, name = word_of(&rest);
    bool derived = str_equal(name, STR("geomean")) || str_equal(name, STR("[Geo"));
    if (!read_values(line->text, rest, values, &count)) {
        noise_mark(stat->reading, line);
        return 0;
    }
    stat->rows = true;
    if (derived)
        return 0;
    struct str shown = str_of(go_bench_shown_name(stat->reading, stat->input, name));
    if (!place_values(stat, name, values, count, places)) {
        reading_add_problem(stat->reading, "", line->number, 0,
                            "row left out: it is not clear whose figures these are");
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = entry_of(stat, shown);
        struct run *run = entry != NULL ? run_of(stat, entry, places[i]) : NULL;
        if (run == NULL || !add_figure(stat, run, places[i], &values[i]))
            return mem_error(err);
        stat->next -= i + 1 < count;
    }
    return 0;
}

/* ---------------------------------------------------------------- lines */

static bool take_key(struct benchstat *stat, struct str text)
{
    struct device *device = &stat->reading->device;
    struct str key;
    if (!take_until(&text, STR(":"), &key))
        return false;
    const char **fact = str_equal(key, STR("goos"))     ? &device->os_name
                        : str_equal(key, STR("goarch")) ? &device->architecture
                        : str_equal(key, STR("cpu"))    ? &device->chip
                                                        : NULL;
    if (str_equal(key, STR("pkg"))) {
        stat->package = str_trim(text);
        stat->block++;
        (void)benchmark_name(stat->reading, stat->input, stat->package); /* what of it is private */
    } else if (fact == NULL) {
        return false;
    } else {
        *fact = reader_text(&stat->reading->arena, text);
    }
    return true;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct benchstat *stat = context;
    struct column columns[COLUMNS_MAX];
    struct str text = str_trim(line->text);
    size_t count = 0;
    if (text.len == 0) {
        stat->rows = true; /* the table ends */
        stat->column_count = 0;
    } else if (is_header(text)) {
        if (!take_header(stat, line))
            noise_mark(stat->reading, line);
    } else if (read_older_header(text, columns, &count)) {
        memcpy(stat->columns, columns, sizeof columns);
        stat->column_count = count;
        stat->older = true;
        stat->label_count = 0;
    } else if (!take_key(stat, text)) {
        if (stat->column_count > 0)
            return take_row(stat, line, err);
        noise_mark(stat->reading, line);
    }
    return 0;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct column columns[COLUMNS_MAX];
    size_t count = 0;
    if (!str_has(input->text, PLUS_MINUS))
        return 0;
    while (lines_next(&lines, &line)) {
        bool unit = str_has(line.text, "/op") || str_has(line.text, "B/s");
        if ((unit && is_header(line.text)) ||
            (str_starts_with(line.text, STR("name ")) && read_older_header(line.text, columns, &count)))
            return 88;
    }
    return 0;
}

static int read_benchstat(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct benchstat stat = {.input = input, .reading = lines_reading(&format_go_benchstat_text, input)};
    if (stat.reading == NULL)
        return mem_error(err);
    int code = lines_each(input->text, take_line, &stat, err);
    return lines_end(stat.reading, input, code, "no row of benchstat was found", into, err);
}

const struct format format_go_benchstat_text = {
    .name = "go-benchstat-text",
    .tool = "benchstat",
    .summary = "benchstat's tables, printed",
    .version = 1,
    .detect = detect,
    .read = read_benchstat,
};
