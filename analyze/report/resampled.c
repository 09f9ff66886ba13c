#include "analyze/report/resampled.h"

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define KIND "intervals"

bool resampled_open(const struct drawn *drawn, struct intervals *intervals)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(INTERVALS_BYTES_MAX);
    const char *path = drawn_beside(drawn, KIND, &arena);

    if (path == NULL)
        return false;
    intervals->program = drawn->drawer;
    if (file_exists(path) && file_read(path, &text, NULL) == 0)
        intervals_read(intervals, str_slice(buf_text(&text), text.len));
    return true;
}

void resampled_save(const struct drawn *drawn, const struct intervals *intervals)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(INTERVALS_BYTES_MAX);
    const char *path = drawn_beside(drawn, KIND, &arena);

    log_debug("%zu intervals resampled, %zu as they were", intervals->added, intervals->found);
    if (path == NULL || intervals->added == 0)
        return;
    intervals_print(intervals, &text);
    drawn_write(path, &text);
}
