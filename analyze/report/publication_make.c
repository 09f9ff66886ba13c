/* Makes all bytes of a publication in memory. */
#include <string.h>
#include <unistd.h>

#include "analyze/report/changes.h"
#include "analyze/report/charts.h"
#include "analyze/report/columns.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/drawn.h"
#include "analyze/report/fingerprint.h"
#include "analyze/report/markers.h"
#include "analyze/report/measurement_files.h"
#include "analyze/report/provenance.h"
#include "analyze/report/publication.h"
#include "analyze/report/sections.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define SECTIONS_MAX 32
#define PATH_LENGTH_MAX 4096

static int add_named(struct publication *publication, struct buf *bytes, struct err *err, const char *format,
                     const char *slug, const char *ending)
{
    autobuf struct buf path = BUF(PATH_LENGTH_MAX);

    buf_addf(&path, "%s%s%s", format, slug, ending);
    const int status = buf_check(&path, err);

    return status < 0 ? status : publication_add(publication, buf_text(&path), bytes, err);
}

/* Names the input, and what decides about the bytes of the pictures beside the data: the one file that differs between
 * machines with other fonts or libraries. */
static int add_provenance(const struct report *report, const char *fingerprint, struct publication *publication,
                          struct err *err)
{
    autobuf struct buf text = BUF(1 << 16);

    provenance_write(report, fingerprint, &text);
    return publication_add(publication, "data/provenance.json", &text, err);
}

/* ---- data */

static int add_table(struct table *table, const char *name, struct publication *publication, struct err *err)
{
    autobuf struct buf csv = BUF(DATA_BYTES_MAX), json = BUF(DATA_BYTES_MAX), lines = BUF(DATA_BYTES_MAX);

    table_print_csv(table, &csv);
    table_print_json(table, &json);
    table_print_ndjson(table, &lines);
    int status = add_named(publication, &csv, err, "data/", name, ".csv");

    if (status == 0)
        status = add_named(publication, &json, err, "data/", name, ".json");
    return status < 0 ? status : add_named(publication, &lines, err, "data/", name, ".ndjson");
}

/* What the changes were told against: publishing the same data again tells the same. */
static int keep_previous(const struct previous *previous, struct publication *publication, struct err *err)
{
    autobuf struct buf figures = BUF(REPORT_BYTES_MAX), submissions = BUF(REPORT_BYTES_MAX);

    buf_add(&figures, buf_text(&previous->figures_text), previous->figures_text.len);
    buf_add(&submissions, buf_text(&previous->submissions_text), previous->submissions_text.len);
    const int status = publication_add(publication, PREVIOUS_FIGURES, &figures, err);

    return status < 0 ? status : publication_add(publication, PREVIOUS_SUBMISSIONS, &submissions, err);
}

static int all_measurements(const struct report *report, struct table *ret, struct err *err)
{
    return data_measurements(report, 0, report->results->result_count, ret, err);
}

static int add_comparison_table(const struct comparison *comparison, struct publication *publication, struct err *err)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf csv = BUF(REPORT_BYTES_MAX), slug = BUF(256);
    const int status = columns_table(comparison, ORDER_VALUE, &table, err);

    if (status < 0)
        return status;
    table_print_csv(&table, &csv);
    report_slug(comparison, &slug);
    return add_named(publication, &csv, err, "data/table-", buf_text(&slug), ".csv");
}

int publication_add_data(const struct report *report, struct publication *publication, struct err *err)
{
    static const struct {
        const char *name;
        int (*make)(const struct report *, struct table *, struct err *);
    } parts[] = {{"figures", data_figures},
                 {"submissions", data_submissions},
                 {"findings", data_findings},
                 {"coverage", data_coverage},
                 {"measurements", all_measurements}};
    const size_t parted = measurement_files_digits(report->results) > 0 ? 1 : 0;
    autobuf struct buf readme = BUF(1 << 16);

    for (size_t i = 0; i < ARRAY_LENGTH(parts) - parted; i++) {
        autotable struct table table = {.caption = NULL};
        int status = parts[i].make(report, &table, err);

        if (status == 0)
            status = add_table(&table, parts[i].name, publication, err);
        if (status < 0)
            return status;
    }
    data_readme(&readme);
    int status = publication_add(publication, "data/README.md", &readme, err);

    for (size_t i = 0; status == 0 && i < report->comparisons->count; i++)
        status = add_comparison_table(&report->comparisons->items[i], publication, err);
    return status;
}

static int add_data(const struct report *report, struct publication *publication, struct err *err)
{
    int status = report->apart ? 0 : publication_add_data(report, publication, err);

    if (status == 0 && measurement_files_digits(report->results) > 0)
        status = measurement_files_add(report, publication, err);
    return status < 0 || report->changes == NULL ? status : keep_previous(report->changes->previous, publication, err);
}

