#include "collector/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "schema/base/attributes.h"

volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t reload_requested;

static const int stop_signals[] = {SIGTERM, SIGINT, SIGHUP};
static int wake[2] = {-1, -1}; /* the handler writes, stop_wait reads: no signal is missed between two looks */

static void on_signal(int number)
{
    int saved = errno;
    if (number == SIGHUP) {
        reload_requested = 1;
    } else {
        stop_requested = 1;
    }
    if (write(wake[1], "", 1) < 0) {
        /* Full: then stop_wait wakes up anyway. */
    }
    errno = saved;
}

static sigset_t stop_set(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LENGTH(stop_signals); i++) {
        sigaddset(&set, stop_signals[i]);
    }
    return set;
}

int stop_install(struct err *err)
{
    if (pipe(wake) != 0) {
        return err_set_errno(err, ERR_SERVICE, errno, "cannot make a pipe");
    }
    for (size_t i = 0; i < ARRAY_LENGTH(wake); i++) {
        (void)fcntl(wake[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(wake[i], F_SETFL, O_NONBLOCK);
    }
    struct sigaction action = {.sa_handler = on_signal, .sa_mask = stop_set()};
    for (size_t i = 0; i < ARRAY_LENGTH(stop_signals); i++) {
        if (sigaction(stop_signals[i], &action, NULL) != 0) {
            return err_set_errno(err, ERR_INTERNAL, errno, "cannot install a signal handler");
        }
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    return 0;
}

bool stop_wait(int limit_ms)
{
    struct pollfd descriptor = {.fd = wake[0], .events = POLLIN};
    if (stop_requested == 0) {
        if (poll(&descriptor, 1, limit_ms) > 0) {
            char bytes[64];
            (void)!read(wake[0], bytes, sizeof bytes);
        }
    }
    return stop_requested != 0;
}

bool stop_take_reload(void)
{
    bool requested = reload_requested != 0;
    reload_requested = 0;
    return requested;
}

void stop_hold(void)
{
    sigset_t set = stop_set();
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void stop_release(void)
{
    sigset_t set = stop_set();
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
