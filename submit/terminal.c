#include "submit/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"

bool terminal_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && log_get_level() >= LOG_INFO;
}

bool terminal_ask(const char *question, char *target, size_t size)
{
    autofree char *line = NULL;
    size_t capacity = 0;
    for (;;) {
        (void)fprintf(stderr, "%s: ", question);
        (void)fflush(stderr);
        ssize_t length = getline(&line, &capacity, stdin);
        if (length < 0) {
            (void)fputc('\n', stderr);
            return false;
        }
        const struct str answer = str_trim(str_slice(line, (size_t)length));
        if (answer.len < size && utf8_is_valid(answer) && memchr(answer.data, '\0', answer.len) == NULL) {
            str_copy(target, size, answer);
            return true;
        }
        log_info("at most %zu bytes of text, please", size - 1);
    }
}

static struct termios shown_before;
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* Only calls that a signal handler may make (POSIX.1-2017, 2.4.3). */
static void show_again(int signal_number)
{
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &shown_before);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static int hide(struct sigaction before[ARRAY_LENGTH(ending)], struct err *err)
{
    struct termios hidden;
    struct sigaction action = {.sa_handler = show_again};
    if (tcgetattr(STDIN_FILENO, &shown_before) != 0)
        return err_set_errno(err, ERR_IO, errno, "the terminal cannot be asked");
    hidden = shown_before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ECHONL;
    for (size_t i = 0; i < ARRAY_LENGTH(ending); i++)
        (void)sigaction(ending[i], &action, &before[i]);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) != 0)
        return err_set_errno(err, ERR_IO, errno, "the terminal cannot be asked");
    return 0;
}

int terminal_ask_secret(const char *question, char *target, size_t size, struct err *err)
{
    struct sigaction before[ARRAY_LENGTH(ending)];
    int r = hide(before, err);
    if (r < 0)
        return r;
    (void)fprintf(stderr, "%s (it is not shown): ", question);
    (void)fflush(stderr);
    /* Byte by byte: a buffer of stdio would keep the secret. */
    size_t length = 0;
    char byte = 0;
    ssize_t count;
    while ((count = read(STDIN_FILENO, &byte, 1)) == 1 && byte != '\n')
        if (length + 1 < size)
            target[length++] = byte;
    target[length] = '\0';
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_before);
    for (size_t i = 0; i < ARRAY_LENGTH(ending); i++)
        (void)sigaction(ending[i], &before[i], NULL);
    if (count == 1 || length > 0)
        return 0;
    proof_wipe(target, size);
    return err_set(err, ERR_NOT_FOUND, "nothing was typed");
}