/* ---- RESULTS.md */

static int read_existing(const char *folder, struct buf *into, struct err *err)
{
    autobuf struct buf path = BUF(PATH_LENGTH_MAX);
    char end;

    buf_addf(&path, "%s/%s", folder, PUBLICATION_RESULTS);
    const int status = buf_check(&path, err);

    if (status < 0)
        return status;
    if (readlink(buf_text(&path), &end, 1) >= 0) {
        (void)err_set(err, ERR_CANNOT_WRITE, "this is a link, and links are not followed");
        (void)err_path(err, "%s", buf_text(&path));
        return err_hint(err, "delete the link or put the file itself there, then publish again");
    }
    if (!file_exists(buf_text(&path)))
        return 0;
    return file_read(buf_text(&path), into, err);
}

/* All blocks in one text, one after another: footnotes look at what stands before them. */
static int write_blocks(const struct report *report, bool split, struct buf *text, struct block *blocks,
                        size_t *ret_count, struct err *err)
{
    size_t begins[SECTIONS_MAX + 1] = {0}, count = 0;
    int status = 0;

    for (; status == 0 && sections[count].name != NULL && count < SECTIONS_MAX; count++) {
        status = split && sections[count].write == section_models ? section_model_links(report, text, err)
                                                                  : sections[count].write(report, text, err);
        begins[count + 1] = text->len;
    }
    for (size_t i = 0; i < count; i++)
        blocks[i] = (struct block){sections[i].name, str_slice(buf_text(text) + begins[i], begins[i + 1] - begins[i])};
    *ret_count = count;
    return status;
}

/* ERR_LIMIT when the sections alone are longer than `most`. */
static int write_results(const struct report *report, const char *folder, bool split, size_t most, struct buf *into,
                         struct err *err)
{
    struct block blocks[SECTIONS_MAX];
    autobuf struct buf existing = BUF(REPORT_BYTES_MAX), text = BUF(most);
    size_t count = 0;
    int status = read_existing(folder, &existing, err);

    if (status == 0)
        status = write_blocks(report, split, &text, blocks, &count, err);
    if (status == 0)
        status = markers_merge(str_slice(buf_text(&existing), existing.len), blocks, count, into, err);
    if (status < 0 && err != NULL && err->code == ERR_DATA)
        (void)err_path(err, "%s/%s", folder, PUBLICATION_RESULTS);
    return status;
}

static int add_model_pages(const struct report *report, struct publication *publication, struct err *err)
{
    struct report below = *report;
    int status = 0;

    below.up = "../";
    for (size_t i = 0, end; status == 0 && i < report->comparisons->count; i = end) {
        autobuf struct buf text = BUF(REPORT_BYTES_MAX), path = BUF(PATH_LENGTH_MAX);

        end = report_section_end(report, i);
        section_model_path(&report->comparisons->items[i], &path);
        status = section_model_page(&below, i, end, &text, err);
        if (status == 0)
            status = publication_add(publication, buf_text(&path), &text, err);
    }
    return status;
}

static int add_results(const struct report *report, const char *folder, struct publication *publication,
                       struct err *err)
{
    const size_t most = report->results_most > 0 ? report->results_most : RESULTS_MOST;
    autobuf struct buf merged = BUF(2 * REPORT_BYTES_MAX);
    int status = write_results(report, folder, false, most, &merged, err);

    if (status == -ERR_LIMIT || (status == 0 && merged.len > most)) {
        buf_reset(&merged);
        status = write_results(report, folder, true, REPORT_BYTES_MAX, &merged, err);
        if (status == 0)
            status = add_model_pages(report, publication, err);
    }
    return status < 0 ? status : publication_add(publication, PUBLICATION_RESULTS, &merged, err);
}

int publication_make(const struct report *report, const char *folder, struct publication *ret, struct err *err)
{
    autopublication struct publication publication = {.aside = report->aside, .standing = report->standing};
    autofingerprint struct fingerprint own = FINGERPRINT;
    const char *fingerprint = NULL;
    int status = fingerprint_take(report->fingerprint != NULL ? report->fingerprint : &own, &fingerprint, err);

    if (status == 0 && report->drawn != NULL)
        drawn_by(report->drawn, fingerprint);
    if (status == 0)
        status = charts_add(report, &publication, err);
    if (status == 0)
        status = add_provenance(report, fingerprint, &publication, err);
    if (status == 0)
        status = add_data(report, &publication, err);
    if (status == 0)
        status = add_results(report, folder, &publication, err);
    if (status < 0)
        return status;
    *ret = publication;
    memset(&publication, 0, sizeof(publication));
    return 0;
}
