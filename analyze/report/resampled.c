#include "analyze/report/resampled.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "analyze/report/publication.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define INTERVALS_KIND "intervals"
#define REPLICATES_KIND "replicates"

void resampled_done(struct resampled *resampled)
{
    intervals_done(&resampled->intervals);
    replicates_done(&resampled->replicates);
}

static void open_replicates(const struct drawn *drawn, struct replicates *replicates, struct arena *arena)
{
    const char *path = drawn_beside(drawn, REPLICATES_KIND, arena);
    char *folder = path != NULL ? arena_strdup(arena, path) : NULL;

    if (folder == NULL)
        return;
    *strrchr(folder, '/') = '\0';
    if (file_make_folders(folder, 0700, NULL) < 0)
        return;
    replicates_open(replicates, path, aside_file(folder));
}

void resampled_open(const struct drawn *drawn, struct resampled *resampled, struct draws *draws)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(INTERVALS_BYTES_MAX);
    const char *path = drawn_beside(drawn, INTERVALS_KIND, &arena);

    if (path == NULL)
        return;
    resampled->intervals.program = drawn->drawer;
    if (file_exists(path) && file_read(path, &text, NULL) == 0)
        intervals_read(&resampled->intervals, str_slice(buf_text(&text), text.len));
    open_replicates(drawn, &resampled->replicates, &arena);
    draws->intervals = &resampled->intervals;
    draws->replicates = &resampled->replicates;
}

void resampled_save(const struct drawn *drawn, const struct resampled *resampled)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(INTERVALS_BYTES_MAX);
    const char *intervals = drawn_beside(drawn, INTERVALS_KIND, &arena);
    const char *replicates = drawn_beside(drawn, REPLICATES_KIND, &arena);

    log_debug("%zu intervals resampled, %zu as they were; %zu sides of them drawn, %zu as they were",
              resampled->intervals.added, resampled->intervals.found, resampled->replicates.added,
              resampled->replicates.found);
    if (intervals == NULL || replicates == NULL || resampled->intervals.added == 0)
        return;
    intervals_print(&resampled->intervals, &text);
    drawn_write(intervals, &text);
    replicates_save(&resampled->replicates, replicates);
}
