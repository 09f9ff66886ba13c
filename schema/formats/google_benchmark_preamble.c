#include <string.h>

#include "schema/formats/google_benchmark_text.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

/* "2019-11-29 21:13:55", or RFC 3339 since 1.5.1. */
static bool is_date(struct str text)
{
    double year = 0;
    struct str rest = text;
    return text.len >= 19 && text.len <= 40 && text.data[4] == '-' && text.data[7] == '-' && text.data[13] == ':' &&
           whole_number(str_slice(rest.data, 4), &year);
}

/* "Run on (8 X 2400 MHz CPU s)", before 1.5 also "CPUs". */
static bool take_machine(struct reading *reading, struct str rest, struct google_context *context)
{
    double threads = 0, megahertz = 0;
    if (!take_text(&rest, STR("Run on (")) || !take_number(&rest, &threads) || !take_text(&rest, STR("X ")) ||
        !take_number(&rest, &megahertz))
        return false;
    if (threads >= 1 && threads < 1e6)
        reading->device.threads = (int64_t)threads;
    parameters_set_number(&reading->arena, &context->setup, "mhz_per_cpu", megahertz);
    return true;
}

static bool take_load(struct reading *reading, struct str rest, struct google_context *context)
{
    double load = 0;
    if (!take_text(&rest, STR("Load Average:")))
        return false;
    for (size_t i = 0; i < 3 && take_number(&rest, &load); i++) {
        google_set_load(reading, context, i, load);
        (void)take_text(&rest, STR(","));
    }
    return true;
}

static bool take_warning(struct reading *reading, struct str text, struct google_context *context)
{
    if (!str_starts_with(text, STR("***WARNING***")))
        return false;
    if (str_find(text, STR("DEBUG"), 0) != SIZE_MAX)
        context->debug = true;
    if (str_find(text, STR("CPU scaling is enabled"), 0) != SIZE_MAX)
        parameters_set_boolean(&reading->arena, &context->setup, "cpu_scaling_enabled", true);
    if (str_find(text, STR("ASLR is enabled"), 0) != SIZE_MAX)
        parameters_set_boolean(&reading->arena, &context->setup, "aslr_enabled", true);
    return true;
}

bool google_take_preamble(struct reading *reading, const struct format_input *input, const struct line *line,
                          struct google_context *context)
{
    struct str text = str_trim(line->text), rest = text;
    if (is_date(text)) {
        char date[48];
        context->date = arena_strdup(&reading->arena, text_of(date, sizeof date, text));
        return true;
    }
    if (take_text(&rest, STR("Running "))) {
        (void)benchmark_name(reading, input, rest); /* marks the folder of its path */
        return true;
    }
    return take_machine(reading, text, context) || take_load(reading, text, context) ||
           take_warning(reading, text, context) || str_equal(text, STR("CPU Caches:")) ||
           ((str_starts_with(text, STR("L1 ")) || str_starts_with(text, STR("L2 ")) ||
             str_starts_with(text, STR("L3 "))) &&
            str_find(text, STR(" (x"), 0) != SIZE_MAX);
}
