#include "collector/take/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/mem.h"

enum { READ_BYTES = 256 << 10 };

int line_file_open(const char *path, size_t max, struct line_file *ret, struct err *err)
{
    struct stat about;
    *ret = (struct line_file){.descriptor = STDIN_FILENO, .max = max};
    if (text_equal(path, "-")) {
        return 0;
    }
    ret->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (ret->descriptor < 0) {
        return err_set_errno(err, errno == EACCES ? ERR_NOT_ALLOWED : ERR_IO, errno, "cannot read it");
    }
    if (fstat(ret->descriptor, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode)) {
        line_file_close(ret);
        return err_set(err, ERR_DATA, "it is no file");
    }
    (void)fcntl(ret->descriptor, F_SETFL, 0); /* a pipe is waited for */
    return 0;
}

void line_file_close(struct line_file *lines)
{
    if (lines->descriptor > STDIN_FILENO) {
        (void)close(lines->descriptor);
    }
    free(lines->bytes);
    *lines = (struct line_file){.descriptor = -1};
}

/* Reads more behind what is there; `ended` when nothing came. */
static int fill(struct line_file *lines, struct err *err)
{
    if (lines->from > 0) {
        memmove(lines->bytes, lines->bytes + lines->from, lines->to - lines->from);
        lines->to -= lines->from;
        lines->from = 0;
    }
    if (lines->to > lines->max) {
        return err_set(err, ERR_LIMIT, "more than %zu MiB in one piece", lines->max >> 20);
    }
    if (mem_grow(&lines->bytes, &lines->capacity, lines->to + READ_BYTES, 1) != 0) {
        return mem_error(err);
    }
    for (;;) {
        ssize_t count = read(lines->descriptor, lines->bytes + lines->to, READ_BYTES);
        if (count >= 0) {
            lines->to += (size_t)count;
            lines->ended = count == 0;
            return 0;
        }
        if (errno != EINTR) {
            return err_set_errno(err, ERR_IO, errno, "cannot read it");
        }
    }
}

int line_file_peek(struct line_file *lines, size_t length, struct str *ret, struct err *err)
{
    while (lines->to - lines->from < length && !lines->ended) {
        int code = fill(lines, err);
        if (code != 0) {
            return code;
        }
    }
    size_t there = lines->to - lines->from;
    *ret = str_slice(lines->bytes + lines->from, there < length ? there : length);
    return 0;
}

static void give(struct line_file *lines, size_t length, struct str *ret)
{
    *ret = str_slice(lines->bytes + lines->from, length);
    lines->from += length;
    lines->given += length;
    lines->number++;
}

int line_file_next(struct line_file *lines, struct str *ret, struct err *err)
{
    size_t looked = 0;
    for (;;) {
        const char *begin = lines->bytes + lines->from;
        size_t there = lines->to - lines->from;
        const char *end = there > looked ? memchr(begin + looked, '\n', there - looked) : NULL;
        if (end != NULL) {
            give(lines, (size_t)(end - begin) + 1, ret);
            return 1;
        }
        if (lines->ended) {
            give(lines, there, ret);
            return there > 0 ? 1 : 0;
        }
        looked = there;
        int code = fill(lines, err);
        if (code != 0) {
            lines->number++;
            return code;
        }
    }
}

int line_file_rest(struct line_file *lines, struct str *ret, struct err *err)
{
    while (!lines->ended) {
        int code = fill(lines, err);
        if (code != 0) {
            return code;
        }
    }
    if (lines->to - lines->from > lines->max) {
        return err_set(err, ERR_LIMIT, "more than %zu MiB in one piece", lines->max >> 20);
    }
    give(lines, lines->to - lines->from, ret);
    return 0;
}
