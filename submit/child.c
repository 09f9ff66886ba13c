#include "submit/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/mem.h"
#include "submit/screen.h"

#ifdef __APPLE__
extern char **environ;
#endif

/* How long a stream may stay open after the child ended: by a child of the child that goes on. */
#define LOOK_AGAIN_MS 50

static const int forwarded[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
#define FORWARDED ARRAY_LENGTH(forwarded)

struct stream {
    struct buf *keep;
    int from, to; /* from -1: at its end; to -1: nobody takes it any more */
};

static volatile sig_atomic_t child_id;

/* What the terminal sends has reached the child already, and does not come from a process. */
static void forward(int signal_number, siginfo_t *info, void *context)
{
    (void)context;
    const int saved = errno;
    if (child_id > 0 && info != NULL && (info->si_code == SI_USER || info->si_code == SI_QUEUE))
        (void)kill((pid_t)child_id, signal_number);
    errno = saved;
}

struct signals {
    struct sigaction before[FORWARDED];
    sigset_t mask, ours;
};

/* Signals that were ignored stay so, as nohup wants it. */
static void take_signals(struct signals *signals)
{
    struct sigaction action = {0};
    (void)sigemptyset(&signals->ours);
    (void)sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    action.sa_sigaction = forward;
    for (size_t i = 0; i < FORWARDED; i++)
        (void)sigaddset(&signals->ours, forwarded[i]);
    /* Held back until the child is known. */
    (void)sigprocmask(SIG_BLOCK, &signals->ours, &signals->mask);
    for (size_t i = 0; i < FORWARDED; i++) {
        (void)sigaction(forwarded[i], NULL, &signals->before[i]);
        if ((signals->before[i].sa_flags & SA_SIGINFO) == 0 && signals->before[i].sa_handler == SIG_IGN)
            (void)sigdelset(&signals->ours, forwarded[i]);
        else
            (void)sigaction(forwarded[i], &action, NULL);
    }
}

static void give_signals_back(struct signals *signals)
{
    for (size_t i = 0; i < FORWARDED; i++)
        if (sigismember(&signals->ours, forwarded[i]) == 1)
            (void)sigaction(forwarded[i], &signals->before[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

/* The signals of a fresh program: ours ignores SIGPIPE. Neither group nor session of its own. */
static int set_attributes(posix_spawnattr_t *attributes, const struct signals *signals)
{
    sigset_t defaults = signals->ours;
    (void)sigaddset(&defaults, SIGPIPE);
    int r = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (r == 0)
        r = posix_spawnattr_setsigmask(attributes, &signals->mask);
    return r != 0 ? r : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static int spawn(char *const *argv, const struct signals *signals, const int out[2], const int error[2], pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int r = posix_spawn_file_actions_init(&files);
    if (r != 0)
        return r;
    r = posix_spawnattr_init(&attributes);
    if (r == 0) {
        r = set_attributes(&attributes, signals);
        if (r == 0)
            r = posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
        if (r == 0)
            r = posix_spawn_file_actions_adddup2(&files, error[1], STDERR_FILENO);
        if (r == 0)
            r = posix_spawnp(ret, argv[0], &files, &attributes, argv, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return r;
}

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
    *descriptor = -1;
}

static int open_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return errno;
    for (int i = 0; i < 2; i++)
        if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0)
            return errno;
    return 0;
}

static void keep(struct buf *into, const char *bytes, size_t length)
{
    const size_t room = into->max - into->len;
    if (into->failed == 0 && length > room)
        buf_add(into, bytes, room);
    buf_add(into, bytes, length);
}

static void pass(struct stream *stream, struct screen *screen)
{
    char chunk[8192];
    const ssize_t count = read(stream->from, chunk, sizeof(chunk));
    if (count < 0 && errno == EINTR)
        return;
    if (count <= 0) {
        close_end(&stream->from);
        return;
    }
    keep(stream->keep, chunk, (size_t)count);
    /* Whoever read our output went away: the benchmark goes on, what it prints is still kept. */
    if (stream->to >= 0 && screen_write(screen, stream->to, chunk, (size_t)count) < 0)
        stream->to = -1;
}

static bool is_gone(pid_t id, int *status)
{
    const pid_t r = waitpid(id, status, WNOHANG);
    return r == id || (r < 0 && errno == ECHILD);
}

/* Until the child has ended and what it wrote has gone through. */
static int pass_until_end(pid_t id, struct stream streams[2], struct screen *screen)
{
    int status = 0;
    bool gone = false;
    while (streams[0].from >= 0 || streams[1].from >= 0) {
        struct pollfd polled[2] = {{.fd = streams[0].from, .events = POLLIN},
                                   {.fd = streams[1].from, .events = POLLIN}};
        const int ready = poll(polled, 2, gone ? 0 : LOOK_AGAIN_MS);
        for (int i = 0; ready > 0 && i < 2; i++)
            if (polled[i].revents != 0)
                pass(&streams[i], screen);
        if (ready == 0 && gone)
            return status;
        if (ready <= 0 && !gone)
            gone = is_gone(id, &status);
    }
    while (!gone) {
        const pid_t r = waitpid(id, &status, 0);
        gone = r == id || errno != EINTR;
    }
    return status;
}

int child_run(char *const *argv, int out_descriptor, struct screen *screen, struct child_output *output,
              struct child_end *ret, struct err *err)
{
    struct signals signals;
    int out[2] = {-1, -1}, error[2] = {-1, -1}, status = 0;
    pid_t id = 0;
    int reason = open_pipe(out);
    if (reason == 0)
        reason = open_pipe(error);
    take_signals(&signals);
    if (reason == 0)
        reason = spawn(argv, &signals, out, error, &id);
    child_id = (sig_atomic_t)id;
    (void)sigprocmask(SIG_SETMASK, &signals.mask, NULL);
    close_end(&out[1]);
    close_end(&error[1]);
    if (reason == 0) {
        struct stream streams[2] = {{&output->out, out[0], out_descriptor}, {&output->error, error[0], STDERR_FILENO}};
        status = pass_until_end(id, streams, screen);
        out[0] = streams[0].from;
        error[0] = streams[1].from;
    }
    close_end(&out[0]);
    close_end(&error[0]);
    child_id = 0;
    give_signals_back(&signals);
    if (reason != 0) {
        (void)err_set_errno(err, ERR_SERVICE, reason, "%s cannot be started", argv[0]);
        return err_hint(err, "check its name and path; a shell's own words need: run -- sh -c '…'");
    }
    ret->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ret->signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 0;
}
