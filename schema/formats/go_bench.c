/* go test -bench: "BenchmarkName-8  N  123 ns/op  4 MB/s  5 B/op  6 allocs/op" and lines "key: value" before (Go's
 * benchmark data format, design 14313). Lines of one name below the same keys are repetitions. "-8" is GOMAXPROCS. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/go_bench.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define VALUES_MAX 24

struct go_value {
    struct str unit;
    double value;
};
struct go_row {
    struct str name, package; /* the name as it is shown: without the folders of somebody's path */
    size_t block;             /* counts changes of the keys above */
    double procs;             /* NAN without a suffix */
    double iterations;
    struct go_value values[VALUES_MAX];
    size_t count;
};

static bool is_upper_or_mark(char c)
{
    return !(c >= 'a' && c <= 'z');
}

static bool take_word(struct str *rest, struct str *ret)
{
    struct str text = str_trim(*rest);
    size_t at = 0;
    while (at < text.len && text.data[at] != ' ' && text.data[at] != '\t')
        at++;
    *ret = str_slice(text.data, at);
    *rest = str_slice(text.data + at, text.len - at);
    return at > 0;
}

/* "BenchmarkX-8" at the beginning of a line; what stands behind it. */
static bool take_name(struct str line, struct str *ret_name, struct str *ret_rest)
{
    struct str rest = line, name;
    size_t head = strlen("Benchmark");
    if (!str_starts_with(line, STR("Benchmark")) || !take_word(&rest, &name) ||
        (name.len > head && !is_upper_or_mark(name.data[head])))
        return false;
    *ret_name = name;
    *ret_rest = str_trim(rest);
    return true;
}

/* Iterations and figures, each with its unit. */
static bool take_columns(struct str rest, struct go_row *row)
{
    struct str count, number;
    *row = (struct go_row){.procs = MISSING};
    if (!take_word(&rest, &count) || !whole_number(count, &row->iterations))
        return false;
    while (row->count < VALUES_MAX && take_word(&rest, &number)) {
        struct go_value *value = &row->values[row->count];
        if (reader_is_not_finite(number))
            value->value = (double)INFINITY;
        else if (!whole_number(number, &value->value))
            return false;
        if (!take_word(&rest, &value->unit))
            return false;
        row->count++;
    }
    return row->count > 0;
}

static bool has_own_unit(const struct go_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (str_ends_with(row->values[i].unit, STR("/op")) || str_equal(row->values[i].unit, STR("MB/s")))
            return true;
    return false;
}

/* A row. What a benchmark itself prints stands behind its name, and its figures then on a line of their own: *open is
 * the name that still waits for them, *ret_words what stands behind a name on this line. */
static bool take_row(struct str line, struct str *open, struct str *ret_words, struct go_row *row)
{
    struct str name, rest;
    *ret_words = (struct str){0};
    if (take_name(line, &name, &rest)) {
        bool whole = take_columns(rest, row);
        row->name = name;
        *open = whole ? (struct str){0} : name;
        *ret_words = whole ? *ret_words : rest;
        return whole;
    }
    if (open->len == 0 || line.len == 0 || line.data[0] < '0' || line.data[0] > '9' || !take_columns(line, row) ||
        !has_own_unit(row))
        return false;
    row->name = *open;
    *open = (struct str){0};
    return true;
}

double go_bench_take_procs(struct str *name)
{
    size_t at = name->len;
    double procs = MISSING;
    while (at > 0 && name->data[at - 1] >= '0' && name->data[at - 1] <= '9')
        at--;
    if (at == 0 || at == name->len || name->data[at - 1] != '-')
        return MISSING;
    if (whole_number(str_slice(name->data + at, name->len - at), &procs))
        name->len = at - 1;
    return procs;
}

static int detect(const struct format_input *input)
{
    if (str_find(input->text, STR("Benchmark"), 0) == SIZE_MAX)
        return 0;
    struct lines lines = lines_of(input->text);
    struct line line;
    struct go_row row;
    struct str open = {0}, words;
    while (lines_next(&lines, &line))
        if (take_row(str_trim(line.text), &open, &words, &row) && has_own_unit(&row))
            return 86;
    return 0;
}

/* ---------------------------------------------------------------- names */

static bool begins_private(struct str path)
{
    static const char *const beginnings[] = {"/home/", "/Users/", "/root/", "~/", "~\\", "\\\\", "[removed:path]"};
    for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++)
        if (str_starts_with(path, str_of(beginnings[i])))
            return true;
    char drive = path.len > 2 ? path.data[0] : '0';
    bool letter = (drive >= 'a' && drive <= 'z') || (drive >= 'A' && drive <= 'Z');
    return letter && path.data[1] == ':' && (path.data[2] == '\\' || path.data[2] == '/');
}

bool go_bench_private_folder(struct str name, struct str *ret_folder)
{
    for (size_t at = 1; at < name.len; at++) {
        struct str rest = str_slice(name.data + at, name.len - at), base;
        if (strchr("/=,:([", name.data[at - 1]) == NULL || name.data[at - 1] == '\0' || !begins_private(rest))
            continue;
        reader_split_path(rest, ret_folder, &base);
        return ret_folder->len > 0;
    }
    return false;
}

