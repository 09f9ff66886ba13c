#include "schema/base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define PATIENCE_US INT64_C(300000)
#define REFRESH_US INT64_C(100000)
#define BAR_WIDTH 30

void progress_begin(struct progress *progress, const char *label, size_t total)
{
    *progress = (struct progress){.label = label, .total = total, .started_us = clock_monotonic_us()};
    progress->enabled = isatty(STDERR_FILENO) && log_get_level() >= LOG_INFO && !text_equal(getenv("TERM"), "dumb");
}

static void draw(const struct progress *progress, size_t done)
{
    char label[64];
    text_make_printable(label, sizeof label, progress->label);
    if (progress->total == 0) {
        (void)fprintf(stderr, "\r\033[K%s  %zu", label, done);
    } else {
        double share = (double)done / (double)progress->total;
        char bar[BAR_WIDTH + 1];
        int filled = (int)(share * BAR_WIDTH);
        memset(bar, '.', BAR_WIDTH);
        memset(bar, '#', (size_t)filled);
        bar[BAR_WIDTH] = '\0';
        (void)fprintf(stderr, "\r\033[K%s  [%s] %3d %%  %zu/%zu", label, bar, (int)(share * 100), done,
                      progress->total);
    }
    (void)fflush(stderr);
    log_set_line_open(true);
}

void progress_step(struct progress *progress, size_t done)
{
    if (!progress->enabled)
        return;
    int64_t now = clock_monotonic_us();
    if (now - progress->started_us < PATIENCE_US || now - progress->shown_us < REFRESH_US)
        return;
    progress->shown_us = now;
    draw(progress, progress->total != 0 && done > progress->total ? progress->total : done);
}

void progress_end(struct progress *progress)
{
    if (progress->enabled && progress->shown_us != 0) {
        (void)fputs("\r\033[K", stderr);
        log_set_line_open(false);
    }
    progress->enabled = 0;
}
