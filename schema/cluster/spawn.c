#include "schema/cluster/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"

/* The server gets none of our environment: PG… variables and locales would change it. */
static const char *const environment[] = {"LC_ALL=C", "TZ=UTC", "PATH=/usr/local/bin:/usr/bin:/bin", NULL};

static void default_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) {
        (void)sigaction(number, &action, NULL);
    }
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Runs between fork and exec: system calls only. Returns errno. */
static int become_program(const struct account *account, const char *const *argv, const char *log, int keep)
{
    default_signals();
    if (setsid() < 0 || !account_become(account) || chdir("/") != 0) {
        return errno;
    }
    (void)umask(077);
    const int nothing = open("/dev/null", O_RDONLY);
    const int output = open(log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
    if (nothing < 0 || output < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
        return errno;
    }
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        if (descriptor != keep) {
            (void)close(descriptor);
        }
    }
    (void)execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    return errno;
}

int spawn_program(const struct account *account, const char *const *argv, const char *log, pid_t *ret_child,
                  struct err *err)
{
    int ends[2];
    if (!account_pipe(ends)) {
        return err_set_errno(err, ERR_IO, errno, "cannot make a pipe");
    }
    int reading autoclose = ends[0];
    const pid_t child = fork();
    if (child == 0) {
        const int why = become_program(account, argv, log, ends[1]);
        (void)!write(ends[1], &why, sizeof why);
        _exit(127);
    }
    (void)close(ends[1]);
    if (child < 0) {
        return err_set_errno(err, ERR_IO, errno, "cannot start a process");
    }
    /* The pipe closes at exec; a number in it says why there was none. */
    int why = 0;
    ssize_t got;
    do {
        got = read(reading, &why, sizeof why);
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof why) {
        *ret_child = child;
        return 0;
    }
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return folder_fail(err, why, "cannot start", argv[0]);
}
