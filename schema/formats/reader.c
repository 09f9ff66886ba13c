#include "schema/formats/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/raw_json.h"
#include "schema/stats/order.h"
#include "schema/stats/summary.h"

#define TEXT_CHARACTERS_MAX 200
#define MEAN_TOLERANCE 1e-3

char *reader_text(struct arena *arena, struct str text)
{
    return reader_long_text(arena, text, TEXT_CHARACTERS_MAX);
}

char *reader_long_text(struct arena *arena, struct str text, size_t most)
{
    text = str_trim(text);
    if (text.len == 0)
        return NULL;
    size_t plain = 0;
    while (plain < text.len && text.data[plain] >= ' ' && text.data[plain] <= '~')
        plain++;
    if (plain == text.len && text.len <= most)
        return arena_strndup(arena, text.data, text.len);
    autobuf struct buf clean = BUF(most * 4);
    const char *end = text.data + text.len;
    size_t characters = 0;
    for (const char *at = text.data; at < end && characters < most; characters++) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(at, end, &code_point);
        if (length == 0 || utf8_is_unsafe(code_point))
            buf_addc(&clean, ' ');
        else
            buf_add(&clean, at, length);
        at += length == 0 ? 1 : length;
    }
    struct str shown = str_trim(str_of(buf_text(&clean)));
    return shown.len == 0 ? NULL : arena_strndup(arena, shown.data, shown.len);
}

/* ---------------------------------------------------------------- figures */

/* The finite samples in ascending order; their number in *ret_count. */
static double *sorted_samples(struct arena *arena, const struct stated_figures *stated, size_t *ret_count)
{
    double *sorted = arena_alloc(arena, stated->sample_count, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; sorted != NULL && i < stated->sample_count; i++)
        if (isfinite(stated->samples[i]))
            sorted[count++] = stated->samples[i];
    stats_sort(sorted, count);
    *ret_count = count;
    return sorted;
}

static void keep_samples(struct reading *reading, struct measurement *measurement, const struct stated_figures *stated)
{
    struct arena *arena = &reading->arena;
    double *samples = arena_alloc(arena, stated->sample_count, sizeof *samples);
    size_t count = 0;
    const double *sorted = sorted_samples(arena, stated, &count);
    if (samples == NULL || sorted == NULL)
        return;
    for (size_t i = 0; i < stated->sample_count; i++)
        samples[i] = isfinite(stated->samples[i]) ? stated->samples[i] : MISSING;
    measurement->samples = samples;
    measurement->sample_count = stated->sample_count;
    if (count < stated->sample_count)
        flags_add(arena, &measurement->flags, "not_finite");
    struct summary summary = stats_summary(sorted, count);
    measurement->min = summary.min;
    measurement->max = summary.max;
    measurement->median = summary.median;
    if (isnan(measurement->mean) && !stated->mean_not_finite)
        measurement->mean = summary.mean;
    else if (fabs(measurement->mean - summary.mean) > MEAN_TOLERANCE * fabs(summary.mean))
        flags_add(arena, &measurement->flags, "mean_differs");
    if (isnan(measurement->stddev))
        measurement->stddev = summary.stddev;
    if (measurement->n == COUNT_UNKNOWN)
        measurement->n = (int64_t)count;
}

struct measurement *reader_measure(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                   const struct stated_figures *stated)
{
    struct measurement *measurement = run_add_measurement(reading, run, metric);
    if (measurement == NULL)
        return NULL;
    const struct metric *known = catalog_metric(metric);
    measurement->unit = arena_strdup(&reading->arena, known != NULL ? known->unit : unit);
    if (known != NULL)
        measurement->direction = text_equal(known->direction, "lower") ? DIRECTION_LOWER : DIRECTION_HIGHER;
    measurement->n = stated->n;
    measurement->mean = isfinite(stated->mean) ? stated->mean : MISSING;
    measurement->stddev = isfinite(stated->stddev) ? stated->stddev : MISSING;
    measurement->stddev_kind = STDDEV_SAMPLE;
    if (stated->mean_not_finite)
        flags_add(&reading->arena, &measurement->flags, "not_finite");
    if (stated->sample_count > 0)
        keep_samples(reading, measurement, stated);
    if (measurement->n == 0 || measurement->n == 1)
        measurement->stddev = MISSING;
    if (isnan(measurement->stddev))
        measurement->stddev_kind = STDDEV_UNKNOWN;
    if (measurement->mean <= 0)
        flags_add(&reading->arena, &measurement->flags, "not_positive");
    return measurement;
}

/* ---------------------------------------------------------------- places */

struct line_cursor line_cursor(struct str text)
{
    return (struct line_cursor){.text = text, .line = 1};
}

