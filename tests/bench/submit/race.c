/* race ROUNDS COMMAND… [/// COMMAND…]…: runs the commands in turn, ROUNDS times, and prints the median wall time of
 * each in milliseconds, one line each. "{}" in a word stands for the round. A command that fails ends it. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define COMMANDS_MAX 8
#define WORDS_MAX 64

/* The words of one round; owned by the arena. */
static char **words_of(struct arena *arena, char **command, size_t round)
{
    char **words = arena_alloc(arena, WORDS_MAX + 1, sizeof(*words));
    for (size_t i = 0; words != NULL && i < WORDS_MAX && command[i] != NULL; i++) {
        const char *mark = strstr(command[i], "{}");
        words[i] = mark == NULL
                       ? command[i]
                       : arena_printf(arena, "%.*s%zu%s", (int)(mark - command[i]), command[i], round, mark + 2);
    }
    return words;
}

static double run_ms(char **command, size_t round)
{
    struct arena arena cleanup(arena_done) = {0};
    char **words = words_of(&arena, command, round);
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;
    if (words == NULL || posix_spawn_file_actions_init(&actions) != 0)
        exit(1);
    for (int descriptor = 0; descriptor < 2; descriptor++)
        (void)posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
    int64_t begin = clock_monotonic_us();
    if (posix_spawnp(&child, words[0], &actions, NULL, words, environ) != 0 || waitpid(child, &status, 0) != child ||
        status != 0) {
        (void)fprintf(stderr, "race: %s ends with %d in round %zu\n", words[0], status, round);
        exit(1);
    }
    double spent = (double)(clock_monotonic_us() - begin) / 1e3;
    (void)posix_spawn_file_actions_destroy(&actions);
    return spent;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    char **commands[COMMANDS_MAX];
    size_t count = 0, rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (rounds == 0)
        return 64;
    for (int i = 2; i < argc && count < COMMANDS_MAX; i++) {
        if (i == 2 || argv[i - 1] == NULL)
            commands[count++] = &argv[i];
        if (text_equal(argv[i], "///"))
            argv[i] = NULL;
    }
    double *spent = calloc(rounds * count, sizeof(*spent));
    if (spent == NULL)
        return 1;
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            spent[i * rounds + round] = run_ms(commands[i], round);
    for (size_t i = 0; i < count; i++) {
        qsort(&spent[i * rounds], rounds, sizeof(*spent), compare);
        (void)printf("%.3f\n", (spent[i * rounds + (rounds - 1) / 2] + spent[i * rounds + rounds / 2]) / 2);
    }
    free(spent);
    return 0;
}
