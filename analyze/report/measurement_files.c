#include "analyze/report/measurement_files.h"

#include <string.h>

#include "analyze/data/run_hashes.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/kept.h"
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

static int add_part(const struct report *report, size_t first, const struct sha256 *content,
                    struct publication *publication, struct err *err)
{
    const struct publication_maker maker = {make_part, report, first};
    autobuf struct buf path = BUF(256);
    enum kept kept = KEPT_NOT;

    buf_addf(&path, "data/measurements-%.*s.ndjson", (int)measurement_files_digits(report->results),
             part_of(report->results, first));
    int status = buf_check(&path, err);

    if (status == 0)
        status = kept_add(report, buf_text(&path), content, publication, &kept, err);
    if (status < 0 || kept != KEPT_NOT)
        return status;
    kept_note(report, buf_text(&path), content, KEPT_FILE);
    return publication_add_later(publication, buf_text(&path), &maker, err);
}

int measurement_files_add(const struct report *report, struct publication *publication, struct err *err)
{
    const struct result_set *set = report->results;
    int status = 0;

    for (size_t first = 0, end, run = 0; status == 0 && first < set->result_count; first = end) {
        struct sha256 content = {{0}};

        end = end_of_part(set, first);
        for (size_t i = first; report->hashes != NULL && i < end; i++)
            if (run_begins(set, i))
                run_hash_fold(&content, &report->hashes->items[run++]);
        status = add_part(report, first, &content, publication, err);
    }
    return status;
}