void line_cursor_move(struct line_cursor *cursor, size_t offset)
{
    if (offset > cursor->text.len)
        offset = cursor->text.len;
    while (cursor->at < offset) {
        const char *from = cursor->text.data + cursor->at;
        const char *newline = memchr(from, '\n', offset - cursor->at);
        if (newline == NULL) {
            cursor->at = offset;
            return;
        }
        cursor->at += (size_t)(newline - from) + 1;
        cursor->line++;
        cursor->line_start = cursor->at;
    }
}

int line_cursor_column(const struct line_cursor *cursor)
{
    return (int)(cursor->at - cursor->line_start) + 1;
}

bool reader_set_time(struct arena *arena, struct run *run, const char *text)
{
    struct str given = str_trim(str_of(text));
    char shown[CLOCK_TEXT_SIZE], zoned[64] = "";
    int64_t at = 0;
    if (clock_parse(given, &at)) {
        run->ran_at = arena_strdup(arena, clock_format(shown, at));
        return true;
    }
    if (given.len < 19 || given.len > 40)
        return false;
    memcpy(zoned, given.data, given.len);
    zoned[given.len] = 'Z';
    if (zoned[10] == ' ')
        zoned[10] = 'T';
    if (!clock_parse(str_of(zoned), &at))
        return false;
    size_t length = strlen(clock_format(shown, at));
    run->ran_at = arena_strndup(arena, shown, length - 1); /* without the Z: whose time it was is not known */
    run->ran_at_local = true;
    return true;
}

/* ---------------------------------------------------------------- private stretches */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool reader_name_is_personal(struct str name, enum private_kind *ret_kind)
{
    static const struct {
        const char *name;
        enum private_kind kind;
    } names[] = {
        /* By the alphabet: this is asked of each text in a file, and most are done with at the first letter. */
        {"author", PRIVATE_USER},
        {"computer_name", PRIVATE_HOST},
        {"contact", PRIVATE_USER},
        {"email", PRIVATE_USER},
        {"generated_text", PRIVATE_TEXT},
        {"hardware_uuid", PRIVATE_SERIAL},
        {"host", PRIVATE_HOST},
        {"host_name", PRIVATE_HOST},
        {"hostname", PRIVATE_HOST},
        {"ip", PRIVATE_ADDRESS},
        {"ip_address", PRIVATE_ADDRESS},
        {"mac_address", PRIVATE_ADDRESS},
        {"machine_name", PRIVATE_HOST},
        {"node", PRIVATE_HOST},
        {"output_text", PRIVATE_TEXT},
        {"prompt", PRIVATE_PROMPT},
        {"rpc_servers", PRIVATE_ADDRESS},
        {"serial", PRIVATE_SERIAL},
        {"serial_number", PRIVATE_SERIAL},
        {"submitter", PRIVATE_USER},
        {"user", PRIVATE_USER},
        {"user_name", PRIVATE_USER},
        {"username", PRIVATE_USER},
        {"uuid", PRIVATE_SERIAL},
    };
    if (name.len < 2 || !is_letter(name.data[0]))
        return false;
    const char first = (char)(name.data[0] | 0x20);
    for (size_t i = 0; i < ARRAY_LENGTH(names) && names[i].name[0] <= first; i++)
        if (names[i].name[0] == first && str_equal_ignore_case(name, str_of(names[i].name))) {
            *ret_kind = names[i].kind;
            return true;
        }
    return false;
}

bool reader_is_not_finite(struct str text)
{
    static const char *const words[] = {"nan", "inf", "infinity"};
    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        text = str_slice(text.data + 1, text.len - 1);
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (str_equal_ignore_case(text, str_of(words[i])))
            return true;
    return false;
}

bool reader_is_placeholder(const char *text)
{
    return text_starts_with(text, "[text:") || text_starts_with(text, "[removed:");
}

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

static bool ends_with_word(struct str text, struct str word)
{
    return text.len >= word.len && str_equal_ignore_case(str_slice(text.data + text.len - word.len, word.len), word);
}

/* "…home/", "…users/" or "…users\\": a folder whose next one is a person's. */
static bool names_homes(struct str path)
{
    for (size_t at = 0; at < path.len; at++) {
        const struct str before = str_slice(path.data, at);
        if (is_separator(path.data[at]) &&
            (ends_with_word(before, STR("users")) || (path.data[at] == '/' && ends_with_word(before, STR("home")))))
            return true;
    }
    return false;
}

