#include "schema/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#ifdef __APPLE__
extern char **environ;
#endif

#define LOOK_AGAIN_MS 50

struct stream {
    struct buf *into; /* NULL: thrown away */
    int read_end, write_end;
};

struct child {
    pid_t id;
    int64_t deadline_us; /* INT64_MAX = none */
    struct stream streams[2];
    int wait_status;
    bool gone;
};

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
    *descriptor = -1;
}

static void close_streams(struct child *child)
{
    for (int i = 0; i < 2; i++) {
        close_end(&child->streams[i].read_end);
        close_end(&child->streams[i].write_end);
    }
}

static int open_stream(struct stream *stream, struct buf *into)
{
    int ends[2];
    *stream = (struct stream){.into = into, .read_end = -1, .write_end = -1};
    if (!into) {
        stream->write_end = open("/dev/null", O_WRONLY | O_CLOEXEC);
        return stream->write_end < 0 ? -1 : 0;
    }
    if (pipe(ends) != 0)
        return -1;
    stream->read_end = ends[0];
    stream->write_end = ends[1];
    for (int i = 0; i < 2; i++)
        if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0)
            return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ? -1 : 0;
}

/* A group of its own, so that its children can be killed with it, and the signal
 * settings of a fresh program: ours ignores SIGPIPE. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t defaults, none;
    (void)sigemptyset(&none);
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    (void)sigaddset(&defaults, SIGINT);
    (void)sigaddset(&defaults, SIGTERM);
    int r = posix_spawnattr_setpgroup(attributes, 0);
    if (r == 0)
        r = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (r == 0)
        r = posix_spawnattr_setsigmask(attributes, &none);
    if (r == 0)
        r = posix_spawnattr_setflags(attributes,
                                     POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return r;
}

static int set_files(posix_spawn_file_actions_t *files, const struct child *child)
{
    int r = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(files, child->streams[0].write_end, STDOUT_FILENO);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(files, child->streams[1].write_end, STDERR_FILENO);
    return r;
}

static bool may_run(const char *path)
{
    struct stat status;
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Looks first: where posix_spawn is made from fork (valgrind, other systems) it
 * cannot tell a program that is missing from one that ends with 127. */
static bool is_there(const char *name)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "/usr/bin:/bin"), folder;
    if (strchr(name, '/'))
        return may_run(name);
    while (str_next_field(&rest, ':', &folder)) {
        autofree char *whole = mem_printf("%.*s%s%s", (int)folder.len, folder.data, folder.len > 0 ? "/" : "./", name);
        if (whole && may_run(whole))
            return true;
    }
    return false;
}

/* posix_spawn wants the words writable but does not write: they are copied. */
static int spawn(struct child *child, const char *const *argv)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int r = posix_spawn_file_actions_init(&files);
    if (r != 0)
        return r;
    r = posix_spawnattr_init(&attributes);
    if (r == 0) {
        r = set_attributes(&attributes);
        if (r == 0)
            r = set_files(&files, child);
        if (r == 0) {
            char **words;
            memcpy(&words, &argv, sizeof words);
            r = posix_spawnp(&child->id, argv[0], &files, &attributes, words, environ);
        }
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return r;
}

/* As much as still fits; the rest is read and dropped, so that the child does not block. */
static void keep(struct buf *into, const char *bytes, size_t length)
{
    size_t room = into->max - into->len;
    if (!into->failed && length > room)
        buf_add(into, bytes, room);
    buf_add(into, bytes, length);
}

/* Reads what is there, at most what a pipe can hold; closes the stream at its end. */
static void drain(struct stream *stream)
{
    char chunk[8192];
    for (int i = 0; i < 256 && stream->read_end >= 0; i++) {
        ssize_t count = read(stream->read_end, chunk, sizeof chunk);
        if (count > 0)
            keep(stream->into, chunk, (size_t)count);
        else if (count < 0 && errno == EINTR)
            continue;
        else if (count < 0 && errno == EAGAIN)
            return;
        else
            close_end(&stream->read_end);
    }
}

static void look_whether_gone(struct child *child)
{
    if (child->gone)
        return;
    pid_t r = waitpid(child->id, &child->wait_status, WNOHANG);
    if (r == child->id || (r < 0 && errno == ECHILD))
        child->gone = true;
}

static int time_left_ms(const struct child *child)
{
    if (child->deadline_us == INT64_MAX)
        return LOOK_AGAIN_MS;
    int64_t left = (child->deadline_us - clock_monotonic_us() + 999) / 1000;
    return left <= 0 ? 0 : left > LOOK_AGAIN_MS ? LOOK_AGAIN_MS : (int)left;
}

/* True when it ended by itself. What it wrote stands in the pipes by then: one
 * more look is enough, and a child of the child that keeps them open is not
 * waited for. */
static bool wait_for_end(struct child *child)
{
    for (int64_t pause_us = 200;; pause_us = pause_us < 10000 ? pause_us * 2 : 10000) {
        struct pollfd polled[2] = {{.fd = child->streams[0].read_end, .events = POLLIN},
                                   {.fd = child->streams[1].read_end, .events = POLLIN}};
        bool open = polled[0].fd >= 0 || polled[1].fd >= 0;
        int ready = open ? poll(polled, 2, child->gone ? 0 : time_left_ms(child)) : 0;
        for (int i = 0; ready > 0 && i < 2; i++)
            drain(&child->streams[i]);
        if (child->gone)
            return true;
        look_whether_gone(child);
        if (!child->gone && time_left_ms(child) == 0)
            return false;
        if (!child->gone && !open)
            clock_sleep_us(pause_us);
    }
}

static void kill_group(struct child *child)
{
    (void)kill(-child->id, SIGKILL);
    while (!child->gone) {
        pid_t r = waitpid(child->id, &child->wait_status, 0);
        child->gone = r == child->id || errno != EINTR;
    }
}

static struct process_result result_of(const struct child *child, bool timed_out)
{
    struct process_result result = {.exit_status = -1, .timed_out = timed_out};
    if (WIFEXITED(child->wait_status) && !timed_out)
        result.exit_status = WEXITSTATUS(child->wait_status);
    if (WIFSIGNALED(child->wait_status))
        result.signal_number = WTERMSIG(child->wait_status);
    return result;
}

int process_run(const char *const *argv, int limit_ms, struct buf *out, struct buf *error_out,
                struct process_result *ret, struct err *err)
{
    struct child child = {.deadline_us = INT64_MAX, .wait_status = -1};
    if (!is_there(argv[0]))
        return err_set(err, ERR_SERVICE, "there is no program %s", argv[0]);
    if (limit_ms > 0)
        child.deadline_us = clock_monotonic_us() + (int64_t)limit_ms * 1000;
    int opened_out = open_stream(&child.streams[0], out);
    int opened_error = open_stream(&child.streams[1], error_out);
    int reason = opened_out != 0 || opened_error != 0 ? errno : spawn(&child, argv);
    if (reason != 0) {
        close_streams(&child);
        return err_set_errno(err, ERR_SERVICE, reason, "%s cannot be started", argv[0]);
    }
    close_end(&child.streams[0].write_end);
    close_end(&child.streams[1].write_end);
    bool ended = wait_for_end(&child);
    if (!ended) {
        kill_group(&child);
        drain(&child.streams[0]);
        drain(&child.streams[1]);
    }
    close_streams(&child);
    if (ret)
        *ret = result_of(&child, !ended);
    return 0;
}
