#include "submit/device/lshw.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/board.h"
#include "submit/device/chips.h"
#include "submit/device/extras.h"

struct parse {
    struct arena *arena;
    struct device *device;
    struct str section;
    const char *type, *product, *vendor;
    bool top; /* before the first "*-": the machine itself */
    double banks, speed;
};

/* "16GiB", "8192MiB" as bytes. */
static double size_of(struct str value)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    static const double factors[] = {1024.0, 1048576.0, 1073741824.0, 1099511627776.0};
    double number;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_ends_with(value, str_of(units[i])))
            return number_parse(str_slice(value.data, value.len - 3), &number) ? number * factors[i] : (double)NAN;
    return (double)NAN;
}

/* "DIMM DDR4 Synchronous 2666 MHz (0.4 ns)": the type and the rated speed. */
static void take_bank(struct parse *parse, struct str description)
{
    struct str word, before = STR("");
    double number;
    while (str_next_field(&description, ' ', &word)) {
        if (str_find(word, STR("DDR"), 0) != SIZE_MAX && parse->type == NULL)
            parse->type = fact_text(parse->arena, word);
        if (str_equal(word, STR("MHz")) && isnan(parse->speed) && number_parse(before, &number))
            parse->speed = number;
        before = word;
    }
}

/* "5200MT/s" */
static void take_speed(struct parse *parse, struct str value)
{
    double number;
    if (str_ends_with(value, STR("MT/s")) && number_parse(str_slice(value.data, value.len - 4), &number) && number > 0)
        parse->speed = number;
}

static void end_section(struct parse *parse)
{
    struct device *device = parse->device;
    if (parse->product != NULL && str_starts_with(parse->section, STR("cpu")) && device->chip == NULL)
        device->chip = parse->product;
    if (parse->product != NULL && str_starts_with(parse->section, STR("display")) && !chips_has(device, parse->product))
        chips_add(parse->arena, device,
                  parse->vendor == NULL ? parse->product : board_name(parse->arena, parse->vendor, parse->product),
                  "gpu", (double)NAN, COUNT_UNKNOWN);
    if (parse->top && device->board == NULL)
        device->board = board_name(parse->arena, parse->vendor, parse->product);
    parse->product = NULL;
    parse->vendor = NULL;
    parse->top = false;
}

static void take(struct parse *parse, struct str key, struct str value)
{
    bool bank = str_starts_with(parse->section, STR("bank"));
    if (str_equal(key, STR("product")))
        parse->product = fact_text(parse->arena, value);
    else if (str_equal(key, STR("vendor")))
        parse->vendor = fact_text(parse->arena, value);
    else if (bank && str_equal(key, STR("description")))
        take_bank(parse, value);
    else if (bank && str_equal(key, STR("configured speed")))
        take_speed(parse, value);
    else if (bank && str_equal(key, STR("size")) && !isnan(size_of(value)))
        parse->banks = isnan(parse->banks) ? size_of(value) : parse->banks + size_of(value);
}

void lshw_apply(struct str text, struct arena *arena, struct device *device)
{
    struct parse parse = {
        .arena = arena, .device = device, .section = STR(""), .top = true, .banks = (double)NAN, .speed = (double)NAN};
    struct str line;
    while (str_next_line(&text, &line)) {
        struct str trimmed = str_trim(line);
        size_t colon = str_find(trimmed, STR(": "), 0);
        if (str_starts_with(trimmed, STR("*-"))) {
            end_section(&parse);
            parse.section = str_slice(trimmed.data + 2, trimmed.len - 2);
        } else if (colon != SIZE_MAX) {
            take(&parse, str_slice(trimmed.data, colon),
                 str_trim(str_slice(trimmed.data + colon + 1, trimmed.len - colon - 1)));
        }
    }
    end_section(&parse);
    if (isnan(device->memory_bytes))
        device->memory_bytes = parse.banks;
    if (device->memory_type == NULL)
        device->memory_type = parse.type;
    extras_number(arena, device, EXTRA_MEMORY_SPEED, parse.speed);
}
