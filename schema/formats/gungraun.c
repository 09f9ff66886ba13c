/* What Gungraun (formerly iai-callgrind) and iai print: the name of a benchmark at the beginning of a line, sometimes
 * over several lines, and below it, indented, counts of Valgrind's tools: "Instructions: 1734|N/A (***)", the new value
 * before the stroke and the old one behind it. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/gungraun.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define NAME_SIZE 512

/* ---------------------------------------------------------------- counts */

static const char *metric_of(struct arena *arena, struct str name)
{
    static const struct {
        const char *given, *metric;
    } known[] = {{"Instructions", "instructions"}, {"Ir", "instructions"}};
    char metric[64];
    size_t length = 0;
    name = str_trim(name);
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (str_equal(name, str_of(known[i].given)))
            return known[i].metric;
    bool lower = false;
    for (size_t i = 0; i < name.len && length + 2 < sizeof metric; i++) {
        char c = name.data[i];
        bool capital = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9', small = c >= 'a' && c <= 'z';
        if (length > 0 && metric[length - 1] != '_' && ((capital && lower) || !(capital || digit || small)))
            metric[length++] = '_';
        if (capital || digit || small)
            metric[length++] = capital ? (char)(c + ('a' - 'A')) : c;
        lower = small;
    }
    while (length > 0 && metric[length - 1] == '_')
        length--;
    metric[length] = '\0';
    return length == 0 ? NULL : arena_strdup(arena, metric);
}

/* Work, misses and errors are better when fewer; hits depend on the work. */
static enum direction direction_of(const char *metric)
{
    static const char *const lower[] = {"instructions", "cycles", "miss",   "error",           "mr", "mw", "ram_hits",
                                        "ram_accesses", "bytes",  "blocks", "total_read_write"};
    for (size_t i = 0; i < ARRAY_LENGTH(lower); i++)
        if (strstr(metric, lower[i]) != NULL)
            return DIRECTION_LOWER;
    return DIRECTION_UNKNOWN;
}

struct measurement *gungraun_add_count(struct reading *reading, struct run *run, struct str name, double value)
{
    struct given_figures given = GIVEN_FIGURES;
    const char *metric = metric_of(&reading->arena, name);
    if (metric == NULL)
        return NULL;
    bool rate = str_find(name, STR("Rate"), 0) != SIZE_MAX;
    given.unit = rate ? "%" : strstr(metric, "bytes") != NULL ? "B" : "count";
    given.stated.mean = value;
    given.stated.n = 1;
    given.counted = true;
    given.direction = direction_of(metric);
    return figures_add(reading, run, metric, &given);
}

/* ---------------------------------------------------------------- lines */

/* "  L1 Hits:   2359|N/A   (***)", "  Instructions:  1243 (+1.1%)". The value is NAN when there is only an old one. */
static bool parse_count(struct str line, struct str *ret_name, double *ret_value)
{
    if (!line_is_indented(line))
        return false;
    struct str rest = line, name;
    if (!take_until(&rest, STR(":"), &name))
        return false;
    *ret_name = str_trim(name);
    if (ret_name->len == 0 || ret_name->data[0] == '=' || ret_name->data[0] == '-')
        return false;
    *ret_value = MISSING;
    if (!take_number(&rest, ret_value))
        return take_text(&rest, STR("N/A|"));
    return str_trim(rest).len == 0 || take_text(&rest, STR("|")) || take_text(&rest, STR("("));
}

/* What Valgrind's tools count, by the words that the names of their metrics hold: other tools, too, indent a name, a
 * colon, a number and a stroke. */
