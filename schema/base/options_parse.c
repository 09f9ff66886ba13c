#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/options_internal.h"
#include "schema/base/str.h"

const struct option options_common[] = {
    {"help", 'h', OPTION_FLAG_ONCE, NULL, NULL, "print this help"},
    {"version", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the version"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, "print warnings and errors only"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, "print what is done, step by step"},
    {NULL, 0, OPTION_FLAG, NULL, NULL, NULL},
};

bool option_is_flag(const struct option *option)
{
    return option->type == OPTION_FLAG || option->type == OPTION_FLAG_ONCE;
}

bool option_is_list(const struct option *option)
{
    return option->type == OPTION_LIST || option->type == OPTION_LIST_ONCE;
}

static size_t count_options(const struct option *options)
{
    size_t count = 0;
    while (options && options[count].name)
        count++;
    return count;
}

int invocation_init(struct invocation *invocation, const struct program *program, const struct verb *verb,
                    struct err *err)
{
    *invocation = (struct invocation){.program = program, .verb = verb};
    size_t own = count_options(verb->options);
    size_t count = own + count_options(options_common);
    invocation->options = arena_alloc(&invocation->arena, count, sizeof *invocation->options);
    if (!invocation->options)
        return mem_error(err);
    invocation->option_count = count;
    for (size_t i = 0; i < count; i++)
        invocation->options[i].option = i < own ? &verb->options[i] : &options_common[i - own];
    return 0;
}

void invocation_done(struct invocation *invocation)
{
    arena_done(&invocation->arena);
    *invocation = (struct invocation){0};
}

static struct option_state *find_name(const struct invocation *invocation, struct str name)
{
    for (size_t i = 0; i < invocation->option_count; i++)
        if (str_equal(str_of(invocation->options[i].option->name), name))
            return &invocation->options[i];
    return NULL;
}

static struct option_state *find_letter(const struct invocation *invocation, char letter)
{
    for (size_t i = 0; i < invocation->option_count; i++)
        if (letter != 0 && invocation->options[i].option->letter == letter)
            return &invocation->options[i];
    return NULL;
}

/* Adds one item; a value from a stronger source replaces all of a weaker one. */
static int add_item(struct invocation *invocation, struct option_state *state, enum option_source source,
                    const char *value, struct err *err)
{
    if (state->source != source || !option_is_list(state->option))
        state->count = 0;
    const char **items =
        arena_grow(&invocation->arena, state->items, &state->capacity, state->count + 1, sizeof *items);
    if (!items)
        return mem_error(err);
    state->items = items;
    state->items[state->count++] = value;
    state->source = source;
    return 0;
}

static const char *verb_words(const struct invocation *invocation)
{
    return invocation->verb->name;
}

static int see_help(const struct invocation *invocation, struct err *err)
{
    const char *verb = verb_words(invocation);
    return err_hint(err, "%s%s%s --help lists the options.", invocation->program->name, *verb ? " " : "", verb);
}

static int unknown_option(const struct invocation *invocation, const char *word, struct err *err)
{
    char name[64] = "";
    if (word[0] == '-' && word[1] == '-') {
        text_copy(name, sizeof name, word + 2);
        name[strcspn(name, "=")] = '\0';
    }
    int r = err_set(err, ERR_USAGE, "there is no option %s", word);
    struct nearest nearest = {.word = name};
    for (size_t i = 0; i < invocation->option_count; i++)
        nearest_offer(&nearest, invocation->options[i].option->name);
    if (nearest.best)
        err_hint(err, "Did you mean --%s?", nearest.best);
    else if (invocation->verb->arguments && strstr(invocation->verb->arguments, "-- "))
        err_hint(err, "Options of the command stand after --, as in: %s -- %s", verb_words(invocation),
                 "COMMAND --its-option");
    else
        see_help(invocation, err);
    return r;
}

static bool note_help(struct invocation *invocation, const struct option *option)
{
    if (text_equal(option->name, "help"))
        invocation->help = true;
    else if (text_equal(option->name, "version"))
        invocation->version = true;
    return invocation->help || invocation->version;
}

struct words {
    char **at;
    int left;
};

static const char *next_word(struct words *words)
{
    if (words->left == 0)
        return NULL;
    words->left--;
    return *words->at++;
}

/* The value of an option that wants one: behind = or the next word. */
static int take_value(struct invocation *invocation, struct option_state *state, const char *given, struct words *words,
                      struct err *err)
{
    const char *value = given ? given : next_word(words);
    if (!value) {
        int r = err_set(err, ERR_USAGE, "--%s needs a value: %s", state->option->name, state->option->argument);
        see_help(invocation, err);
        return r;
    }
    return add_item(invocation, state, SOURCE_LINE, value, err);
}

static int parse_long(struct invocation *invocation, const char *word, struct words *words, struct err *err)
{
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) - 2 : strlen(word) - 2;
    struct option_state *state = find_name(invocation, str_slice(word + 2, length));
    if (!state)
        return unknown_option(invocation, word, err);
    if (!option_is_flag(state->option))
        return take_value(invocation, state, equals ? equals + 1 : NULL, words, err);
    if (equals)
        return err_set(err, ERR_USAGE, "--%s takes no value", state->option->name);
    note_help(invocation, state->option);
    return add_item(invocation, state, SOURCE_LINE, "yes", err);
}

