/* The tables as tab-separated text: man pages, shell completion and the check of
 * the docs are made from it. */
#include <string.h>

#include "schema/base/options_internal.h"
#include "schema/base/str.h"

/* A field: no tab, and newlines as \n. */
static void add_field(struct buf *out, const char *text)
{
    for (const char *at = text ? text : ""; *at; at++) {
        if (*at == '\n')
            buf_adds(out, "\\n");
        else if (*at == '\\')
            buf_adds(out, "\\\\");
        else
            buf_addc(out, *at == '\t' ? ' ' : *at);
    }
}

static void add_row(struct buf *out, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_addc(out, '\t');
        add_field(out, fields[i]);
    }
    buf_addc(out, '\n');
}

static const char *type_name(const struct option *option)
{
    return option_is_flag(option) ? "flag" : option_is_list(option) ? "list" : "text";
}

static void add_options(struct buf *out, const char *verb, const struct option *options)
{
    for (; options && options->name; options++) {
        const char letter[2] = {options->letter, '\0'};
        const char *const fields[] = {
            verb, options->name, type_name(options), options->argument, options->fallback, options->help, letter};
        add_row(out, fields, ARRAY_LENGTH(fields));
    }
}

void dump_options(const struct program *program, struct buf *out)
{
    for (const struct verb *verb = program->verbs; verb->name; verb++) {
        add_options(out, verb->name, verb->options);
        add_options(out, verb->name, options_common);
    }
}

/* First the program: name, nothing, summary, description; then its verbs. */
void dump_verbs(const struct program *program, struct buf *out)
{
    const char *const first[] = {program->name, "", program->summary, program->description, CROSSCHIP_VERSION};
    add_row(out, first, ARRAY_LENGTH(first));
    for (const struct verb *verb = program->verbs; verb->name; verb++) {
        const char *const fields[] = {verb->name, verb->arguments, verb->summary, verb->description, verb->example};
        add_row(out, fields, ARRAY_LENGTH(fields));
    }
}
