/* watched COMMAND…: runs it, its output thrown away, and prints its wall time in ms, its peak memory in MiB and its CPU
 * time in ms. Exits as the command does. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"

int main(int argc, char **argv)
{
    const int64_t begun_us = clock_monotonic_us();
    struct rusage used;
    int status = 0;

    if (argc < 2)
        return 64;
    const pid_t child = fork();

    if (child == 0) {
        const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (nothing >= 0)
            (void)dup2(nothing, STDOUT_FILENO);
        (void)execvp(argv[1], argv + 1);
        fprintf(stderr, "watched: %s: %s\n", argv[1], strerror(errno));
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return 74;
    const double cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;

    printf("%.1f %.1f %.1f\n", (double)(clock_monotonic_us() - begun_us) / 1000, (double)used.ru_maxrss / 1024,
           cpu_s * 1000);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 74;
}
