#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "submit/child.h"
#include "submit/run_report.h"
#include "submit/sending.h"
#include "submit/verbs.h"
#include "submit/watch/watch.h"

const struct option run_options[] = {
    SENDING_OPTIONS,
    READING_OPTIONS,
    {"results", 'r', OPTION_LIST_ONCE, "FILE", NULL,
     "send this file, which the command writes, instead of what it prints; * and ? stand for what only the run "
     "decides"},
    {"report", 0, OPTION_TEXT_ONCE, "DIR", NULL,
     "write a page about the result into this folder, by crosschip-analyze"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the outcome as JSON"},
    {0},
};

struct running {
    const struct invocation *invocation;
    struct sending sending;
    struct child_output output;
    struct arena arena;
    struct parameter_list conditions;
    struct flag_list flags;
    struct timespec began;
    const struct buf *printed; /* what was sent of it; NULL = files */
    const char **files;        /* that the command wrote and that were sent */
    size_t file_count, file_capacity;
};

static void running_done(struct running *running)
{
    sending_done(&running->sending);
    buf_done(&running->output.out);
    buf_done(&running->output.error);
    arena_done(&running->arena);
}

/* ---------------------------------------------------------------- while it runs */

static void show(void *context, double seconds, const struct conditions *now)
{
    struct screen *screen = context;
    autobuf struct buf line = BUF(256);
    buf_addf(&line, "running %d:%02d", (int)seconds / 60, (int)seconds % 60);
    if (!isnan(now->load))
        buf_addf(&line, "  load %.2f", now->load);
    if (!isnan(now->temperature))
        buf_addf(&line, "  %.0f °C", now->temperature);
    if (!isnan(now->clock_mhz))
        buf_addf(&line, "  %.2f GHz", now->clock_mhz / 1000);
    if (text_equal(now->power_source, "battery"))
        buf_adds(&line, "  on battery");
    if (now->throttled_now == 1)
        buf_adds(&line, "  slowed down by heat");
    screen_progress(screen, buf_text(&line));
}

static int run_command(struct running *running, struct child_end *ret, struct err *err)
{
    const struct invocation *invocation = running->invocation;
    const size_t count = argument_count(invocation);
    const struct sending *sending = &running->sending;
    autoscreen struct screen *screen = NULL;
    autowatch struct watch *watch = NULL;
    char **argv = arena_alloc(&running->arena, count + 1, sizeof(*argv));
    for (size_t i = 0; argv != NULL && i < count; i++)
        argv[i] = arena_strdup(&running->arena, argument_at(invocation, i));
    int r = arena_check(&running->arena, err);
    if (r == 0)
        r = screen_open(true, &screen, err);
    if (r == 0)
        r = watch_start(NULL, show, screen, &watch, err);
    if (r < 0)
        return r;
    (void)clock_gettime(CLOCK_REALTIME, &running->began);
    /* Then stdout is for the bundle or the JSON alone. */
    const bool taken = sending->dry_run || sending->outcomes.json || text_equal(sending->written.path, "-");
    r = child_run(argv, taken ? STDERR_FILENO : STDOUT_FILENO, screen, &running->output, ret, err);
    watch_stop(watch);
    if (r < 0)
        return r;
    watch_parameters(watch, &running->arena, &running->conditions);
    watch_flags(&running->conditions, &running->arena, &running->flags);
    return arena_check(&running->arena, err);
}

/* ---------------------------------------------------------------- what it made */

/* Keeps what cannot be sent now: the benchmark may have taken hours. */
static void save_output(const struct running *running, struct err *err)
{
    const struct buf *kept = running->output.out.len > 0 ? &running->output.out : &running->output.error;
    char name[64], time[CLOCK_TEXT_SIZE];
    size_t length = 0;
    if (kept->len == 0)
        return;
    (void)clock_format(time, clock_wall_us() / 1000000 * 1000000);
    for (const char *at = time; *at != '\0' && length + 1 < sizeof(time); at++)
        if (*at != ':' && *at != '-')
            time[length++] = *at;
    time[length] = '\0';
    (void)snprintf(name, sizeof(name), "crosschip-run-%s.txt", time);
    if (file_replace(name, 0600, kept->data, kept->len, NULL) < 0)
        return;
    (void)err_hint(err, "what it printed is kept in %s: look with `crosschip-submit check`, then `send` it", name);
}

static bool is_cut(const struct buf *kept)
{
    return kept->failed != 0;
}

/* True when a reader finds something measured in it. */
static bool is_result(const struct running *running, const struct buf *kept)
{
    autoinput struct input input = {0};
    if (kept->len == 0 || is_cut(kept) ||
        input_of_bytes("the output", str_slice(buf_text(kept), kept->len), &input, NULL) < 0)
        return false;
    input.format_name = option_text(running->invocation, "format");
    if (input_read(&input, &running->sending.mapping, NULL) < 0)
        return false;
    for (size_t i = 0; i < input.readings.count; i++)
        if (input.readings.items[i]->run_count > 0)
            return true;
    return false;
}

/* What it printed: results stand on stdout, of some tools on stderr. */
static int send_printed(struct running *running, struct err *err)
{
    autoinput struct input input = {0};
    const struct buf *out = &running->output.out, *error = &running->output.error;
    const struct buf *kept = !is_result(running, out) && is_result(running, error) ? error : out;
    if (is_cut(kept)) {
        (void)err_set(err, ERR_LIMIT, "the command printed more than %zu MiB: too much to be kept and sent",
                      INPUT_MAX >> 20);
        return err_hint(err, "let it write its results into a file and name that with --results FILE");
    }
    if (kept->len == 0) {
        (void)err_set(err, ERR_DATA, "the command printed nothing that could be sent");
        return err_hint(err, "let it print its results, or name the file that it writes with --results FILE");
    }
    running->printed = kept;
    int r = input_of_bytes("the output", str_slice(buf_text(kept), kept->len), &input, err);
    return r < 0 ? r : sending_input(&running->sending, &input, err);
}

static bool is_older(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

/* File systems round times: a second of grace. */
static bool was_written(const struct running *running, const char *path)
{
    struct stat status;
    struct timespec since = running->began;
    since.tv_sec--;
#ifdef __APPLE__
    return stat(path, &status) == 0 && !is_older(&status.st_mtimespec, &since);
#else
    return stat(path, &status) == 0 && !is_older(&status.st_mtim, &since);
#endif
}

static int remember_file(struct running *running, const char *path, struct err *err)
{
    const char **files =
        arena_grow(&running->arena, running->files, &running->file_capacity, running->file_count + 1, sizeof(*files));
    if (files == NULL)
        return mem_error(err);
    running->files = files;
    files[running->file_count++] = path;
    return 0;
}

static int send_results_like(struct running *running, const char *pattern, struct err *err)
{
    glob_t found = {0};
    size_t sent = 0;
    int r = glob(pattern, GLOB_NOMAGIC, NULL, &found) == GLOB_NOSPACE ? mem_error(err) : 0;
    for (size_t i = 0; r == 0 && i < found.gl_pathc; i++) {
        if (!was_written(running, found.gl_pathv[i]))
            continue;
        sent++;
        /* The path must last until the end of sending. */
        const char *path = arena_strdup(&running->arena, found.gl_pathv[i]);
        r = path == NULL ? mem_error(err) : remember_file(running, path, err);
        if (r == 0)
            r = sending_file(&running->sending, path, err);
    }
    const bool older = found.gl_pathc > 0 && sent == 0 && file_exists(found.gl_pathv[0]);
    globfree(&found);
    if (r < 0 || sent > 0)
        return r;
    if (older)
        (void)err_set(err, ERR_DATA, "%s is older than this run: the command did not write it", pattern);
    else
        (void)err_set(err, ERR_DATA, "%s: the command wrote no such file", pattern);
    return err_hint(err, "look where the command puts its results, and quote a name with * or ?");
}

static int send_results(struct running *running, struct err *err)
{
    const size_t patterns = option_count(running->invocation, "results");
    struct sending *sending = &running->sending;
    struct packer *packer = &sending->packer;
    unsigned char run_id[16];
    int r = random_bytes(run_id, sizeof(run_id), err);
    if (r < 0)
        return r;
    (void)hex_encode(packer->run_id, run_id, sizeof(run_id));
    packer->conditions = &running->conditions;
    packer->ran_at_us = (int64_t)running->began.tv_sec * 1000000;
    sending->again = true;
    for (size_t i = 0; r == 0 && i < patterns; i++)
        r = send_results_like(running, option_item(running->invocation, "results", i), err);
    if (patterns == 0)
        r = send_printed(running, err);
    if (r == 0)
        return sending_finish(sending, err);
    save_output(running, err);
    return r;
}

/* The report reads files: what was printed becomes one, beside it. */
static int make_report(struct running *running, const char *program, const char *folder, struct err *err)
{
    const struct buf *printed = running->printed;
    const char *output = arena_printf(&running->arena, "%s/output.txt", folder);
    if (output == NULL)
        return mem_error(err);
    if (printed == NULL)
        return run_report_make(program, folder, running->files, running->file_count, err);
    int r = file_make_folders(folder, 0755, err);
    if (r == 0)
        r = file_replace(output, 0600, buf_text(printed), printed->len, err);
    return r < 0 ? r : run_report_make(program, folder, &output, 1, err);
}

static int failed(const char *name, const struct child_end *end)
{
    struct err err;
    if (end->signal_number != 0)
        (void)err_set(&err, ERR_FOUND, "%s was ended by signal %d (%s); nothing is sent", name, end->signal_number,
                      strsignal(end->signal_number));
    else
        (void)err_set(&err, ERR_FOUND, "%s ended with status %d; nothing is sent", name, end->exit_status);
    log_error(&err);
    return end->signal_number != 0 ? 128 + end->signal_number : end->exit_status;
}

int cmd_run(const struct invocation *invocation, struct err *err)
{
    struct running running cleanup(running_done) = {.invocation = invocation,
                                                    .output = {.out = BUF(INPUT_MAX), .error = BUF(INPUT_MAX)}};
    struct child_end end;
    const char *folder = option_text(invocation, "report"), *program = NULL;
    /* First: a wrong option must not come to light after an hour of benchmark. */
    int r = sending_open(invocation, &running.sending, err);
    if (r == 0 && folder != NULL)
        r = run_report_find(&running.arena, &program, err);
    if (r < 0)
        return r;
    running.sending.outcomes.json = option_flag(invocation, "json") && !running.sending.dry_run;
    r = run_command(&running, &end, err);
    if (r < 0)
        return r;
    if (end.signal_number != 0 || end.exit_status != 0)
        return failed(argument_at(invocation, 0), &end);
    watch_warn(&running.flags);
    r = send_results(&running, err);
    if (r < 0 || folder == NULL)
        return r;
    const int made = make_report(&running, program, folder, err);
    return made < 0 ? made : r;
}
