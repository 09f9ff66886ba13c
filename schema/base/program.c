/* The main of every program: finds the verb, runs it, prints its error. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/log.h"
#include "schema/base/options_internal.h"
#include "schema/base/str.h"

#define HELP_SIZE_MOST ((size_t)1 << 20)

/* Whoever reads our output has stopped reading, as `| head` does: that is no error. */
static bool reader_is_gone(void)
{
    struct pollfd standard_output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&standard_output, 1, 0) == 1 && (standard_output.revents & POLLERR) != 0;
}

static int close_output(int status)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    failed = fflush(stdout) != 0 || failed;
    int reason = errno;
    /* Network file systems report a full disk only when a descriptor is closed. */
    if (!failed && close(dup(STDOUT_FILENO)) != 0 && errno != EBADF && errno != EINTR) {
        failed = true;
        reason = errno;
    }
    if (!failed || reason == EPIPE || reader_is_gone())
        return status;
    struct err err = {0};
    if (reason != 0)
        err_set_errno(&err, ERR_IO, reason, "standard output cannot be written");
    else
        err_set(&err, ERR_IO, "standard output cannot be written");
    err_hint(&err, reason == ENOSPC || reason == EDQUOT ? "Free some space on that disk, or write it elsewhere."
                                                        : "What was printed so far is not whole: write it elsewhere.");
    log_error(&err);
    return status != 0 ? status : err_exit_status(ERR_IO);
}

static int print_text(const struct buf *text, struct err *err)
{
    int r = buf_check(text, err);
    if (r < 0)
        return r;
    (void)fwrite(text->data, 1, text->len, stdout); /* close_output looks for errors */
    return 0;
}

static int print_help(const struct program *program, const struct verb *verb, struct err *err)
{
    autobuf struct buf text = BUF(HELP_SIZE_MOST);
    if (verb)
        help_verb(program, verb, &text);
    else
        help_program(program, &text);
    return print_text(&text, err);
}

static int print_dump(const struct program *program, void (*dump)(const struct program *, struct buf *),
                      struct err *err)
{
    autobuf struct buf text = BUF(HELP_SIZE_MOST);
    dump(program, &text);
    return print_text(&text, err);
}

static int print_version(const struct program *program)
{
    (void)printf("%s %s\n", program->name, CROSSCHIP_VERSION);
    return 0;
}

static const struct verb *find_verb(const struct program *program, const char *name)
{
    for (const struct verb *verb = program->verbs; verb->name; verb++)
        if (text_equal(verb->name, name))
            return verb;
    return NULL;
}

static int unknown_verb(const struct program *program, const char *name, struct err *err)
{
    int r = err_set(err, ERR_USAGE, "there is no verb %s", name);
    struct nearest nearest = {.word = name};
    for (const struct verb *verb = program->verbs; verb->name; verb++)
        nearest_offer(&nearest, verb->name);
    if (nearest.best)
        err_hint(err, "Did you mean %s %s?", program->name, nearest.best);
    else
        err_hint(err, "%s --help lists the verbs.", program->name);
    return r;
}

static void apply_loudness(const struct invocation *invocation)
{
    if (option_flag(invocation, "verbose"))
        log_set_level(LOG_DEBUG);
    else if (option_flag(invocation, "quiet"))
        log_set_level(LOG_WARNING);
}

static int run_filled(struct invocation *invocation, struct err *err)
{
    int r = invocation_fill(invocation, err);
    if (r < 0)
        return r;
    apply_loudness(invocation);
    config_warn_unknown(&invocation->config);
    r = invocation_check_arguments(invocation, err);
    return r < 0 ? r : invocation->verb->run(invocation, err);
}

static int run_verb(const struct program *program, const struct verb *verb, int count, char **words, struct err *err)
{
    struct invocation invocation;
    int r = invocation_init(&invocation, program, verb, err);
    if (r == 0)
        r = invocation_parse_line(&invocation, count, words, err);
    if (r == 0 && invocation.help)
        r = print_help(program, verb, err);
    else if (r == 0 && invocation.version)
        r = print_version(program);
    else if (r == 0)
        r = run_filled(&invocation, err);
    invocation_done(&invocation);
    return r;
}

static int run_help(const struct program *program, int count, char **words, struct err *err)
{
    if (count == 0)
        return print_help(program, NULL, err);
    const struct verb *verb = find_verb(program, words[0]);
    return verb ? print_help(program, verb, err) : unknown_verb(program, words[0], err);
}

static int no_verb(const struct program *program, struct err *err)
{
    int r = err_set(err, ERR_USAGE, "the verb is missing");
    err_hint(err, "%s --help lists the verbs.", program->name);
    return r;
}

/* Common options may stand before the verb too: they are moved behind it. */
static int run_words(const struct program *program, int count, char **words, struct err *err)
{
    int first = 0;
    while (first < count && (text_equal(words[first], "-q") || text_equal(words[first], "-v") ||
                             text_equal(words[first], "--quiet") || text_equal(words[first], "--verbose")))
        first++;
    if (first == count)
        return no_verb(program, err);
    char *name = words[first];
    if (text_equal(name, "--help") || text_equal(name, "-h"))
        return print_help(program, NULL, err);
    if (text_equal(name, "--version"))
        return print_version(program);
    const struct verb *verb = find_verb(program, name);
    if (!verb && text_equal(name, "help"))
        return run_help(program, count - first - 1, words + first + 1, err);
    if (!verb && name[0] == '-') {
        int r = err_set(err, ERR_USAGE, "there is no option %s before the verb", name);
        err_hint(err, "Options stand after the verb: %s VERB %s", program->name, name);
        return r;
    }
    if (!verb)
        return unknown_verb(program, name, err);
    memmove(words + 1, words, (size_t)first * sizeof *words);
    return run_verb(program, verb, count - 1, words + 1, err);
}

static int run_program(const struct program *program, int count, char **words, struct err *err)
{
    if (count == 1 && text_equal(words[0], "--dump-options"))
        return print_dump(program, dump_options, err);
    if (count == 1 && text_equal(words[0], "--dump-verbs"))
        return print_dump(program, dump_verbs, err);
    if (!program_has_verbs(program))
        return run_verb(program, &program->verbs[0], count, words, err);
    return run_words(program, count, words, err);
}

int program_main(const struct program *program, int argc, char **argv)
{
    /* A write to a pipe that nobody reads shall fail, not kill: sockets do that too. */
    (void)signal(SIGPIPE, SIG_IGN);
    struct err err = {0};
    int r = argc > 0 ? run_program(program, argc - 1, argv + 1, &err) : no_verb(program, &err);
    if (r >= 0)
        return close_output(r);
    (void)fflush(stdout); /* what was printed stands before the error */
    if (err.code == ERR_NONE)
        err_set(&err, (enum err_code) - r, "%s", err_word((enum err_code) - r));
    log_error(&err);
    return close_output(err_exit_status((enum err_code) - r));
}
