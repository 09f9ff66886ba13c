/* Every file of ../shared/corpus/formats and corpus/seeds, where it is there: tests/data/corpus_walk.tsv says for each
 * what it is read as, how many runs and figures it has, one figure that a person read off the file (in the file's own
 * unit), and the words of the refusal where it is none. A file that is not in the table fails, and so does a row
 * without its file. What redaction gives of each reads to the same runs, and what was marked private is gone from it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/bundle/redact.h"
#include "schema/formats/lines.h"
#include "tests/unit/formats_sample.h"

#define TABLE "tests/data/corpus_walk.tsv"
#define ROWS_MAX 400
#define COLUMNS 7

enum column { FILE_NAME, FORMAT, RUNS, METRICS, METRIC, VALUE, SAYS };

struct row {
    char cells[COLUMNS][256];
    bool met;
};
static struct row *rows;
static size_t row_count;
static int failures;

static void complain(const char *file, const char *what, const char *detail)
{
    print_error("%s: %s %s\n", file, what, detail);
    failures++;
}

static void read_table(void)
{
    autobuf struct buf text = BUF(BUF_MIB);
    assert_int_equal(file_read(TABLE, &text, NULL), 0);
    struct lines lines = lines_of(str_slice(buf_text(&text), text.len));
    struct line line;
    rows = calloc(ROWS_MAX, sizeof *rows);
    assert_non_null(rows);
    while (lines_next(&lines, &line)) {
        struct str rest = line.text, field;
        if (line.number == 1)
            continue;
        assert_true(row_count < ROWS_MAX);
        for (size_t i = 0; i < COLUMNS; i++) {
            assert_true(str_next_field(&rest, '\t', &field));
            (void)text_of(rows[row_count].cells[i], sizeof rows[row_count].cells[i], field);
        }
        row_count++;
    }
}

static bool says(const struct sample *sample, const char *words)
{
    return strstr(sample->err.text, words) != NULL || sample_has_problem(sample, words);
}

static bool is_value(double got, double wanted)
{
    return fabs(got - wanted) <= 1e-9 * fabs(wanted);
}

static bool has_figure(const struct sample *sample, const char *metric, double wanted)
{
    for (size_t i = 0; i < sample_run_count(sample); i++) {
        const struct run *run = sample_run(sample, i);
        for (size_t k = 0; k < run->measurement_count; k++) {
            const struct measurement *measurement = &run->measurements[k];
            bool here = is_value(measurement->mean, wanted) || is_value(measurement->original_value, wanted);
            double factor = measurement->original_unit != NULL ? measurement->original_value / measurement->mean : 1;
            for (size_t j = 0; j < measurement->sample_count; j++)
                here = here || is_value(measurement->samples[j] * factor, wanted);
            if (here && strcmp(measurement->metric, metric) == 0)
                return true;
        }
    }
    return false;
}

static size_t count_figures(const struct sample *sample)
{
    size_t count = 0;
    for (size_t i = 0; i < sample_run_count(sample); i++)
        count += sample_run(sample, i)->measurement_count;
    return count;
}

static void check_counts(const struct row *row, const struct sample *sample)
{
    const char *file = row->cells[FILE_NAME];
    char got[64];
    (void)snprintf(got, sizeof got, "%zu runs, %zu figures", sample_run_count(sample), count_figures(sample));
    if (strcmp(sample->format != NULL ? sample->format->name : "-", row->cells[FORMAT]) != 0)
        complain(file, "is read as", sample->format != NULL ? sample->format->name : "nothing");
    if (strtoul(row->cells[RUNS], NULL, 10) != sample_run_count(sample) ||
        strtoul(row->cells[METRICS], NULL, 10) != count_figures(sample))
        complain(file, "has", got);
    if (strcmp(row->cells[SAYS], "-") != 0 && !says(sample, row->cells[SAYS]))
        complain(file, "does not say", row->cells[SAYS]);
    if (strcmp(row->cells[SAYS], "-") == 0 && sample->result < 0)
        complain(file, "is refused:", sample->err.text);
    double wanted = 0;
    if (strcmp(row->cells[METRIC], "-") != 0 &&
        !(number_parse(str_of(row->cells[VALUE]), &wanted) && has_figure(sample, row->cells[METRIC], wanted)))
        complain(file, row->cells[METRIC], row->cells[VALUE]);
}

/* Names, hosts and folders, and any text long enough that it stands in the file once. */
static void check_private(const char *file, const struct sample *sample)
{
    for (size_t i = 0; i < sample->readings.count; i++) {
        const struct reading *reading = sample->readings.items[i];
        struct str original = str_slice(sample->text + reading->original_offset, reading->original_length);
        autobuf struct buf redacted = BUF((size_t)64 * BUF_MIB);
        struct redact_counts counts;
        assert_int_equal(
            redact_text(original, reading->privates, reading->private_count, NULL, 0, &redacted, &counts, NULL), 0);
        struct str rest = str_slice(buf_text(&redacted), redacted.len);
        for (size_t k = 0; k < reading->private_count && k < 2000; k++) {
            const struct private_span *span = &reading->privates[k];
            struct str text = str_slice(original.data + span->offset, span->length);
            if (span->length >= (span->kind == PRIVATE_TEXT ? 40U : 8U) && str_find(rest, text, 0) != SIZE_MAX) {
                complain(file, "still holds what was marked", "private");
                return;
            }
        }
    }
}

static struct row *find_row(const char *file)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].cells[FILE_NAME], file) == 0)
            return &rows[i];
    return NULL;
}

static void check_file(const char *path)
{
    const char *file = path + strlen(CORPUS);
    struct row *row = find_row(file);
    if (row == NULL) {
        complain(file, "is not in", TABLE);
        return;
    }
    row->met = true;
    autosample struct sample sample = {0};
    assert_true(sample_file(path, &sample));
    check_counts(row, &sample);
    check_private(file, &sample);
    if (sample.result == 0)
        expect_same_after_redaction(&sample);
}

static void walk(const char *folder)
{
    DIR *open = opendir(folder);
    assert_non_null(open);
    /* One thread alone reads this folder. */
    for (struct dirent *entry = readdir(open); entry != NULL;
         entry = readdir(open)) { /* NOLINT(concurrency-mt-unsafe) */
        char path[600];
        struct stat status;
        if (entry->d_name[0] == '.')
            continue;
        assert_true(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path);
        assert_int_equal(stat(path, &status), 0);
        if (S_ISDIR(status.st_mode))
            walk(path);
        else
            check_file(path);
    }
    (void)closedir(open);
}

static void test_walk(void **state)
{
    (void)state;
    struct stat status;
    if (stat(CORPUS "formats", &status) != 0)
        skip();
    read_table();
    walk(CORPUS "formats");
    walk(CORPUS "seeds");
    for (size_t i = 0; i < row_count; i++)
        if (!rows[i].met)
            complain(rows[i].cells[FILE_NAME], "is in the table and", "not there");
    free(rows);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_walk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
