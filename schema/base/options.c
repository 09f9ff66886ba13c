/* What a verb asks: values of options, arguments. */
#include "schema/base/options.h"

#include <assert.h>

#include "schema/base/number.h"
#include "schema/base/options_internal.h"
#include "schema/base/str.h"

static size_t find(const struct invocation *invocation, const char *name)
{
    size_t i = 0;
    while (i < invocation->option_count && !text_equal(invocation->options[i].option->name, name))
        i++;
    return i;
}

bool option_exists(const struct invocation *invocation, const char *name)
{
    return find(invocation, name) < invocation->option_count;
}

static const struct option_state *state_of(const struct invocation *invocation, const char *name)
{
    size_t i = find(invocation, name);
    assert(i < invocation->option_count); /* the verb has this option in its table */
    return &invocation->options[i < invocation->option_count ? i : 0];
}

const char *option_text(const struct invocation *invocation, const char *name)
{
    const struct option_state *state = state_of(invocation, name);
    return state->count > 0 ? state->items[state->count - 1] : NULL;
}

bool option_flag(const struct invocation *invocation, const char *name)
{
    return state_of(invocation, name)->count > 0;
}

size_t option_count(const struct invocation *invocation, const char *name)
{
    return state_of(invocation, name)->count;
}

const char *option_item(const struct invocation *invocation, const char *name, size_t index)
{
    const struct option_state *state = state_of(invocation, name);
    return index < state->count ? state->items[index] : NULL;
}

bool option_given(const struct invocation *invocation, const char *name)
{
    return state_of(invocation, name)->source == SOURCE_LINE;
}

/* Names the place where the value stands, so that it can be mended there. */
static int add_place(const struct option_state *state, struct err *err)
{
    char name[128];
    if (state->source == SOURCE_FILE) {
        err_path(err, "%s", state->entry->file);
        return err_at(err, state->entry->line, 0);
    }
    if (state->source == SOURCE_ENVIRONMENT && option_environment_name(state->option->name, name, sizeof name))
        return err_path(err, "%s", name);
    return err_path(err, "--%s", state->option->name);
}

int option_place(const struct invocation *invocation, const char *name, struct err *err)
{
    return err ? add_place(state_of(invocation, name), err) : -(int)ERR_USAGE;
}

int option_int(const struct invocation *invocation, const char *name, long least, long most, long *ret_value,
               struct err *err)
{
    const struct option_state *state = state_of(invocation, name);
    const char *text = option_text(invocation, name);
    int64_t value;
    if (!text)
        return 0;
    if (number_parse_int64(str_of(text), &value) && value >= least && value <= most) {
        *ret_value = (long)value;
        return 0;
    }
    int r = err_set(err, ERR_USAGE, "\"%s\" is no whole number from %ld to %ld", text, least, most);
    return err ? add_place(state, err) : r;
}

size_t argument_count(const struct invocation *invocation)
{
    return invocation->argument_count;
}

const char *argument_at(const struct invocation *invocation, size_t index)
{
    return index < invocation->argument_count ? invocation->arguments[index] : NULL;
}

const struct program *invocation_program(const struct invocation *invocation)
{
    return invocation->program;
}
