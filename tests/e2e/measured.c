/* measured COMMAND…: runs it with its output thrown away, its errors kept, and prints "EXIT MILLISECONDS KIBIBYTES":
 * exit status (128 + signal), wall time and the largest resident set. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"

int main(int count, char **arguments)
{
    struct rusage usage;
    int status = 0;
    if (count < 2)
        return 64;
    int64_t begin = clock_monotonic_us();
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
            (void)execvp(arguments[1], arguments + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return 74;
    long long milliseconds = (clock_monotonic_us() - begin) / 1000;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    (void)printf("%d %lld %ld\n", code, milliseconds, usage.ru_maxrss);
    return 0;
}
