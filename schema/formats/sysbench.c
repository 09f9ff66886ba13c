/* What sysbench prints, 0.4 to 1.1, any number of runs in one text, with shell prompts between. Sections: the options,
 * what the test did ("CPU speed", "File operations", "SQL statistics"), general figures, latency, fairness. Its "MB" of
 * 0.4 are 2^20 bytes (sb_memory.c, MEGABYTE). File tests tell reads, writes and syncs apart: each is a run of its own.
 */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define OPTIONS_MAX 32

static int detect(const struct format_input *input)
{
    static const char *const words[] = {"events per second:", "total number of events:", "Threads fairness:",
                                        "total time taken by event execution:", "events/s (eps):"};
    size_t seen = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        seen += str_find(input->text, str_of(words[i]), 0) != SIZE_MAX;
    bool named = str_find_ignore_case(input->text, STR("sysbench"), 0) != SIZE_MAX;
    if (seen >= 2)
        return named ? 92 : 85;
    return named && seen == 1 ? 70 : 0;
}

struct option {
    const char *name;
    struct str value;
};
struct options {
    struct option items[OPTIONS_MAX];
    size_t count;
};

enum mode { MODE_MAIN, MODE_READ, MODE_WRITE, MODE_FSYNC, MODE_COUNT };

/* Runs are known by their place: adding one moves them. */
struct state {
    const struct format_input *input;
    struct reading *reading;
    struct options options; /* of the run that is being read */
    struct options command; /* of the command line before it */
    const char *command_task, *task, *version;
    size_t runs[MODE_COUNT]; /* SIZE_MAX: not there yet */
    double events;
    struct given_figures latency;
    bool complete; /* its last section was seen */
};

static void begin(struct state *state)
{
    for (size_t i = 0; i < MODE_COUNT; i++)
        state->runs[i] = SIZE_MAX;
    state->options.count = 0;
    state->task = NULL;
    state->events = MISSING;
    state->latency = GIVEN_FIGURES;
    state->latency.unit = "ms";
    state->complete = false;
}

static struct run *run_of(struct state *state, enum mode mode)
{
    static const char *const names[] = {NULL, "read", "write", "fsync"};
    if (state->runs[mode] == SIZE_MAX) {
        struct run *run = reading_add_run(state->reading);
        if (run == NULL)
            return NULL;
        run->workload.mode = names[mode];
        state->runs[mode] = state->reading->run_count - 1;
    }
    return &state->reading->runs[state->runs[mode]];
}

static void add_figure(struct state *state, enum mode mode, const char *metric, const char *unit, double value)
{
    struct run *run = run_of(state, mode);
    struct given_figures given = GIVEN_FIGURES;
    if (run == NULL)
        return;
    given.unit = unit;
    given.direction = DIRECTION_HIGHER;
    given.stated.mean = value;
    given.counted = true;
    figures_add(state->reading, run, metric, &given);
}

/* ---------------------------------------------------------------- options */

static void set_option(struct options *options, const char *name, struct str value)
{
    size_t at = 0;
    while (at < options->count && strcmp(options->items[at].name, name) != 0)
        at++;
    if (at == OPTIONS_MAX)
        return;
    options->items[at] = (struct option){name, str_trim(value)};
    if (at == options->count)
        options->count++;
}