static bool is_counted(struct str name)
{
    static const char *const words[] = {"Instructions", "Hits",   "Misses",  "Miss Rate", "Hit Rate",
                                        "Accesses",     "Cycles", "Errors",  "Contexts",  "Total ",
                                        "At t-",        "Reads ", "Writes ", "bytes",     "blocks"};
    if (str_equal(name, STR("Ge")) || str_equal(name, STR("Ir")))
        return true;
    if (str_find(name, STR("("), 0) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (str_starts_with(name, str_of(words[i])) || str_ends_with(name, str_of(words[i])))
            return true;
    return false;
}

static bool has_stroke(struct str line)
{
    struct str name;
    double value = 0;
    return parse_count(line, &name, &value) && str_find(line, STR("|"), 0) != SIZE_MAX && is_counted(name);
}

static int detect_gungraun(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        if (has_stroke(line.text))
            return 88;
    return 0;
}

static int detect_iai(const struct format_input *input)
{
    bool words = str_find(input->text, STR("  Instructions:"), 0) != SIZE_MAX &&
                 (str_find(input->text, STR("L1 Accesses:"), 0) != SIZE_MAX ||
                  str_find(input->text, STR("L1 Hits:"), 0) != SIZE_MAX ||
                  str_find(input->text, STR("Estimated Cycles:"), 0) != SIZE_MAX);
    return words && detect_gungraun(input) == 0 ? 88 : 0;
}

struct counts {
    const struct format_input *input;
    struct reading *reading;
    char name[NAME_SIZE];
    struct str first_line; /* of the name */
    int first, last;       /* its lines */
    struct used_lines used;
    size_t length;
    bool in_counts;
    size_t run; /* SIZE_MAX: none for this name yet */
};

/* A path of a benchmark, or one word: what stood on the lines before was no part of its name. Arguments that hold line
 * ends go on below it. */
static bool begins_name(const struct counts *counts, struct str text)
{
    size_t blank = str_find(text, STR(" "), 0), path = str_find(text, STR("::"), 0);
    bool named = counts->length > 0 && str_find(counts->first_line, STR("::"), 0) != SIZE_MAX;
    return path < blank || (blank == SIZE_MAX && !named);
}

static void add_to_name(struct counts *counts, const struct line *line)
{
    struct str text = str_trim(line->text);
    if (counts->in_counts || begins_name(counts, text))
        counts->length = 0;
    counts->in_counts = false;
    counts->run = SIZE_MAX;
    if (counts->length == 0 && !begins_name(counts, text) && !str_starts_with(text, STR("[removed:")))
        return; /* a line of a shell, not the beginning of a name, nor what redaction left of one */
    if (counts->length == 0) {
        counts->first_line = text;
        counts->first = line->number;
    }
    counts->last = line->number;
    size_t used = counts->length + 2; /* a blank and the end */
    size_t room = used < sizeof counts->name ? sizeof counts->name - used : 0;
    size_t taken = text.len < room ? text.len : room;
    if (counts->length > 0 && taken > 0)
        counts->name[counts->length++] = ' ';
    if (taken > 0)
        memcpy(counts->name + counts->length, text.data, taken);
    counts->length += taken;
    counts->name[counts->length] = '\0';
}

static const char *name_of(const struct counts *counts)
{
    bool one_line = counts->first_line.len == counts->length;
    return benchmark_name(counts->reading, counts->input,
                          one_line ? counts->first_line : str_slice(counts->name, counts->length));
}

static void add_count(struct counts *counts, struct str name, double value)
{
    counts->in_counts = true;
    if (counts->length == 0)
        return;
    if (counts->run == SIZE_MAX) {
        struct run *run = reading_add_run(counts->reading);
        if (run == NULL)
            return;
        run->workload.task = name_of(counts);
        used_lines_add(&counts->used, counts->first, counts->last);
        counts->run = counts->reading->run_count - 1;
    }
    if (value >= 0)
        gungraun_add_count(counts->reading, &counts->reading->runs[counts->run], name, value);
}

static bool is_folder(struct str line)
{
    struct str text = str_trim(line);
    return !line_is_indented(line) && (text.data[text.len - 1] == '/' || text.data[text.len - 1] == '\\');
}

static int read_counts(const struct format *format, const struct format_input *input, struct reading_list *into,
                       struct err *err)
{
    struct counts counts = {.input = input, .reading = lines_reading(format, input), .run = SIZE_MAX};
    if (counts.reading == NULL)
        return mem_error(err);
    counts.used = used_lines(counts.reading, input);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line)) {
        struct str name;
        double value = 0;
        bool folder = !line_is_indented(line.text) && str_starts_with(str_trim(line.text), STR("[removed:"));
        if (noise_was_here(&line) && !folder) { /* a removed folder begins a name */
            counts.length = line_is_indented(line.text) ? counts.length : 0;
            continue;
        }
        if (parse_count(line.text, &name, &value)) {
            add_count(&counts, name, value);
            used_lines_add(&counts.used, line.number, line.number);
        } else if (str_trim(line.text).len == 0 || is_folder(line.text)) {
            counts.length = 0;
        } else if (!line_is_indented(line.text)) {
            add_to_name(&counts, &line);
        }
    }
    used_lines_mark_others(&counts.used, counts.reading, input);
    return lines_finish(counts.reading, 0, input->text.len, "no benchmark has counts", into, err);
}

static int read_gungraun(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_counts(&format_gungraun_text, input, into, err);
}

static int read_iai(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_counts(&format_iai_text, input, into, err);
}

const struct format format_gungraun_text = {
    .name = "gungraun-text",
    .tool = "Gungraun",
    .summary = "counts of Valgrind's tools, as Gungraun and iai-callgrind print them",
    .version = 1,
    .detect = detect_gungraun,
    .read = read_gungraun,
};

const struct format format_iai_text = {
    .name = "iai-text",
    .tool = "iai",
    .summary = "instructions, cache accesses and cycles, as iai prints them",
    .version = 1,
    .detect = detect_iai,
    .read = read_iai,
};
