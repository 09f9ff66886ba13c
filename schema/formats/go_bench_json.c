/* go test -json -bench: an event a line (cmd/internal/test2json). What the program printed comes in pieces, a line in
 * two events mostly, and the events of packages that ran at once stand between each other. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/go_bench.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"
#include "schema/json/json.h"

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        if (str_has(line.text, "\"Action\":\"output\"") && str_has(line.text, "\"Output\":\"") &&
            (str_has(line.text, "/op") || str_has(line.text, "Benchmark")))
            return 91;
    return 0;
}

struct event {
    const char *package, *output; /* in the reading's arena */
};
struct events {
    struct reading *reading;
    struct event *items;
    size_t count, capacity;
};

/* What go test itself and its benchmarks print; everything else is what the program under test says. */
static bool is_of_go(struct str output)
{
    static const char *const beginnings[] = {"goos:", "goarch:", "pkg:", "cpu:", "Benchmark", "PASS",
                                             "FAIL",  "ok",      "---",  "===",  "[removed:"};
    output = str_trim(output);
    bool known = output.len == 0 || str_has(output, "/op") || str_has(output, " MB/s");
    for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++)
        known = known || str_starts_with(output, str_of(beginnings[i]));
    return known;
}

static struct json_document *document_of(const struct line *line)
{
    struct json_document *document = NULL;
    size_t offset = 0;
    if (!str_starts_with(str_trim(line->text), STR("{")) ||
        json_read_tolerant(line->text, &offset, &json_limits_tool, &document, NULL) <= 0)
        return NULL;
    return document;
}

static int take_event(struct events *events, const struct line *line, struct err *err)
{
    struct arena *arena = &events->reading->arena;
    autojson struct json_document *document = document_of(line);
    const struct json *root = document != NULL ? json_root(document) : NULL;
    const char *text = json_string(json_get(root, "Output")), *package = json_string(json_get(root, "Package"));
    if (text == NULL || !is_of_go(str_of(text)))
        return 0;
    struct event *items = arena_grow(arena, events->items, &events->capacity, events->count + 1, sizeof *items);
    if (items == NULL)
        return mem_error(err);
    events->items = items;
    items[events->count++] =
        (struct event){arena_strdup(arena, package != NULL ? package : ""), arena_strdup(arena, text)};
    return arena_check(arena, err);
}

/* A name in a literal of JSON ends at a blank, or at an escape of one. */
static struct str name_in(struct str literal)
{
    size_t at = 0;
    while (at < literal.len && literal.data[at] != ' ') {
        bool escape = literal.data[at] == '\\' && at + 1 < literal.len;
        if (escape && strchr("tnr", literal.data[at + 1]) != NULL)
            break;
        at += escape ? 2 : 1;
    }
    return str_slice(literal.data, at < literal.len ? at : literal.len);
}

/* Names of benchmarks look like paths, and figures end in "/op": of a line that go test printed only the folder goes
 * that somebody's path within the name has. */
static void mark_printed(struct reading *reading, const struct line *line, size_t begin, size_t length)
{
    struct str folder, name = name_in(str_slice(line->text.data + begin, length));
    if (go_bench_private_folder(name, &folder) && !str_starts_with(folder, STR("[removed:")))
        reading_add_private(reading, line->begin + (size_t)(folder.data - line->text.data), folder.len, PRIVATE_PATH);
}

struct marking {
    struct reading *reading;
    size_t base, begin, end; /* offset of the line; the stretch of it that is marked already */
};

static void mark_path(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    if (offset < marking->begin || offset >= marking->end)
        reading_add_private(marking->reading, marking->base + offset, length, kind);
}

static void mark_event(struct reading *reading, const struct line *line)
{
    autojson struct json_document *document = document_of(line);
    const struct json *output = document != NULL ? json_get(json_root(document), "Output") : NULL;
    struct marking marking = {.reading = reading, .base = line->begin};
    size_t length = 0;
    if (document == NULL) {
        noise_mark(reading, line);
        return;
    }
    if (json_string(output) != NULL && json_span(document, output, &marking.begin, &length)) {
        marking.end = marking.begin + length;
        if (is_of_go(str_of(json_string(output))))
            mark_printed(reading, line, marking.begin, length);
        else
            reading_add_private(reading, line->begin + marking.begin, length, PRIVATE_TEXT);
    }
    reader_find_private(line->text, mark_path, &marking);
}

/* The printed text of each package in turn, as go test prints it without -json. */
static void join(const struct events *events, struct buf *text)
{
    for (size_t first = 0; first < events->count; first++) {
        const char *package = events->items[first].package;
        bool earlier = false;
        for (size_t i = 0; i < first && !earlier; i++)
            earlier = strcmp(events->items[i].package, package) == 0;
        if (earlier)
            continue;
        buf_addf(text, "pkg: %s\n", package);
        for (size_t i = first; i < events->count; i++)
            if (strcmp(events->items[i].package, package) == 0)
                buf_adds(text, events->items[i].output);
        buf_addc(text, '\n');
    }
}

static int take_events(struct reading *reading, const struct format_input *input, struct err *err)
{
    struct events events = {.reading = reading};
    autobuf struct buf text = BUF(4 * input->text.len + BUF_MIB);
    struct lines lines = lines_of(input->text);
    struct line line;
    int code = 0;
    while (code == 0 && lines_next(&lines, &line))
        code = take_event(&events, &line, err);
    if (code < 0)
        return code;
    join(&events, &text);
    const struct format_input printed = {.text = str_slice(buf_text(&text), text.len)};
    code = buf_check(&text, err);
    return code < 0 ? code : go_bench_take(reading, &printed, err);
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_go_bench_json, input);
    if (reading == NULL)
        return mem_error(err);
    int code = take_events(reading, input, err);
    if (code < 0) {
        reading_free(reading);
        return code;
    }
    reading->private_count = 0; /* those were places of the joined text */
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        mark_event(reading, &line);
    return lines_finish(reading, 0, input->text.len, "no benchmark line was found", into, err);
}

const struct format format_go_bench_json = {
    .name = "go-bench-json",
    .tool = "go test",
    .summary = "go test -json -bench, an event a line",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
