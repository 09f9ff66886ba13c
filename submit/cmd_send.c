#include <unistd.h>

#include "schema/base/log.h"
#include "schema/base/progress.h"
#include "submit/companion.h"
#include "submit/gather.h"
#include "submit/sending.h"
#include "submit/verbs.h"

const struct option send_options[] = {
    SENDING_OPTIONS,
    READING_OPTIONS,
    {"replaces", 0, OPTION_TEXT_ONCE, "ID", NULL,
     "this result corrects one that was sent from here: that one is withdrawn once this one is stored"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the outcome as JSON"},
    {0},
};

/* Trouble with this machine's disk ends the call; trouble with one file does not touch the others. */
static bool is_fatal(int code)
{
    return code == -ERR_CANNOT_WRITE || code == -ERR_MEMORY || code == -ERR_USAGE;
}

/* What lies in a folder may be anything: it is told, and is no fault of the person. */
static void send_failed(struct sending *sending, const struct gathered *file, const struct err *why)
{
    if (file->named || why->code != ERR_DATA) {
        outcome_add_error(&sending->outcomes, file->path, NULL, "failed", why);
        return;
    }
    struct outcome outcome = {.file = file->path, .state = "skipped", .error = why->text};
    log_info("skipped %s: %s", file->path, why->text);
    outcome_add(&sending->outcomes, &outcome, 0);
}

/* A folder without any result is not what was meant. */
static bool all_skipped(const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (!text_equal(outcomes->items[i].state, "skipped"))
            return false;
    return outcomes->count > 0;
}

/* Its facts or its figures go with another file of the call. */
static bool is_joined(struct sending *sending, const struct companions *companions, const char *path)
{
    const char *twin = companions_twin(companions, path);
    struct outcome outcome = {.file = path, .state = "joined"};
    if (twin == NULL && !companions_used(companions, path))
        return false;
    if (twin != NULL)
        log_info("%s tells the same run as %s, which is sent", path, twin);
    else
        log_info("%s says what the logs beside it ran on", path);
    outcome_add(&sending->outcomes, &outcome, 0);
    return true;
}

static void send_files(struct sending *sending, const struct gathered_list *files, const struct companions *companions)
{
    struct progress progress;
    bool fatal = false;
    sending->files = files->count;
    progress_begin(&progress, "sending", files->count);
    for (size_t i = 0; !fatal && i < files->count; i++) {
        struct err one;
        if (is_joined(sending, companions, files->items[i].path))
            continue;
        int r = sending_file(sending, files->items[i].path, &one);
        if (r < 0) {
            fatal = is_fatal(r);
            send_failed(sending, &files->items[i], &one);
        }
        progress_step(&progress, i + 1);
    }
    progress_end(&progress);
}

int cmd_send(const struct invocation *invocation, struct err *err)
{
    struct sending sending cleanup(sending_done) = {0};
    struct gathered_list files cleanup(gathered_done) = {0};
    struct companions companions cleanup(companions_done) = {0};
    if (argument_count(invocation) == 0 && isatty(STDIN_FILENO)) {
        (void)err_set(err, ERR_USAGE, "no file is named");
        return err_hint(err, "crosschip-submit send FILE, or pipe the benchmark's output into crosschip-submit send -");
    }
    int r = gather_files(invocation, &files, err);
    for (size_t i = 0; r == 0 && files.count > 1 && i < files.count; i++)
        r = companions_look(&companions, files.items[i].path, err);
    if (r == 0)
        r = sending_open(invocation, &sending, err);
    if (r < 0)
        return r;
    sending.packer.companions = &companions;
    sending.outcomes.json = option_flag(invocation, "json") && !sending.dry_run;
    send_files(&sending, &files, &companions);
    r = sending_finish(&sending, err);
    return r >= 0 && sending.bundles == 0 && all_skipped(&sending.outcomes) ? err_exit_status(ERR_DATA) : r;
}