/* What changes the work of a test; names of servers, users and passwords are none of it. */
static const char *known_option(struct str name)
{
    static const struct {
        const char *option, *name;
    } known[] = {
        {"threads", "threads"},
        {"num-threads", "threads"},
        {"cpu-max-prime", "cpu_max_prime"},
        {"file-test-mode", "file_test_mode"},
        {"file-total-size", "file_total_size"},
        {"file-block-size", "file_block_size"},
        {"file-num", "file_num"},
        {"file-io-mode", "file_io_mode"},
        {"file-extra-flags", "file_extra_flags"},
        {"file-fsync-freq", "file_fsync_freq"},
        {"memory-block-size", "memory_block_size"},
        {"memory-total-size", "memory_total_size"},
        {"memory-oper", "memory_oper"},
        {"memory-access-mode", "memory_access_mode"},
        {"memory-scope", "memory_scope"},
        {"mutex-num", "mutex_num"},
        {"mutex-locks", "mutex_locks"},
        {"mutex-loops", "mutex_loops"},
        {"thread-yields", "thread_yields"},
        {"thread-locks", "thread_locks"},
        {"tables", "tables"},
        {"table-size", "table_size"},
        {"oltp-table-size", "table_size"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
        if (str_equal(name, str_of(known[i].option)))
            return known[i].name;
    return NULL;
}

/* "cpu", "oltp_read_write", "/usr/share/sysbench/oltp_read_only.lua" */
static const char *task_of(struct arena *arena, struct str word)
{
    struct str folder, base;
    reader_split_path(word, &folder, &base);
    if (str_ends_with(base, STR(".lua")))
        base.len -= 4;
    return reader_text(arena, base);
}

static void mark_secret(struct state *state, struct str name, struct str value)
{
    static const char *const secrets[] = {"host", "user", "password", "socket", "db"};
    enum private_kind kinds[] = {PRIVATE_HOST, PRIVATE_USER, PRIVATE_USER, PRIVATE_PATH, PRIVATE_USER};
    for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++)
        if (str_ends_with(name, str_of(secrets[i])) && !str_starts_with(value, STR("[removed:")))
            reading_add_private(state->reading, (size_t)(value.data - state->input->text.data), value.len, kinds[i]);
}

/* Who sat where stands in front of a command: "user@host:folder$ ". */
static void mark_prompt(struct state *state, struct str prompt)
{
    struct str user, rest = prompt;
    if (!take_until(&rest, STR("@"), &user) || rest.len == 0)
        return;
    size_t offset = (size_t)(user.data - state->input->text.data);
    while (user.len > 0 && (user.data[0] == '[' || user.data[0] == ' ' || user.data[0] == '(') &&
           !str_starts_with(user, STR("[removed:"))) {
        user = str_slice(user.data + 1, user.len - 1);
        offset++;
    }
    size_t host = 0;
    while (host < rest.len && strchr(": ]$#", rest.data[host]) == NULL)
        host++;
    if (!str_starts_with(user, STR("[removed:")))
        reading_add_private(state->reading, offset, user.len, PRIVATE_USER);
    if (!str_starts_with(rest, STR("[removed")))
        reading_add_private(state->reading, (size_t)(rest.data - state->input->text.data), host, PRIVATE_HOST);
}

static bool read_command(struct state *state, struct str text)
{
    size_t at = str_find(text, STR("sysbench "), 0);
    struct str trimmed = str_trim(text);
    if (at == SIZE_MAX)
        return false;
    bool prompt = str_find(str_slice(text.data, at), STR("@"), 0) != SIZE_MAX;
    if (prompt)
        mark_prompt(state, str_slice(text.data, at));
    struct str rest = str_slice(text.data + at + 9, text.len - at - 9), word, name;
    bool is_run = str_ends_with(trimmed, STR(" run"));
    if (is_run) {
        state->command.count = 0;
        state->command_task = NULL;
    }
    while (str_next_field(&rest, ' ', &word)) {
        struct str value = word;
        if (!str_starts_with(word, STR("--"))) {
            if (is_run && state->command_task == NULL && word.len > 0 && !str_equal(word, STR("run")))
                state->command_task = task_of(&state->reading->arena, word);
            continue;
        }
        value = str_slice(word.data + 2, word.len - 2);
        if (!take_until(&value, STR("="), &name))
            continue;
        mark_secret(state, name, value);
        if (is_run && str_equal(name, STR("test")))
            state->command_task = task_of(&state->reading->arena, value);
        if (is_run && known_option(name) != NULL)
            set_option(&state->command, known_option(name), value);
    }
    return is_run || prompt;
}

/* ---------------------------------------------------------------- the end of a run */

static void set_parameters(struct state *state, struct run *run, const struct options *options)
{
    struct arena *arena = &state->reading->arena;
    for (size_t i = 0; i < options->count; i++) {
        double number = 0;
        const char *word = reader_text(arena, options->items[i].value);
        if (number_parse(options->items[i].value, &number))
            parameters_set_number(arena, &run->workload.parameters, options->items[i].name, number);
        else if (word != NULL)
            (void)parameters_set_word(arena, &run->workload.parameters, options->items[i].name, word);
    }
}

static void finish(struct state *state)
{
    struct run *run = NULL;
    bool seen = !isnan(state->latency.stated.mean);
    for (size_t i = 0; i < MODE_COUNT; i++)
        seen = seen || state->runs[i] != SIZE_MAX;
    /* Printed with two decimals of a millisecond: 0.00 is a time that is shorter than that, and not stated. */
    if (seen && state->latency.stated.mean > 0 && (run = run_of(state, MODE_MAIN)) != NULL) {
        if (state->events >= 1 && state->events < 9e15)
            state->latency.stated.n = (int64_t)state->events;
        figures_add(state->reading, run, "latency", &state->latency);
    }
    if (number_equal(state->events, 0))
        reading_add_problem(state->reading, "", 0, 0, "a run of sysbench counted no event");
    bool same_test = state->task == NULL || text_starts_with(state->command_task, state->task) ||
                     text_starts_with(state->task, state->command_task);
    const char *task = same_test && state->command_task != NULL ? state->command_task : state->task;
    for (size_t i = 0; i < MODE_COUNT; i++) {
        if (state->runs[i] == SIZE_MAX)
            continue;
        run = &state->reading->runs[state->runs[i]];
        run->workload.task = task;
        if (state->version != NULL)
            (void)parameters_set_word(&state->reading->arena, &run->setup, "version", state->version);
        if (same_test)
            set_parameters(state, run, &state->command);
        set_parameters(state, run, &state->options);
        if (number_equal(state->events, 0))
            flags_add(&state->reading->arena, &run->flags, "failed");
    }
    if (seen)
        state->command.count = 0;
    if (seen)
        state->command_task = NULL;
    begin(state);
}

/* ---------------------------------------------------------------- lines */

static bool read_option(struct state *state, struct str text)
{
    static const struct {
        const char *text, *name, *task;
    } options[] = {
        {"Number of threads:", "threads", NULL},
        {"Prime numbers limit:", "cpu_max_prime", "cpu"},
        {"Maximum prime number checked in CPU test:", "cpu_max_prime", "cpu"},
        {"block size:", "memory_block_size", "memory"},
        {"total size:", "memory_total_size", "memory"},
        {"operation:", "memory_oper", "memory"},
        {"scope:", "memory_scope", "memory"},
        {"Memory transfer size:", "memory_total_size", "memory"},
        {"Memory operations type:", "memory_oper", "memory"},
        {"Memory scope type:", "memory_scope", "memory"},
        {"Block size", "file_block_size", "fileio"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
        struct str rest = text;
        if (!take_text(&rest, str_of(options[i].text)))
            continue;
        if (state->complete)
            finish(state);
        set_option(&state->options, options[i].name, rest);
        if (options[i].task != NULL)
            state->task = options[i].task;
        return true;
    }
    return false;
}

/* "label: 123.4", also with the unit in the label or behind the number. */
static bool read_rate(struct state *state, struct str text)
{
    static const struct {
        const char *text;
        enum mode mode;
        const char *metric, *unit, *task;
    } rates[] = {
        {"events per second:", MODE_MAIN, "event_throughput", "events/s", "cpu"},
        {"events/s (eps):", MODE_MAIN, "event_throughput", "events/s", NULL},
        {"reads/s:", MODE_READ, "io_operations", "IOPS", "fileio"},
        {"writes/s:", MODE_WRITE, "io_operations", "IOPS", "fileio"},
        {"fsyncs/s:", MODE_FSYNC, "io_operations", "IOPS", "fileio"},
        {"read:  IOPS=", MODE_READ, "io_operations", "IOPS", "fileio"},
        {"write: IOPS=", MODE_WRITE, "io_operations", "IOPS", "fileio"},
        {"fsync: IOPS=", MODE_FSYNC, "io_operations", "IOPS", "fileio"},
        {"read, MiB/s:", MODE_READ, "io_bandwidth", "MiB/s", "fileio"},
        {"written, MiB/s:", MODE_WRITE, "io_bandwidth", "MiB/s", "fileio"},
        {"total time:", MODE_MAIN, "duration", "s", NULL},
    };
    double value = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++) {
        struct str rest = text;
        if (!take_text(&rest, str_of(rates[i].text)) || !take_number(&rest, &value))
            continue;
        if (state->complete)
            finish(state);
        if (rates[i].task != NULL)
            state->task = rates[i].task;
        add_figure(state, rates[i].mode, rates[i].metric, rates[i].unit, value);
        if (strstr(rates[i].text, "IOPS=") != NULL && take_number(&rest, &value) && take_text(&rest, STR("MiB/s")))
            add_figure(state, rates[i].mode, "io_bandwidth", "MiB/s", value);
        return true;
    }
    return false;
}

/* "label: 123 (45.6 per sec.)", "1024.00 MiB transferred (4096.00 MiB/sec)" */
static bool read_bracketed(struct state *state, struct str text)
{
    static const struct {
        const char *before, *after, *metric, *unit, *task;
    } rates[] = {
        {"transactions:", "per sec", "transaction_throughput", "/s", "oltp"},
        {"queries:", "per sec", "query_throughput", "/s", "oltp"},
        {"Total operations:", "per second", "operation_throughput", "ops/s", "memory"},
        {"Operations performed:", "ops/sec", "operation_throughput", "ops/s", "memory"},
        {"MiB transferred", "MiB/sec", "memory_bandwidth", "MiB/s", "memory"},
        {"MB transferred", "MB/sec", "memory_bandwidth", "MiB/s", "memory"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rates); i++) {
        struct str rest = text, skipped;
        double value = 0;
        if (!take_until(&rest, str_of(rates[i].before), &skipped) || !take_until(&rest, STR("("), &skipped) ||
            !take_number(&rest, &value) || !take_text(&rest, str_of(rates[i].after)))
            continue;
        if (state->complete)
            finish(state);
        state->task = rates[i].task;
        add_figure(state, MODE_MAIN, rates[i].metric, rates[i].unit, value);
        return true;
    }
    return false;
}

static bool read_latency(struct state *state, struct str text)
{
    const struct {
        const char *text;
        double *into;
    } figures[] = {
        {"min:", &state->latency.min},
        {"avg:", &state->latency.stated.mean},
        {"max:", &state->latency.max},
        {"total number of events:", &state->events},
    };
    static const struct {
        const char *text, *metric;
    } percentiles[] = {{"50", "latency_p50"},
                       {"90", "latency_p90"},
                       {"95", "latency_p95"},
                       {"97", "latency_p97"},
                       {"99", "latency_p99"}};
    double value = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        struct str rest = text;
        if (take_text(&rest, str_of(figures[i].text)) && take_number(&rest, &value)) {
            *figures[i].into = value;
            return true;
        }
    }
    struct str rest = text, label;
    (void)take_text(&rest, STR("approx."));
    if (!take_until(&rest, STR("percentile:"), &label) || !take_number(&rest, &value))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(percentiles); i++) {
        struct run *run = NULL;
        if (value > 0 && take_text(&label, str_of(percentiles[i].text)) && (run = run_of(state, MODE_MAIN)) != NULL)
            figures_add_value(state->reading, run, percentiles[i].metric, "ms", value);
    }
    return true;
}

