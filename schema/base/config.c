/* crosschip.conf: `key = value` lines, # comments, optional quotes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/options_internal.h"
#include "schema/base/str.h"

#define CONFIG_SIZE_MOST BUF_MIB
#define SYSTEM_FILE "/etc/crosschip/crosschip.conf"

static bool is_key(struct str key)
{
    if (key.len == 0 || key.len > 200)
        return false;
    bool dotted = memchr(key.data, '.', key.len) != NULL;
    for (size_t i = 0; i < key.len; i++) {
        char byte = key.data[i];
        /* Names of models stand after the dot, and they have blanks. */
        if ((byte == ' ' && !dotted) || byte == '"' || byte == '\'' || byte == '#' || byte == '[' ||
            (unsigned char)byte < 0x20)
            return false;
    }
    return true;
}

/* Text between quotes; \" and \\ only between double ones. What follows may be a comment. */
static const char *take_quoted(struct arena *arena, struct str value, struct str *ret_rest)
{
    char quote = value.data[0];
    char *text = arena_alloc(arena, value.len, 1);
    size_t length = 0, at = 1;
    if (!text)
        return NULL;
    for (; at < value.len && value.data[at] != quote; at++) {
        bool escape = quote == '"' && value.data[at] == '\\' && at + 1 < value.len &&
                      (value.data[at + 1] == '"' || value.data[at + 1] == '\\');
        if (escape)
            at++;
        text[length++] = value.data[at];
    }
    if (at == value.len)
        return NULL;
    *ret_rest = str_trim(str_slice(value.data + at + 1, value.len - at - 1));
    return text;
}

/* A comment begins at a # after a blank. */
static struct str without_comment(struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] == '#' && (i == 0 || value.data[i - 1] == ' ' || value.data[i - 1] == '\t'))
            return str_trim(str_slice(value.data, i));
    return value;
}

static const char *take_value(struct arena *arena, struct str value)
{
    if (value.len > 0 && (value.data[0] == '"' || value.data[0] == '\'')) {
        struct str rest;
        const char *text = take_quoted(arena, value, &rest);
        return text && (rest.len == 0 || rest.data[0] == '#') ? text : NULL;
    }
    struct str plain = without_comment(value);
    return arena_strndup(arena, plain.data, plain.len);
}

static int bad_line(const char *file, int line, const char *what, struct err *err)
{
    int r = err_set(err, ERR_USAGE, "%s", what);
    if (!err)
        return r;
    err_path(err, "%s", file);
    err_at(err, line, 0);
    return err_hint(err, "A line is `key = value`, a comment that begins with #, or empty.");
}

static int add_entry(struct config *config, struct arena *arena, struct config_entry entry, struct err *err)
{
    struct config_entry *entries =
        arena_grow(arena, config->entries, &config->capacity, config->count + 1, sizeof *entries);
    if (!entries)
        return mem_error(err);
    config->entries = entries;
    config->entries[config->count++] = entry;
    return 0;
}

static int parse_line(struct config *config, struct arena *arena, struct config_entry place, struct str line,
                      struct err *err)
{
    line = str_trim(line);
    if (line.len == 0 || line.data[0] == '#')
        return 0;
    size_t equals = str_find(line, STR("="), 0);
    if (equals == SIZE_MAX)
        return bad_line(place.file, place.line, "there is no = in this line", err);
    struct str key = str_trim(str_slice(line.data, equals));
    if (!is_key(key))
        return bad_line(place.file, place.line, "this is no key", err);
    struct str rest = str_trim(str_slice(line.data + equals + 1, line.len - equals - 1));
    place.key = arena_strndup(arena, key.data, key.len);
    place.value = take_value(arena, rest);
    if (arena->failed)
        return mem_error(err);
    if (!place.value)
        return bad_line(place.file, place.line, "the quotes of this value do not match", err);
    return add_entry(config, arena, place, err);
}

int config_parse(struct config *config, struct arena *arena, const char *file, int file_number, struct str text,
                 struct err *err)
{
    struct config_entry place = {.file = arena_strdup(arena, file), .file_number = file_number};
    struct str line;
    if (!place.file)
        return mem_error(err);
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text.data + 3, text.len - 3);
    while (str_next_line(&text, &line)) {
        place.line++;
        if (!utf8_is_valid(line) || memchr(line.data, '\0', line.len))
            return bad_line(file, place.line, "this line is no text in UTF-8", err);
        int r = parse_line(config, arena, place, line, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int load_file(struct config *config, struct arena *arena, const char *file, int file_number, struct err *err)
{
    autobuf struct buf text = BUF(CONFIG_SIZE_MOST);
    int r = file_read(file, &text, err);
    if (r < 0)
        return r;
    return config_parse(config, arena, file, file_number, str_slice(text.data, text.len), err);
}

/* A file that nobody named may be missing. */
static int load_if_there(struct config *config, struct arena *arena, const char *file, int file_number, struct err *err)
{
    struct err problem = {0};
    if (access(file, F_OK) != 0)
        return 0;
    int r = load_file(config, arena, file, file_number, &problem);
    if (r == -(int)ERR_NOT_FOUND)
        return 0;
    if (r < 0 && err)
        *err = problem;
    return r;
}

static const char *file_of_user(struct arena *arena)
{
    const char *path;
    return file_config_path("crosschip.conf", arena, &path, NULL) < 0 ? NULL : path;
}

int config_load(struct config *config, struct arena *arena, struct err *err)
{
    const char *named = getenv("CROSSCHIP_CONFIG");
    if (!text_is_empty(named)) {
        int r = load_file(config, arena, named, 1, err);
        if (r == -(int)ERR_NOT_FOUND) {
            err_set(err, ERR_USAGE, "there is no such file");
            err_path(err, "%s", named);
            err_hint(err, "CROSSCHIP_CONFIG names it: unset that variable, or make the file.");
            r = -(int)ERR_USAGE;
        }
        return r;
    }
    int r = load_if_there(config, arena, SYSTEM_FILE, 1, err);
    if (r < 0)
        return r;
    const char *file = file_of_user(arena);
    return file ? load_if_there(config, arena, file, 2, err) : 0;
}

const struct config_entry *config_find(const struct config *config, const char *key)
{
    for (size_t i = config->count; i > 0; i--)
        if (text_equal(config->entries[i - 1].key, key))
            return &config->entries[i - 1];
    return NULL;
}

const char *config_text(const struct invocation *invocation, const char *key)
{
    const struct config_entry *entry = config_find(&invocation->config, key);
    return entry ? entry->value : NULL;
}

void config_each(const struct invocation *invocation, const char *prefix,
                 void (*each)(void *context, const char *key, const char *value), void *context)
{
    const struct config *config = &invocation->config;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        /* Of several entries of one key only the last one counts. */
        if (text_starts_with(entry->key, prefix) && config_find(config, entry->key) == entry)
            each(context, entry->key, entry->value);
    }
}