const char *go_bench_shown_name(struct reading *reading, const struct format_input *input, struct str name)
{
    struct str folder;
    if (!go_bench_private_folder(name, &folder))
        return reader_text(&reading->arena, name);
    noise_hide(reading, input, folder, PRIVATE_PATH);
    size_t before = (size_t)(folder.data - name.data), behind = before + folder.len + 1;
    char *text = arena_strndup(&reading->arena, name.data, before + name.len - behind);
    if (text == NULL)
        return NULL;
    memcpy(text + before, name.data + behind, name.len - behind);
    return reader_text(&reading->arena, str_of(text));
}

/* ---------------------------------------------------------------- runs */

struct go_reader {
    const struct format_input *input;
    struct reading *reading;
    struct go_row *rows;
    size_t count, capacity;
    struct str package;
    struct str keys[4]; /* values of goos, goarch, cpu, and of the last other key */
    size_t block;
    struct str open; /* name of a benchmark whose figures were not on its line */
};

static int compare_rows(const void *a, const void *b)
{
    const struct go_row *left = *(struct go_row *const *)a, *right = *(struct go_row *const *)b;
    if (left->block != right->block)
        return left->block < right->block ? -1 : 1;
    size_t length = left->name.len < right->name.len ? left->name.len : right->name.len;
    int order = memcmp(left->name.data, right->name.data, length);
    if (order == 0)
        order = (left->name.len > right->name.len) - (left->name.len < right->name.len);
    if (order == 0 && !number_equal(left->procs, right->procs) && !(isnan(left->procs) && isnan(right->procs)))
        order = isnan(left->procs) || left->procs < right->procs ? -1 : 1;
    return order != 0 ? order : (left > right) - (left < right);
}

static bool same_run(const struct go_row *a, const struct go_row *b)
{
    bool procs = number_equal(a->procs, b->procs) || (isnan(a->procs) && isnan(b->procs));
    return a->block == b->block && procs && str_equal(a->name, b->name);
}

static void add_unit(struct go_reader *go, struct run *run, struct go_row *const *rows, size_t count, struct str unit)
{
    static const struct {
        const char *unit, *metric, *plain;
        bool counted;
    } known[] = {{"ns/op", "time", "ns", false},
                 {"MB/s", "data_throughput", "MB/s", false},
                 {"B/op", "allocated_memory", "B", true},
                 {"allocs/op", "allocations", "count", true}};
    char word[65];
    struct given_figures given = GIVEN_FIGURES;
    double *samples = arena_alloc(&go->reading->arena, count, sizeof *samples);
    size_t seen = 0;
    for (size_t i = 0; samples != NULL && i < count; i++)
        for (size_t k = 0; k < rows[i]->count; k++)
            if (str_equal(rows[i]->values[k].unit, unit)) {
                samples[seen++] = rows[i]->values[k].value;
                break;
            }
    if (seen == 0)
        return;
    given.stated.samples = samples;
    given.stated.sample_count = seen > 1 ? seen : 0;
    given.stated.mean = seen == 1 ? samples[0] : MISSING;
    given.stated.mean_not_finite = seen == 1 && !isfinite(samples[0]);
    given.stated.n = seen == 1 ? 1 : COUNT_UNKNOWN;
    const char *metric = text_of(word, sizeof word, unit);
    given.unit = metric;
    given.stddev_kind = STDDEV_SAMPLE;
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (strcmp(word, known[i].unit) == 0) {
            metric = known[i].metric;
            given.unit = known[i].plain;
            given.counted = known[i].counted;
        }
    const char *shown = reader_text(&go->reading->arena, str_of(metric));
    if (shown != NULL)
        figures_add(go->reading, run, shown, &given);
}

