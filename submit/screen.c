#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "submit/child.h"
#include "submit/screen.h"

#define WIDTH_MAX 78
#define CLEAR "\r\033[K"

struct screen {
    pthread_mutex_t lock;
    bool progress;
    bool drawn;         /* the line stands there */
    bool inside_a_line; /* of the child's */
};

int screen_open(bool progress, struct screen **ret, struct err *err)
{
    struct screen *screen = mem_zalloc(1, sizeof(*screen));
    if (screen == NULL)
        return mem_error(err);
    (void)pthread_mutex_init(&screen->lock, NULL);
    screen->progress =
        progress && isatty(STDERR_FILENO) && log_get_level() >= LOG_INFO && !text_equal(getenv("TERM"), "dumb");
    *ret = screen;
    return 0;
}

static void clear(struct screen *screen)
{
    if (screen->drawn)
        (void)fputs(CLEAR, stderr);
    screen->drawn = false;
}

void screen_close(struct screen *screen)
{
    if (screen == NULL)
        return;
    clear(screen);
    (void)pthread_mutex_destroy(&screen->lock);
    free(screen);
}

void screen_close_cleanup(struct screen **screen)
{
    screen_close(*screen);
}

void screen_progress(struct screen *screen, const char *text)
{
    char line[2 * WIDTH_MAX];
    (void)pthread_mutex_lock(&screen->lock);
    if (screen->progress && !screen->inside_a_line) {
        text_make_printable(line, sizeof(line), text);
        (void)fprintf(stderr, CLEAR "%s", line);
        (void)fflush(stderr);
        screen->drawn = true;
    }
    (void)pthread_mutex_unlock(&screen->lock);
}

int screen_write(struct screen *screen, int descriptor, const char *bytes, size_t length)
{
    (void)pthread_mutex_lock(&screen->lock);
    if (length > 0 && isatty(descriptor)) {
        clear(screen);
        screen->inside_a_line = bytes[length - 1] != '\n';
    }
    const int r = file_write_all(descriptor, bytes, length, NULL);
    (void)pthread_mutex_unlock(&screen->lock);
    return r;
}
