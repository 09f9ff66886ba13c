/* What the files behind options.h share; nobody else includes it. */
#ifndef SCHEMA_BASE_OPTIONS_INTERNAL_H
#define SCHEMA_BASE_OPTIONS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/nearest.h"
#include "schema/base/options.h"
#include "schema/base/str.h"

/* Where a value came from; a later one wins over an earlier one. */
enum option_source { SOURCE_NONE, SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_LINE };

struct option_state {
    const struct option *option;
    const char **items;
    size_t count, capacity;
    enum option_source source;
    const struct config_entry *entry; /* of the last item, when it is from a file */
};

struct config_entry {
    const char *key, *value;
    const char *file;
    int file_number, line;
};

/* Entries in file order, the files of the house first. */
struct config {
    struct config_entry *entries;
    size_t count, capacity;
};

struct invocation {
    const struct program *program;
    const struct verb *verb;
    struct option_state *options;
    size_t option_count;
    const char **arguments;
    size_t argument_count;
    struct config config;
    struct arena arena;
    bool help, version;
};

/* config.c: reads crosschip.conf; all memory is the arena's. */
int config_load(struct config *config, struct arena *arena, struct err *err) must_check;
int config_parse(struct config *config, struct arena *arena, const char *file, int file_number, struct str text,
                 struct err *err) must_check;
/* The last entry of `key`; NULL when there is none. */
const struct config_entry *config_find(const struct config *config, const char *key);
/* config_known.c: names file, line and nearest name of each entry that no program knows. */
void config_warn_unknown(const struct config *config);

/* options_parse.c */
int invocation_init(struct invocation *invocation, const struct program *program, const struct verb *verb,
                    struct err *err) must_check;
void invocation_done(struct invocation *invocation);
/* The words after the verb. Stops at --help and --version and sets the flag. */
int invocation_parse_line(struct invocation *invocation, int count, char **words, struct err *err) must_check;
/* Environment, file, default: for every option that the line left open. */
int invocation_fill(struct invocation *invocation, struct err *err) must_check;
int invocation_check_arguments(const struct invocation *invocation, struct err *err) must_check;

/* options_help.c */
void help_program(const struct program *program, struct buf *out);
void help_verb(const struct program *program, const struct verb *verb, struct buf *out);
void help_usage(const struct program *program, const struct verb *verb, struct buf *out);
/* options_dump.c: tables for man pages, completion and the check of the docs. */
void dump_options(const struct program *program, struct buf *out);
void dump_verbs(const struct program *program, struct buf *out);
/* "token-file" gives "CROSSCHIP_TOKEN_FILE"; false when it does not fit. */
bool option_environment_name(const char *name, char *target, size_t size);
bool option_is_flag(const struct option *option);
bool option_is_list(const struct option *option);
/* Not taken from the environment or crosschip.conf. */
bool option_is_line_only(const struct option *option);
bool program_has_verbs(const struct program *program);

#endif