static int add_run(struct go_reader *go, struct go_row *const *rows, size_t count, struct err *err)
{
    struct run *run = reading_add_run(go->reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = arena_strndup(&go->reading->arena, rows[0]->name.data, rows[0]->name.len);
    if (rows[0]->package.len > 0)
        run->workload.category = benchmark_name(go->reading, go->input, rows[0]->package);
    if (!isnan(rows[0]->procs))
        parameters_set_number(&go->reading->arena, &run->setup, "gomaxprocs", rows[0]->procs);
    if (count == 1)
        parameters_set_number(&go->reading->arena, &run->setup, "iterations", rows[0]->iterations);
    for (size_t k = 0; k < rows[0]->count; k++)
        add_unit(go, run, rows, count, rows[0]->values[k].unit);
    return 0;
}

struct stretch {
    size_t begin, count;
    const struct go_row *first;
};

static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static int add_runs(struct go_reader *go, struct err *err)
{
    struct arena *arena = &go->reading->arena;
    struct go_row **sorted = arena_alloc(arena, go->count + 1, sizeof(struct go_row *));
    struct stretch *stretches = arena_alloc(arena, go->count + 1, sizeof *stretches);
    size_t count = 0;
    if (sorted == NULL || stretches == NULL)
        return mem_error(err);
    for (size_t i = 0; i < go->count; i++)
        sorted[i] = &go->rows[i];
    if (go->count > 0)
        qsort(sorted, go->count, sizeof(struct go_row *), compare_rows);
    for (size_t i = 0; i < go->count; i++) {
        if (i == 0 || !same_run(sorted[i], sorted[i - 1]))
            stretches[count++] = (struct stretch){i, 0, sorted[i]};
        stretches[count - 1].count++;
    }
    if (count > 0)
        qsort(stretches, count, sizeof *stretches, compare_stretches);
    for (size_t i = 0; i < count; i++) {
        int code = add_run(go, sorted + stretches[i].begin, stretches[i].count, err);
        if (code < 0)
            return code;
    }
    return 0;
}

/* ---------------------------------------------------------------- lines */

/* What of a package is shown: packages that differ in private folders alone have one name. */
static struct str shown_part(struct str value)
{
    struct str folder, base;
    if (!reader_path_is_private(value) && !str_starts_with(value, STR("[removed:path]")))
        return value;
    reader_split_path(value, &folder, &base);
    return base;
}

static void set_key(struct go_reader *go, struct str *slot, struct str value)
{
    if (!str_equal(shown_part(*slot), shown_part(value)))
        go->block++;
    *slot = value;
}

/* "key: value": the key in small letters, without blanks. What a note says stays; that it changed counts. */
static bool take_key(struct go_reader *go, struct str line)
{
    static const char *const names[] = {"goos", "goarch", "cpu"};
    size_t colon = str_find(line, STR(":"), 0);
    struct arena *arena = &go->reading->arena;
    struct device *device = &go->reading->device;
    if (colon == SIZE_MAX || colon == 0 || line.data[0] < 'a' || line.data[0] > 'z')
        return false;
    struct str key = str_slice(line.data, colon);
    if (str_find(key, STR(" "), 0) != SIZE_MAX || str_find(key, STR("\t"), 0) != SIZE_MAX)
        return false;
    struct str value = str_trim(str_slice(line.data + colon + 1, line.len - colon - 1));
    if (str_equal(key, STR("pkg"))) {
        set_key(go, &go->package, value);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal(key, str_of(names[i]))) {
            set_key(go, &go->keys[i], value);
            const char **fact = i == 0 ? &device->os_name : i == 1 ? &device->architecture : &device->chip;
            *fact = reader_text(arena, value);
            return true;
        }
    go->block += !str_equal(go->keys[3], value); /* the whole of it is hidden, so the whole of it counts */
    go->keys[3] = value;
    noise_hide(go->reading, go->input, value, PRIVATE_TEXT);
    return true;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct go_reader *go = context;
    struct str text = str_trim(line->text), words;
    struct go_row row;
    if (text.len == 0 || str_equal(text, STR("PASS")))
        return 0;
    if (take_row(text, &go->open, &words, &row)) {
        row.procs = go_bench_take_procs(&row.name);
        row.name = str_of(go_bench_shown_name(go->reading, go->input, row.name));
        row.block = go->block;
        row.package = go->package;
        struct go_row *rows = arena_grow(&go->reading->arena, go->rows, &go->capacity, go->count + 1, sizeof *rows);
        if (rows == NULL)
            return mem_error(err);
        go->rows = rows;
        go->rows[go->count++] = row;
        return 0;
    }
    if (take_key(go, text))
        return 0;
    if (str_starts_with(text, STR("--- FAIL: Benchmark")) || str_equal(text, STR("FAIL")))
        reading_add_problem(go->reading, "", line->number, 0, "a benchmark failed");
    else if (words.data != NULL) {
        (void)go_bench_shown_name(go->reading, go->input,
                                  go->open); /* what of it is private, though no figures may follow */
        noise_hide(go->reading, go->input, words, PRIVATE_TEXT);
    } else
        noise_mark(go->reading, line);
    return 0;
}

int go_bench_take(struct reading *reading, const struct format_input *input, struct err *err)
{
    struct go_reader go = {.input = input, .reading = reading};
    int code = lines_each(input->text, take_line, &go, err);
    return code == 0 ? add_runs(&go, err) : code;
}

static int read_go(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_go_bench_text, input);
    if (reading == NULL)
        return mem_error(err);
    int code = go_bench_take(reading, input, err);
    return lines_end(reading, input, code, "no benchmark line was found", into, err);
}

/* What was last said of system, processor and package. */
static void carry_machine(struct str before, struct buf *into)
{
    static const char *const keys[] = {"goos:", "goarch:", "pkg:", "cpu:"};
    struct str last[ARRAY_LENGTH(keys)] = {0};
    struct lines lines = lines_of(before);
    struct line line;
    while (lines_next(&lines, &line))
        for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
            if (str_starts_with(line.text, str_of(keys[i])))
                last[i] = line.text;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
        if (last[i].len > 0) {
            buf_add(into, last[i].data, last[i].len);
            buf_addc(into, '\n');
        }
}

const struct format format_go_bench_text = {
    .name = "go-bench-text",
    .tool = "go test",
    .summary = "go test -bench, printed",
    .version = 1,
    .detect = detect,
    .read = read_go,
    .pieces = &(const struct format_pieces){.carry = carry_machine},
};
