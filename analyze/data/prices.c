#include "analyze/data/prices.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/read/csv.h"

enum { COLUMN_CHIP, COLUMN_PRICE, COLUMN_CURRENCY, COLUMN_DATE, COLUMN_SOURCE, COLUMNS };
static const char *const header[COLUMNS] = {"chip", "price", "currency", "date", "source"};

static int refuse(const struct csv_record *record, struct err *err)
{
    return err_at(err, record->line, 0);
}

static int check_header(const struct csv_record *record, struct err *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (i >= record->count || !str_equal(record->fields[i], str_of(header[i]))) {
            (void)err_set(err, ERR_DATA, "a file of prices begins with chip,price,currency,date,source");
            return refuse(record, err);
        }
    return 0;
}

static int take_chip(const struct csv_record *record, struct arena *arena, struct price *price, struct err *err)
{
    const char *given = csv_text(record, COLUMN_CHIP);
    struct chip_match match;

    catalog_match_chip(given, NULL, &match);
    if (match.chip == NULL && match.candidate_count > 0) {
        (void)err_set(err, ERR_DATA, "\"%s\" may mean %s%s%s", given, match.candidates[0],
                      match.candidate_count > 1 ? " or " : "", match.candidate_count > 1 ? match.candidates[1] : "");
        return refuse(record, err);
    }
    price->line = record->line;
    price->given = arena_strdup(arena, given);
    price->chip = match.chip != NULL ? match.chip : price->given;
    price->variant = match.chip != NULL && match.variant != NULL ? match.variant : "";
    return arena_check(arena, err);
}

static bool is_date(const char *text)
{
    char moment[CLOCK_TEXT_SIZE + 1];
    int64_t time_us;

    (void)snprintf(moment, sizeof(moment), "%.16sT00:00:00Z", text);
    return strlen(text) == strlen("2000-01-01") && clock_parse(str_of(moment), &time_us);
}

static int take_rest(const struct csv_record *record, struct arena *arena, struct price *price, struct err *err)
{
    price->date = arena_strdup(arena, csv_text(record, COLUMN_DATE));
    price->source = arena_strdup(arena, csv_text(record, COLUMN_SOURCE));
    if (price->date == NULL || price->source == NULL)
        return mem_error(err);
    if (!number_parse(record->fields[COLUMN_PRICE], &price->price) || !(price->price > 0)) {
        (void)err_set(err, ERR_DATA, "a price is a number greater than 0");
        return refuse(record, err);
    }
    if (!is_date(price->date)) {
        (void)err_set(err, ERR_DATA, "a price has the day that it was seen on, such as 2026-11-28");
        return refuse(record, err);
    }
    if (text_is_empty(price->source)) {
        (void)err_set(err, ERR_DATA, "a price has a source: who asks it, or where it was seen");
        return refuse(record, err);
    }
    return 0;
}

static bool is_currency(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    return text.len == 3;
}

static int take_currency(const struct csv_record *record, struct arena *arena, struct price_list *prices,
                         struct err *err)
{
    const struct str currency = record->fields[COLUMN_CURRENCY];

    if (!is_currency(currency)) {
        (void)err_set(err, ERR_DATA, "a currency is three letters, such as EUR");
        return refuse(record, err);
    }
    if (prices->currency == NULL)
        prices->currency = arena_strdup(arena, currency.data);
    if (prices->currency != NULL && !text_equal(prices->currency, currency.data)) {
        (void)err_set(err, ERR_DATA, "prices in %s and %s: nothing is converted here, keep one file for each",
                      prices->currency, currency.data);
        return refuse(record, err);
    }
    return arena_check(arena, err);
}

static int check_new(const struct csv_record *record, const struct price_list *prices, const struct price *price,
                     struct err *err)
{
    for (size_t i = 0; i < prices->count; i++) {
        const struct price *other = &prices->items[i];

        if (text_equal(other->chip, price->chip) && text_equal(other->variant, price->variant) &&
            text_equal(other->date, price->date)) {
            (void)err_set(err, ERR_DATA, "%s has two prices of %s", price->chip, price->date);
            return refuse(record, err);
        }
    }
    return 0;
}

static int read_all(struct str text, struct arena *arena, struct price_list *prices, struct err *err)
{
    struct arena scratch cleanup(arena_done) = {.blocks = NULL};
    struct csv_reader reader = csv_reader(text);
    struct csv_record record;
    size_t capacity = 0;
    int status = csv_next(&reader, &scratch, &record, err);

    if (status > 0)
        status = check_header(&record, err);
    reader.width = COLUMNS;
    while (status >= 0 && (status = csv_next(&reader, &scratch, &record, err)) > 0) {
        struct price *items = arena_grow(arena, prices->items, &capacity, prices->count + 1, sizeof(*items));

        if (items == NULL)
            return arena_check(arena, err);
        prices->items = items;
        status = take_currency(&record, arena, prices, err);
        if (status == 0)
            status = take_chip(&record, arena, &items[prices->count], err);
        if (status == 0)
            status = take_rest(&record, arena, &items[prices->count], err);
        if (status == 0)
            status = check_new(&record, prices, &items[prices->count], err);
        prices->count += status == 0 ? 1 : 0;
    }
    if (status == 0 && prices->count == 0)
        return err_set(err, ERR_DATA, "there are no prices in it");
    return status < 0 ? status : arena_check(arena, err);
}

int prices_read(const char *path, struct arena *arena, struct price_list *ret, struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    struct price_list prices = {.count = 0};
    int status = file_read(path, &text, err);

    if (status == 0)
        status = read_all(str_slice(buf_text(&text), text.len), arena, &prices, err);
    if (status < 0)
        return err_file(err, path);
    *ret = prices;
    return 0;
}

static bool is_of(const struct price *price, const char *chip, const char *variant)
{
    return text_equal_ignore_case(price->chip, chip) &&
           (text_is_empty(price->variant) || catalog_variant_is(variant, price->variant));
}

bool price_is_used(const struct price *price, const struct result_set *set)
{
    for (size_t i = 0; i < set->run_count; i++)
        if (is_of(price, set->runs[i]->machine->chip, set->runs[i]->machine->chip_variant))
            return true;
    return false;
}

const struct price *price_of(const struct price_list *prices, const struct comparison_row *row)
{
    const struct price *best = NULL;

    for (size_t i = 0; i < prices->count; i++) {
        const struct price *price = &prices->items[i];
        const bool exact = !text_is_empty(price->variant);

        if (!is_of(price, row->chip, row->variant))
            continue;
        const bool best_exact = best != NULL && !text_is_empty(best->variant);

        if (best == NULL || (exact && !best_exact) || (exact == best_exact && strcmp(price->date, best->date) > 0))
            best = price;
    }
    return best;
}