/* What sysbench prints besides: whatever else stands there is somebody's. */
static bool is_known(struct str text)
{
    static const char *const beginnings[] = {"Running ",
                                             "Initializing ",
                                             "Threads started!",
                                             "Done.",
                                             "CPU speed:",
                                             "General statistics:",
                                             "Latency (ms)",
                                             "Latency histogram",
                                             "Throughput:",
                                             "Threads fairness:",
                                             "SQL statistics:",
                                             "File operations:",
                                             "Test execution summary:",
                                             "total time taken by event execution",
                                             "per-request statistics:",
                                             "queries performed:",
                                             "events (avg/stddev):",
                                             "sum:",
                                             "read:",
                                             "write:",
                                             "other:",
                                             "total:",
                                             "ignored errors:",
                                             "reconnects:",
                                             "time elapsed:",
                                             "Doing ",
                                             "Extra file open flags",
                                             "Number of IO requests",
                                             "Read/Write ratio",
                                             "Periodic FSYNC",
                                             "Calling fsync",
                                             "Using ",
                                             "Operations performed:",
                                             "WARNING: the --test option is deprecated"};
    text = str_trim(text);
    for (size_t i = 0; i < ARRAY_LENGTH(beginnings); i++)
        if (str_starts_with(text, str_of(beginnings[i])))
            return true;
    return text.len == 0;
}

