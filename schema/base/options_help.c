#include <stdio.h>
#include <string.h>

#include "schema/base/options_internal.h"
#include "schema/base/str.h"

#define LINE_WIDTH 79
#define HELP_COLUMN 28

bool program_has_verbs(const struct program *program)
{
    return program->verbs[0].name && program->verbs[0].name[0] != '\0';
}

static void add_blanks(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_addc(out, ' ');
}

/* Words of one paragraph from `column` on, in lines of at most LINE_WIDTH. */
static void add_wrapped(struct buf *out, struct str text, size_t indent, size_t column)
{
    struct str word;
    bool first = true;
    while (str_next_field(&text, ' ', &word)) {
        size_t width = utf8_length(word);
        if (width == 0)
            continue;
        if (!first && column + 1 + width > LINE_WIDTH) {
            buf_addc(out, '\n');
            add_blanks(out, indent);
            column = indent;
        } else if (!first) {
            buf_addc(out, ' ');
            column++;
        }
        buf_add(out, word.data, word.len);
        column += width;
        first = false;
    }
    buf_addc(out, '\n');
}

/* Paragraphs are lines; one that begins with a blank is printed as it is. */
static void add_paragraphs(struct buf *out, const char *text)
{
    struct str rest = str_of(text), line;
    while (str_next_line(&rest, &line)) {
        if (line.len > 0 && line.data[0] != ' ') {
            add_wrapped(out, line, 0, 0);
        } else {
            buf_add(out, line.data, line.len);
            buf_addc(out, '\n');
        }
    }
}

void help_usage(const struct program *program, const struct verb *verb, struct buf *out)
{
    const char *arguments = verb->arguments ? verb->arguments : "";
    const char *options = text_starts_with(arguments, "[options]") ? "" : " [options]";
    buf_addf(out, "Usage: %s%s%s%s%s%s", program->name, *verb->name ? " " : "", verb->name, options,
             *arguments ? " " : "", arguments);
}

/* One row: what stands at the left, then the text from HELP_COLUMN on. */
static void add_row(struct buf *out, const char *left, const char *right)
{
    size_t width = utf8_length(str_of(left)) + 2;
    add_blanks(out, 2);
    buf_adds(out, left);
    if (width + 2 > HELP_COLUMN) {
        buf_addc(out, '\n');
        width = 0;
    }
    add_blanks(out, HELP_COLUMN - width);
    add_wrapped(out, str_of(right), HELP_COLUMN, HELP_COLUMN);
}

static void add_option(struct buf *out, const struct option *option)
{
    autobuf struct buf left = BUF(1024), right = BUF(8192);
    char environment[128];
    if (option->letter)
        buf_addf(&left, "-%c, ", option->letter);
    else
        buf_adds(&left, "    ");
    buf_addf(&left, "--%s", option->name);
    if (option->argument)
        buf_addf(&left, " %s", option->argument);
    buf_adds(&right, option->help);
    if (option_is_list(option))
        buf_adds(&right, "; may be repeated");
    if (option->fallback)
        buf_addf(&right, " (default: %s)", option->fallback);
    if (!option_is_line_only(option) && option_environment_name(option->name, environment, sizeof environment))
        buf_addf(&right, " [%s]", environment);
    add_row(out, buf_text(&left), buf_text(&right));
}

static void add_options(struct buf *out, const struct option *options)
{
    for (; options && options->name; options++)
        add_option(out, options);
}

static void add_example(struct buf *out, const char *example)
{
    struct str rest = str_of(example), line;
    while (str_next_line(&rest, &line)) {
        add_blanks(out, 2);
        buf_add(out, line.data, line.len);
        buf_addc(out, '\n');
    }
}

static const char settings_text[] =
    "An option with a variable in brackets that the command line does not have is taken from that environment "
    "variable, then from crosschip.conf (as `name = value`, without --), then from the default. The others "
    "count for one call and stand on the command line only.";

static void add_settings(struct buf *out)
{
    buf_addc(out, '\n');
    add_paragraphs(out, settings_text);
}

void help_verb(const struct program *program, const struct verb *verb, struct buf *out)
{
    help_usage(program, verb, out);
    buf_adds(out, "\n\n");
    add_paragraphs(out, verb->summary);
    if (!text_is_empty(verb->description)) {
        buf_addc(out, '\n');
        add_paragraphs(out, verb->description);
    }
    buf_adds(out, "\nOptions:\n");
    add_options(out, verb->options);
    add_options(out, options_common);
    add_settings(out);
    if (!text_is_empty(verb->example)) {
        buf_adds(out, "\nExample:\n");
        add_example(out, verb->example);
    }
}

void help_program(const struct program *program, struct buf *out)
{
    if (!program_has_verbs(program)) {
        help_verb(program, &program->verbs[0], out);
        return;
    }
    buf_addf(out, "Usage: %s VERB [options] [arguments]\n\n", program->name);
    add_paragraphs(out, program->summary);
    if (!text_is_empty(program->description)) {
        buf_addc(out, '\n');
        add_paragraphs(out, program->description);
    }
    buf_adds(out, "\nVerbs:\n");
    const char *example = NULL;
    for (const struct verb *verb = program->verbs; verb->name; verb++) {
        add_row(out, verb->name, verb->summary);
        if (!example)
            example = verb->example;
    }
    buf_adds(out, "\nOptions of every verb:\n");
    add_options(out, options_common);
    add_settings(out);
    buf_addf(out, "\n%s VERB --help tells more about one verb.\n", program->name);
    if (!text_is_empty(example)) {
        buf_adds(out, "\nExample:\n");
        add_example(out, example);
    }
}
