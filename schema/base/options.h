/* Options and verbs as tables: the parser, --help, the man pages, shell
 * completion and the check of the docs all read the same rows.
 *
 * A program is a list of verbs; program_main finds the verb, reads its options
 * in the order flag > environment > crosschip.conf > default (those of one call,
 * OPTION_*_ONCE: flag > default), runs it, prints
 * its error and returns the exit status. A full disk on stdout is an error. */
#ifndef SCHEMA_BASE_OPTIONS_H
#define SCHEMA_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

enum option_type {
    OPTION_FLAG, /* --name; in a file or the environment: yes or no */
    OPTION_TEXT, /* --name VALUE or --name=VALUE; the last one counts */
    OPTION_LIST, /* as OPTION_TEXT, and may stand several times */
    /* The same for what one call is asked to do: taken from the command line only, because a
     * forgotten variable or line of crosschip.conf must not drop, write or relabel anything. */
    OPTION_FLAG_ONCE,
    OPTION_TEXT_ONCE,
    OPTION_LIST_ONCE
};

struct option {
    const char *name; /* without --; NULL ends a table */
    char letter;      /* for -x; 0 = none */
    enum option_type type;
    const char *argument; /* "FILE"; NULL for a flag */
    const char *fallback; /* default value; NULL = unset */
    const char *help;     /* one line, no full stop */
};
/* The environment variable of --token-file is CROSSCHIP_TOKEN_FILE, its key in
 * crosschip.conf `token-file`. */

struct invocation;

struct verb {
    const char *name;                    /* NULL ends a table; "" is the program itself (no verbs) */
    const char *arguments;               /* "[FILE…|-]"; NULL = takes none */
    const char *summary;                 /* one line */
    const char *description;             /* paragraphs for --help and the man page; may be NULL */
    const char *example;                 /* a command line, several by newlines */
    const struct option *options;        /* NULL = none; the common ones are added */
    int least_arguments, most_arguments; /* most -1 = any number */
    /* Returns an exit status (≥ 0) or -code with err set. */
    int (*run)(const struct invocation *invocation, struct err *err);
};

struct program {
    const char *name; /* "crosschip-submit" */
    const char *summary;
    const char *description;
    const struct verb *verbs;
};

/* Options that every verb has: --help, --version, -q/--quiet, -v/--verbose. */
extern const struct option options_common[];

int program_main(const struct program *program, int argc, char **argv);

/* The verb's table has an option of this name. */
bool option_exists(const struct invocation *invocation, const char *name);
/* Inside a verb. Asking for a name that is not in the verb's table is a
 * programming error (asserted). */
const char *option_text(const struct invocation *invocation, const char *name); /* NULL = unset */
bool option_flag(const struct invocation *invocation, const char *name);
size_t option_count(const struct invocation *invocation, const char *name);
const char *option_item(const struct invocation *invocation, const char *name, size_t index);
/* True when given on the command line, not by environment, file or default. */
bool option_given(const struct invocation *invocation, const char *name);
/* Adds to an err that is set where the value of this option stands: file and line, variable, or the option itself. */
int option_place(const struct invocation *invocation, const char *name, struct err *err);
/* Leaves *ret_value as it is when the option is unset and has no default. */
int option_int(const struct invocation *invocation, const char *name, long least, long most, long *ret_value,
               struct err *err) must_check;
size_t argument_count(const struct invocation *invocation);
const char *argument_at(const struct invocation *invocation, size_t index);
/* A key of crosschip.conf that is no option, such as baseline.anemll-bench; NULL = unset. */
const char *config_text(const struct invocation *invocation, const char *key);
/* All keys of crosschip.conf that begin with `prefix`, in file order: `each` gets key and value. */
void config_each(const struct invocation *invocation, const char *prefix,
                 void (*each)(void *context, const char *key, const char *value), void *context);
const struct program *invocation_program(const struct invocation *invocation);

/* Version of all four programs. */
#define CROSSCHIP_VERSION "0.1.0"

#endif