static void read_line(struct state *state, const struct line *line)
{
    struct str text = line->text, rest = text;
    double number = 0;
    if (take_text(&rest, STR("sysbench ")) && take_number(&rest, &number)) {
        struct str version = text, word;
        finish(state);
        (void)take_text(&version, STR("sysbench "));
        state->version = str_next_field(&version, ' ', &word) ? reader_text(&state->reading->arena, word) : NULL;
        if (str_ends_with(word, STR(":")))
            state->version = reader_text(&state->reading->arena, str_slice(word.data, word.len - 1));
        if (state->reading->tool_version == NULL)
            state->reading->tool_version = state->version;
        return;
    }
    if (read_command(state, text) || read_option(state, text) || read_rate(state, text) ||
        read_bracketed(state, text) || read_latency(state, text))
        return;
    if (str_find(text, STR("execution time (avg/stddev)"), 0) != SIZE_MAX)
        state->complete = true;
    else if (!is_known(text))
        noise_mark(state->reading, line);
}

static int read_sysbench(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct state state = {.input = input, .reading = lines_reading(&format_sysbench_text, input)};
    if (state.reading == NULL)
        return mem_error(err);
    begin(&state);
    struct lines lines = lines_of(input->text);
    struct line line;
    while (lines_next(&lines, &line))
        read_line(&state, &line);
    finish(&state);
    return lines_finish(state.reading, 0, input->text.len, "no run of sysbench came to its figures", into, err);
}

const struct format format_sysbench_text = {
    .name = "sysbench-text",
    .tool = "sysbench",
    .summary = "what sysbench prints: cpu, memory, fileio, oltp, threads, mutex",
    .version = 1,
    .detect = detect,
    .read = read_sysbench,
};
