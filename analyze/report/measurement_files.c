#include "analyze/report/measurement_files.h"

#include <string.h>

#include "analyze/report/data_tables.h"
#include "schema/base/str.h"

#define DIGITS_MOST 3
#define ID_PREFIX "sha256:"

size_t measurement_files_digits(const struct result_set *set)
{
    size_t digits = 0, parts = 1;

    if (set->result_count <= MEASUREMENTS_WHOLE)
        return 0;
    for (; digits < DIGITS_MOST && set->result_count / parts > MEASUREMENTS_A_PART; parts *= 16)
        digits++;
    return digits;
}

/* The digits that name the part of a result. */
static const char *part_of(const struct result_set *set, size_t result)
{
    const char *id = set->submissions[set->results[result].run->submission].id;

    return text_starts_with(id, ID_PREFIX) ? id + strlen(ID_PREFIX) : id;
}

/* Results stand in the order of the ids: those of a part are together. */
static size_t end_of_part(const struct result_set *set, size_t first)
{
    const size_t digits = measurement_files_digits(set);
    const char *part = part_of(set, first);
    size_t end = first + 1;

    while (end < set->result_count && strncmp(part_of(set, end), part, digits) == 0)
        end++;
    return end;
}

static int make_part(const void *context, size_t first, struct buf *into, struct err *err)
{
    const struct report *report = context;
    autotable struct table table = {.caption = NULL};
    const int status = data_measurements(report, first, end_of_part(report->results, first), &table, err);

    if (status == 0)
        table_print_ndjson(&table, into);
    return status;
}

int measurement_files_add(const struct report *report, struct publication *publication, struct err *err)
{
    const struct result_set *set = report->results;
    const size_t digits = measurement_files_digits(set);
    int status = 0;

    for (size_t first = 0; status == 0 && first < set->result_count; first = end_of_part(set, first)) {
        const struct publication_maker maker = {make_part, report, first};
        autobuf struct buf path = BUF(256);

        buf_addf(&path, "data/measurements-%.*s.ndjson", (int)digits, part_of(set, first));
        status = buf_check(&path, err);
        if (status == 0)
            status = publication_add_later(publication, buf_text(&path), &maker, err);
    }
    return status;
}
