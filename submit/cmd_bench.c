#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/log.h"
#include "submit/bench/bench.h"
#include "submit/sending.h"
#include "submit/verbs.h"
#include "submit/watch/watch.h"

#define LIMIT_S 20
#define QUICK_LIMIT_S 0.4
#define MINUTES_MAX 1440
#define THREADS_MAX 4096

const struct option bench_options_table[] = {
    SENDING_OPTIONS,
    {"quick", 0, OPTION_FLAG_ONCE, NULL, NULL, "a few seconds in all: fewer runs, and no fp32 weights"},
    {"duration", 0, OPTION_TEXT_ONCE, "SECONDS", NULL, "at most so long for each figure; default 20"},
    {"sustained", 0, OPTION_TEXT_ONCE, "MINUTES", NULL,
     "the product of the lm_head for so long, with temperature and clocks; alone unless parts are named"},
    {"threads", 0, OPTION_TEXT_ONCE, "N", NULL, "so many threads; default: all that this process may use"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the results as crosschip-json, and send nothing"},
    {0},
};

static int read_parts(const struct invocation *invocation, struct bench_options *options, struct err *err)
{
    for (size_t i = 0; i < argument_count(invocation); i++) {
        const char *part = argument_at(invocation, i);
        if (text_equal(part, "memory")) {
            options->memory = true;
        } else if (text_equal(part, "lm_head")) {
            options->lm_head = true;
        } else if (text_equal(part, "together")) {
            options->together = true;
        } else {
            (void)err_set(err, ERR_USAGE, "bench has no part %s", part);
            return err_hint(err, "parts are memory, lm_head and together");
        }
    }
    if (argument_count(invocation) == 0 && options->sustained_s <= 0)
        options->memory = options->lm_head = options->together = true;
    return 0;
}

static int read_options(const struct invocation *invocation, struct bench_options *options, struct err *err)
{
    long seconds = 0, minutes = 0, threads = 0;
    int r = option_int(invocation, "duration", 1, 3600, &seconds, err);
    if (r == 0)
        r = option_int(invocation, "sustained", 1, MINUTES_MAX, &minutes, err);
    if (r == 0)
        r = option_int(invocation, "threads", 1, THREADS_MAX, &threads, err);
    if (r < 0)
        return r;
    options->quick = option_flag(invocation, "quick");
    options->limit_s = seconds > 0 ? (double)seconds : options->quick ? QUICK_LIMIT_S : LIMIT_S;
    options->sustained_s = 60 * (double)minutes;
    options->threads = (size_t)threads;
    return read_parts(invocation, options, err);
}

static void tell(const struct reading *reading, struct buf *table)
{
    struct arena arena cleanup(arena_done) = {0};
    struct flag_list flags = {0};
    for (size_t i = 0; i < reading->problem_count; i++)
        log_message(LOG_WARNING, "%s", reading->problems[i].message);
    for (size_t i = 0; i < reading->run_count; i++)
        watch_flags(&reading->runs[i].conditions, &arena, &flags);
    watch_warn(&flags);
    if (table != NULL && log_get_level() >= LOG_INFO)
        (void)fputs(buf_text(table), stderr);
}

static int print_json(const struct bench_options *options, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct identity_list identities = {0};
    struct device facts = device_unknown();
    autoreading struct reading *reading = NULL;
    autobuf struct buf json = BUF(INPUT_MAX);
    identity_collect(&arena, &identities);
    if (device_collect(NULL, DEVICE_PLATFORM_UNSET, &arena, &facts, NULL) == 0)
        (void)identity_scrub(&identities, &facts);
    int r = bench_run(options, &facts, &reading, err);
    if (r < 0 || reading == NULL)
        return r;
    reading->device = facts;
    bench_write_json(reading, &json);
    r = buf_check(&json, err);
    if (r < 0)
        return r;
    tell(reading, NULL);
    (void)fputs(buf_text(&json), stdout);
    return 0;
}

static int measure_and_send(const struct invocation *invocation, const struct bench_options *options, struct err *err)
{
    struct sending sending cleanup(sending_done) = {0};
    autoreading struct reading *reading = NULL;
    autobuf struct buf json = BUF(INPUT_MAX), table = BUF(BUF_MIB);
    autoinput struct input input = {0};
    unsigned char run_id[16];
    int r = sending_open(invocation, &sending, err);
    if (r == 0)
        r = random_bytes(run_id, sizeof(run_id), err);
    if (r == 0)
        r = bench_run(options, &sending.packer.facts, &reading, err);
    if (r < 0 || reading == NULL)
        return r;
    (void)hex_encode(sending.packer.run_id, run_id, sizeof(run_id));
    reading->device = sending.packer.facts;
    bench_write_json(reading, &json);
    r = buf_check(&json, err);
    if (r == 0)
        r = bench_write_table(reading, &table, err);
    if (r == 0)
        r = input_of_bytes("bench", str_slice(buf_text(&json), json.len), &input, err);
    if (r < 0)
        return r;
    tell(reading, &table);
    sending.again = true;
    r = sending_input(&sending, &input, err);
    return r < 0 ? r : sending_finish(&sending, err);
}

int cmd_bench(const struct invocation *invocation, struct err *err)
{
    struct bench_options options = {0};
    int r = read_options(invocation, &options, err);
    if (r < 0)
        return r;
    return option_flag(invocation, "json") ? print_json(&options, err) : measure_and_send(invocation, &options, err);
}
