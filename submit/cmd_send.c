#include <unistd.h>

#include "schema/base/progress.h"
#include "submit/sending.h"
#include "submit/verbs.h"

const struct option send_options[] = {
    SENDING_OPTIONS,
    READING_OPTIONS,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the outcome as JSON"},
    {0},
};

/* Trouble with this machine's disk ends the call; trouble with one file does not touch the others. */
static bool is_fatal(int code)
{
    return code == -ERR_CANNOT_WRITE || code == -ERR_MEMORY || code == -ERR_USAGE;
}

static void send_files(struct sending *sending)
{
    struct progress progress;
    size_t count = argument_count(sending->invocation);
    sending->files = count == 0 ? 1 : count;
    progress_begin(&progress, "sending", sending->files);
    int fatal = 0;
    for (size_t i = 0; fatal == 0 && i < sending->files; i++) {
        const char *path = count == 0 ? "-" : argument_at(sending->invocation, i);
        struct err one;
        int r = sending_file(sending, path, &one);
        if (r < 0) {
            fatal = is_fatal(r) && sending->files > 1 ? r : 0;
            outcome_add_error(&sending->outcomes, path, NULL, "failed", &one);
        }
        progress_step(&progress, i + 1);
    }
    progress_end(&progress);
}

int cmd_send(const struct invocation *invocation, struct err *err)
{
    struct sending sending cleanup(sending_done) = {0};
    if (argument_count(invocation) == 0 && isatty(STDIN_FILENO)) {
        (void)err_set(err, ERR_USAGE, "no file is named");
        return err_hint(err, "crosschip-submit send FILE, or pipe the benchmark's output into crosschip-submit send -");
    }
    int r = sending_open(invocation, &sending, err);
    if (r < 0)
        return r;
    sending.outcomes.json = option_flag(invocation, "json") && !sending.dry_run;
    send_files(&sending);
    return sending_finish(&sending, err);
}