bool reader_path_is_private(struct str path)
{
    if (path.len < 2)
        return false;
    if (memchr(path.data, '/', path.len) == NULL && memchr(path.data, '\\', path.len) == NULL)
        return str_starts_with(path, STR(".."));
    if (str_find(path, STR("://"), 0) != SIZE_MAX)
        return str_starts_with(path, STR("file:"));
    if (path.data[0] == '~' && is_separator(path.data[1]))
        return true;
    if (path.len > 2 && is_letter(path.data[0]) && path.data[1] == ':' && is_separator(path.data[2]))
        return true;
    if (path.data[0] == '/' && path.data[1] != ' ')
        return true;
    if (path.data[0] == '\\' && is_separator(path.data[1]))
        return true;
    return str_starts_with(path, STR("..")) || names_homes(path);
}

void reader_split_path(struct str path, struct str *ret_folder, struct str *ret_base)
{
    size_t base = path.len;
    while (base > 0 && !is_separator(path.data[base - 1]))
        base--;
    size_t folder = base;
    while (folder > 0 && is_separator(path.data[folder - 1]))
        folder--;
    *ret_folder = str_slice(path.data, folder);
    *ret_base = base < path.len ? str_slice(path.data + base, path.len - base) : STR("");
}

/* Bytes of the folder part of a path inside a JSON literal, where \\ and \/ are one separator each. */
static size_t literal_folder_length(struct str literal)
{
    size_t folder = 0;
    bool behind_separator = false;
    for (size_t at = 0; at < literal.len;) {
        bool escape = literal.data[at] == '\\' && at + 1 < literal.len;
        bool separator = literal.data[at] == '/' || (escape && is_separator(literal.data[at + 1]));
        if (separator && !behind_separator)
            folder = at;
        behind_separator = separator;
        at += escape ? 2 : 1;
    }
    return folder;
}

/* llama.cpp calls a device of another machine RPC[host:port]: behind the next bracket of such a name, or SIZE_MAX.
 * Brackets are rare in the texts of a record, so that looking for them is quicker than looking for the name. */
static size_t next_address(struct str text, size_t from)
{
    static const struct str head = {"RPC[", 4};
    while (from < text.len) {
        const char *bracket = memchr(text.data + from, '[', text.len - from);
        if (bracket == NULL)
            return SIZE_MAX;
        from = (size_t)(bracket - text.data) + 1;
        if (str_ends_with(str_slice(text.data, from), head))
            return from;
    }
    return SIZE_MAX;
}

static bool is_address_character(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || (c != '\0' && strchr(".:-_%[", c) != NULL);
}

void reader_find_addresses(struct str text, size_t offset, reader_private_sink *sink, void *context)
{
    for (size_t at = next_address(text, 0); at != SIZE_MAX; at = next_address(text, at)) {
        size_t end = at;
        while (end < text.len && is_address_character(text.data[end]))
            end++;
        struct str address = str_slice(text.data + at, end - at);
        if (address.len > 0 && !str_starts_with(address, STR("[removed:")))
            sink(context, offset + at, address.len, PRIVATE_ADDRESS);
    }
}

void reader_find_private(struct str json, reader_private_sink *sink, void *context)
{
    size_t at = 0;
    struct str literal, name = {0};
    const bool addresses = next_address(json, 0) != SIZE_MAX;
    while (raw_json_next_string(json, &at, &literal)) {
        size_t next = at;
        while (next < json.len && raw_json_is_blank(json.data[next]))
            next++;
        if (next < json.len && json.data[next] == ':') {
            name = literal;
            continue;
        }
        enum private_kind kind = PRIVATE_PATH;
        size_t length = reader_path_is_private(literal) ? literal_folder_length(literal) : 0;
        if (reader_name_is_personal(name, &kind))
            length = literal.len;
        name = (struct str){0};
        if (length > 0)
            sink(context, (size_t)(literal.data - json.data), length, kind);
        else if (addresses)
            reader_find_addresses(literal, (size_t)(literal.data - json.data), sink, context);
    }
}

static int compare_spans(const void *a, const void *b)
{
    const struct private_span *left = a, *right = b;
    if (left->offset != right->offset)
        return left->offset < right->offset ? -1 : 1;
    return left->length > right->length ? -1 : left->length < right->length;
}

void reader_set_original(struct reading *reading, size_t begin, size_t end)
{
    reading->original_offset = begin;
    reading->original_length = end - begin;
    if (reading->private_count == 0)
        return;
    qsort(reading->privates, reading->private_count, sizeof *reading->privates, compare_spans);
    size_t kept = 0, covered = begin;
    for (size_t i = 0; i < reading->private_count; i++) {
        struct private_span span = reading->privates[i];
        size_t span_end = span.offset + span.length;
        if (span_end <= covered || span_end > end)
            continue;
        if (span.offset < covered)
            span.offset = covered;
        span.length = span_end - span.offset;
        covered = span_end;
        span.offset -= begin;
        reading->privates[kept++] = span;
    }
    reading->private_count = kept;
}