/* -q, -qv, -o FILE and -oFILE. */
static int parse_letters(struct invocation *invocation, const char *word, struct words *words, struct err *err)
{
    for (const char *letter = word + 1; *letter; letter++) {
        struct option_state *state = find_letter(invocation, *letter);
        if (!state)
            return unknown_option(invocation, word, err);
        if (!option_is_flag(state->option))
            return take_value(invocation, state, letter[1] ? letter + 1 : NULL, words, err);
        int r = add_item(invocation, state, SOURCE_LINE, "yes", err);
        if (r < 0 || note_help(invocation, state->option))
            return r;
    }
    return 0;
}

int invocation_parse_line(struct invocation *invocation, int count, char **line, struct err *err)
{
    struct words words = {line, count};
    invocation->arguments = arena_alloc(&invocation->arena, (size_t)count + 1, sizeof *invocation->arguments);
    if (!invocation->arguments)
        return mem_error(err);
    bool options_end = false;
    const char *word;
    while (!invocation->help && !invocation->version && (word = next_word(&words)) != NULL) {
        int r = 0;
        if (options_end || word[0] != '-' || word[1] == '\0')
            invocation->arguments[invocation->argument_count++] = word;
        else if (strcmp(word, "--") == 0)
            options_end = true;
        else if (word[1] == '-')
            r = parse_long(invocation, word, &words, err);
        else
            r = parse_letters(invocation, word, &words, err);
        if (r < 0)
            return r;
    }
    return 0;
}

bool option_environment_name(const char *name, char *target, size_t size)
{
    static const char prefix[] = "CROSSCHIP_";
    size_t length = strlen(name);
    if (sizeof prefix + length > size)
        return false;
    memcpy(target, prefix, sizeof prefix - 1);
    char *at = target + sizeof prefix - 1;
    for (; *name; name++)
        *at++ = *name == '-' ? '_' : *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
    *at = '\0';
    return true;
}

bool option_is_line_only(const struct option *option)
{
    return option->type >= OPTION_FLAG_ONCE;
}

/* Flags of the environment and of files are words; anything else is a mistake. */
static int flag_word(const char *value, const char **ret_value)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < ARRAY_LENGTH(yes); i++) {
        if (text_equal_ignore_case(value, yes[i])) {
            *ret_value = "yes";
            return 0;
        }
        if (text_equal_ignore_case(value, no[i])) {
            *ret_value = NULL;
            return 0;
        }
    }
    return -1;
}

static int add_outside(struct invocation *invocation, struct option_state *state, enum option_source source,
                       const char *value, struct err *err)
{
    if (!option_is_flag(state->option))
        return add_item(invocation, state, source, value, err);
    const char *word = NULL;
    if (flag_word(value, &word) != 0) {
        int r = err_set(err, ERR_USAGE, "\"%s\" is neither yes nor no", value);
        return r;
    }
    state->source = source;
    return word ? add_item(invocation, state, source, word, err) : 0;
}

static int fill_from_environment(struct invocation *invocation, struct option_state *state, struct err *err)
{
    char name[128];
    if (!option_environment_name(state->option->name, name, sizeof name))
        return 0;
    const char *value = getenv(name);
    if (text_is_empty(value))
        return 0;
    int r = add_outside(invocation, state, SOURCE_ENVIRONMENT, value, err);
    return r < 0 && err ? err_path(err, "%s", name) : r;
}

/* All entries of the key in the last file that has it. */
static int fill_from_file(struct invocation *invocation, struct option_state *state, struct err *err)
{
    const struct config *config = &invocation->config;
    const struct config_entry *last = config_find(config, state->option->name);
    if (!last)
        return 0;
    state->entry = last;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        bool counts = option_is_list(state->option)
                          ? entry->file_number == last->file_number && text_equal(entry->key, last->key)
                          : entry == last;
        int r = counts ? add_outside(invocation, state, SOURCE_FILE, entry->value, err) : 0;
        if (r < 0) {
            if (err) {
                err_path(err, "%s", entry->file);
                err_at(err, entry->line, 0);
            }
            return r;
        }
    }
    return 0;
}

static int fill_option(struct invocation *invocation, struct option_state *state, struct err *err)
{
    if (state->source != SOURCE_NONE)
        return 0;
    bool lasting = !option_is_line_only(state->option);
    int r = lasting ? fill_from_environment(invocation, state, err) : 0;
    if (r == 0 && lasting && state->source == SOURCE_NONE)
        r = fill_from_file(invocation, state, err);
    if (r == 0 && state->source == SOURCE_NONE && state->option->fallback)
        r = add_outside(invocation, state, SOURCE_DEFAULT, state->option->fallback, err);
    return r;
}

int invocation_fill(struct invocation *invocation, struct err *err)
{
    int r = config_load(&invocation->config, &invocation->arena, err);
    for (size_t i = 0; r == 0 && i < invocation->option_count; i++)
        r = fill_option(invocation, &invocation->options[i], err);
    return r;
}

int invocation_check_arguments(const struct invocation *invocation, struct err *err)
{
    const struct verb *verb = invocation->verb;
    size_t count = invocation->argument_count;
    size_t least = verb->arguments && verb->least_arguments > 0 ? (size_t)verb->least_arguments : 0;
    bool limited = !verb->arguments || verb->most_arguments >= 0;
    size_t most = verb->arguments && verb->most_arguments > 0 ? (size_t)verb->most_arguments : 0;
    if (count >= least && (!limited || count <= most))
        return 0;
    int r;
    if (count < least)
        r = err_set(err, ERR_USAGE, "%s is missing", verb->arguments);
    else
        r = err_set(err, ERR_USAGE, "\"%s\" is one argument too many", invocation->arguments[most]);
    autobuf struct buf usage = BUF(4096);
    help_usage(invocation->program, verb, &usage);
    if (err && !usage.failed)
        err_hint(err, "%s", buf_text(&usage));
    return r;
}
