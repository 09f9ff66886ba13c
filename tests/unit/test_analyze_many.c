/* What only many results show: data files in parts, and sides that are resampled once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyze/data/draws.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/measurement_files.h"
#include "schema/base/file.h"
#include "schema/proof/hash.h"
#include "tests/unit/analyze_sample.h"

/* ---- measurements in parts */

static void fill(struct result_set *set, size_t count)
{
    char id[SHA256_ID_SIZE];

    for (size_t i = 0; i < count; i++) {
        const struct sha256 hash = sha256_of(&i, sizeof(i));

        sample_add(set, &(struct sample){.id = sha256_id(id, &hash),
                                         .chip = "Apple M1",
                                         .model = "some model",
                                         .metric = "memory_bandwidth",
                                         .unit = "GB/s",
                                         .direction = DIRECTION_HIGHER,
                                         .value = 60 + (double)(i % 97) / 7});
    }
    assert_int_equal(result_set_finish(set, NULL), 0);
}

static void all_lines(const struct report *report, struct buf *into)
{
    autotable struct table table = {.caption = NULL};

    assert_int_equal(data_measurements(report, 0, report->results->result_count, &table, NULL), 0);
    table_print_ndjson(&table, into);
    assert_int_equal(buf_check(into, NULL), 0);
}

static void parts_together_are_all(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    autopublication struct publication publication = {.count = 0};
    autobuf struct buf whole = BUF((size_t)64 << 20), together = BUF((size_t)64 << 20), made = BUF((size_t)64 << 20);
    const struct report report = {.results = &set};

    (void)state;
    result_set_init(&set);
    fill(&set, MEASUREMENTS_WHOLE + 1);
    assert_int_equal(measurement_files_digits(&set), 1);
    assert_int_equal(measurement_files_add(&report, &publication, NULL), 0);
    assert_int_equal(publication.count, 16);
    for (size_t i = 0; i < publication.count; i++) {
        char path[64];
        struct str bytes;

        (void)snprintf(path, sizeof(path), "data/measurements-%zx.ndjson", i);
        assert_string_equal(publication.files[i].path, path);
        assert_int_equal(publication_bytes(&publication.files[i], &made, &bytes, NULL), 0);
        buf_add(&together, bytes.data, bytes.len);
    }
    all_lines(&report, &whole);
    assert_int_equal(whole.len, together.len);
    assert_memory_equal(buf_text(&whole), buf_text(&together), whole.len);
    set.result_count = MEASUREMENTS_WHOLE;
    assert_int_equal(measurement_files_digits(&set), 0);
    set.result_count = 1000000;
    assert_int_equal(measurement_files_digits(&set), 3);
    set.result_count = 100000000;
    assert_int_equal(measurement_files_digits(&set), 3);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

/* Made when they are needed: what reaches the folder is what was made, and only what differs is written again. */
struct making {
    const char *words[2];
    size_t times;
};

static int make_words(const void *context, size_t part, struct buf *into, struct err *err)
{
    struct making *const *making = context;

    (*making)->times++;
    buf_adds(into, (*making)->words[part]);
    return part == 0 && strcmp((*making)->words[0], "fail") == 0 ? err_set(err, ERR_DATA, "as planned") : 0;
}

static int publish(struct making *making, const char *folder, struct publication_outcome *ret, struct err *err)
{
    autopublication struct publication publication = {.count = 0};
    autobuf struct buf results = BUF(1 << 16);

    for (size_t part = 0; part < 2; part++) {
        const struct publication_maker maker = {make_words, &making, part};

        assert_int_equal(
            publication_add_later(&publication, part == 0 ? "data/a.ndjson" : "data/b.ndjson", &maker, NULL), 0);
    }
    buf_adds(&results, "<!-- crosschip:begin head -->\n<!-- crosschip:end head -->\n");
    assert_int_equal(publication_add(&publication, PUBLICATION_RESULTS, &results, NULL), 0);
    return publication_write(&publication, folder, ret, err);
}

static void expect_file(const char *folder, const char *name, const char *words)
{
    autobuf struct buf path = BUF(4096), bytes = BUF(1 << 16);

    buf_addf(&path, "%s/%s", folder, name);
    assert_int_equal(file_read(buf_text(&path), &bytes, NULL), 0);
    assert_string_equal(buf_text(&bytes), words);
}

static void files_made_later_reach_the_folder(void **state)
{
    char folder[] = "/tmp/crosschip-many-XXXXXX";
    struct making making = {{"one\n", "two\n"}, 0};
    struct publication_outcome outcome;
    struct err err;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(publish(&making, folder, &outcome, &err), 0);
    assert_int_equal(outcome.written, 3);
    assert_int_equal(making.times, 2); /* a file that is not there is not made to be compared */
    assert_int_equal(publish(&making, folder, &outcome, &err), 0);
    assert_int_equal(outcome.unchanged, 3);
    making.words[1] = "2\n";
    assert_int_equal(publish(&making, folder, &outcome, &err), 0);
    assert_int_equal(outcome.written, 1);
    expect_file(folder, "data/a.ndjson", "one\n");
    expect_file(folder, "data/b.ndjson", "2\n");
    /* What cannot be made changes nothing. */
    making.words[0] = "fail";
    making.words[1] = "three\n";
    assert_int_equal(publish(&making, folder, &outcome, &err), -(int)ERR_DATA);
    expect_file(folder, "data/b.ndjson", "2\n");
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void add_bytes(struct publication *publication, const char *path, char byte, size_t length)
{
    autobuf struct buf bytes = BUF(length);

    for (size_t i = 0; i < length; i++)
        buf_addc(&bytes, (char)(byte + (char)(i % 7)));
    assert_int_equal(publication_add(publication, path, &bytes, NULL), 0);
}

static void expect_bytes(const struct publication_file *file, char byte, size_t length)
{
    autobuf struct buf scratch = BUF(length);
    struct str bytes;

    assert_int_equal(publication_bytes(file, &scratch, &bytes, NULL), 0);
    assert_int_equal(bytes.len, length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(bytes.data[i], (char)(byte + (char)(i % 7)));
}

static void close_reading(struct aside *reading)
{
    close(reading->file);
}

/* Large files are not in memory meanwhile; where they cannot lie aside they are. */
static void bytes_lie_aside_until_they_are_written(void **state)
{
    enum { SMALL = 100, LARGE = 100000 };
    char folder[] = "/tmp/crosschip-aside-XXXXXX";
    struct err err;

    (void)state;
    assert_non_null(mkdtemp(folder));
    _Atomic(off_t) used = 0;
    struct aside reading cleanup(close_reading) = {open("/dev/null", O_RDONLY | O_CLOEXEC), &used};
    autoaside struct aside aside;
    aside_open(folder, &aside);
    autopublication struct publication publication = {.aside = &aside}, other = {.aside = &reading};

    add_bytes(&publication, "data/a", 'a', LARGE);
    add_bytes(&publication, "data/b", 'b', SMALL);
    add_bytes(&publication, "data/c", 'c', LARGE + 1);
    assert_non_null(publication.files[1].bytes);
    expect_bytes(&publication.files[0], 'a', LARGE);
    expect_bytes(&publication.files[1], 'b', SMALL);
    expect_bytes(&publication.files[2], 'c', LARGE + 1);
    add_bytes(&other, "data/a", 'a', LARGE);
    assert_non_null(other.files[0].bytes);
    expect_bytes(&other.files[0], 'a', LARGE);
    assert_int_equal(rmdir(folder), 0); /* it has no name there */
    if (aside.file < 0)
        return; /* this disk has no files without names */
    assert_null(publication.files[0].bytes);
    assert_int_equal(ftruncate(aside.file, LARGE), 0);
    autobuf struct buf scratch = BUF(2 * LARGE);
    struct str bytes;

    expect_bytes(&publication.files[0], 'a', LARGE);
    assert_int_equal(publication_bytes(&publication.files[2], &scratch, &bytes, &err), -(int)ERR_IO);
}

/* ---- sides */

static struct evidence evidence_from(struct nested_value *values, size_t count)
{
    return (struct evidence){.values = values, .value_count = count};
}

static int interval_of(struct draws *draws, const struct evidence *base, const char *base_name,
                       const struct evidence *other, const char *other_name, struct verdict *ret)
{
    const struct draws_of first = {base_name, base}, second = {other_name, other};

    return draws_interval(draws, "cell", &first, &second, DIRECTION_HIGHER, ret, NULL);
}

static void expect_interval(struct draws *draws, const struct evidence *base, const char *base_name,
                            const struct evidence *other, const char *other_name)
{
    autodraws struct draws none = {.now = {.count = 0}};
    struct verdict kept = {.low = 0}, fresh = {.low = 0};

    assert_int_equal(interval_of(draws, base, base_name, other, other_name, &kept), 0);
    assert_int_equal(interval_of(&none, base, base_name, other, other_name, &fresh), 0);
    assert_memory_equal(&kept.low, &fresh.low, sizeof(kept.low));
    assert_memory_equal(&kept.high, &fresh.high, sizeof(kept.high));
    assert_true(kept.low > 0 && kept.low < kept.high);
}

/* More sides than are kept: what was asked for long ago comes out as it would anew. */
static void what_is_kept_decides_nothing(void **state)
{
    enum { SIDES = 9000, MEMBERS = 6 };
    autodraws struct draws draws = {.now = {.count = 0}};
    struct nested_value values[2][MEMBERS];
    char name[32];

    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        values[0][i] = (struct nested_value){i, i, 10 + (double)i};
        values[1][i] = (struct nested_value){i, i, 12 + (double)(i * i)};
    }
    const struct evidence a = evidence_from(values[0], MEMBERS), b = evidence_from(values[1], MEMBERS);

    for (size_t i = 0; i < SIDES; i++) {
        struct verdict verdict = {.low = 0};

        (void)snprintf(name, sizeof(name), "side %zu", i);
        assert_int_equal(interval_of(&draws, &a, "base", &b, name, &verdict), 0);
    }
    expect_interval(&draws, &a, "base", &b, "side 0");
    expect_interval(&draws, &a, "base", &b, "side 8999");
    expect_interval(&draws, &a, "side 17", &b, "side 17");
    /* Other values under a name that is known. */
    values[1][5].value = 90;
    expect_interval(&draws, &a, "base", &b, "side 8999");
}

/* Drawn apart, also where both have one name and the same values: the interval is not that of one value. */
static void sides_of_one_name_are_drawn_apart(void **state)
{
    autodraws struct draws draws = {.now = {.count = 0}};
    struct nested_value values[8];
    struct verdict verdict = {.low = 0};

    (void)state;
    for (size_t i = 0; i < 8; i++)
        values[i] = (struct nested_value){i, i, 10 + (double)i};
    const struct evidence a = evidence_from(values, 8);

    assert_int_equal(interval_of(&draws, &a, "A", &a, "A", &verdict), 0);
    assert_true(verdict.low < 0.9 && verdict.high > 1.1);
}

/* ---- intervals that are kept */

static void expect_found(struct intervals *intervals, const struct evidence *base, const struct evidence *other,
                         bool found)
{
    autodraws struct draws keeping = {.intervals = intervals}, plain = {.intervals = NULL};
    struct verdict kept = {.low = 0}, fresh = {.low = 0};
    const size_t before = intervals->found;

    assert_int_equal(interval_of(&keeping, base, "a", other, "b", &kept), 0);
    assert_int_equal(interval_of(&plain, base, "a", other, "b", &fresh), 0);
    assert_memory_equal(&kept.low, &fresh.low, sizeof(kept.low));
    assert_memory_equal(&kept.high, &fresh.high, sizeof(kept.high));
    assert_int_equal(intervals->found - before, found ? 1 : 0);
}

/* The numbers of contributors and devices decide nothing, who belongs together does. */
static void an_interval_is_found_by_all_that_decides(void **state)
{
    enum { MEMBERS = 8 };
    autointervals struct intervals intervals = INTERVALS;
    struct nested_value values[2][MEMBERS];

    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        values[0][i] = (struct nested_value){i, i, 10 + (double)i};
        values[1][i] = (struct nested_value){i, i, 12 + (double)(i * i)};
    }
    const struct evidence a = evidence_from(values[0], MEMBERS), b = evidence_from(values[1], MEMBERS);

    expect_found(&intervals, &a, &b, false);
    expect_found(&intervals, &a, &b, true);
    expect_found(&intervals, &b, &a, false);
    for (size_t i = 4; i < MEMBERS; i++)
        values[1][i].contributor = values[1][i].device = i + 1;
    expect_found(&intervals, &a, &b, true);
    values[1][7].value += 1e-13;
    expect_found(&intervals, &a, &b, false);
    values[1][7].contributor = values[1][6].contributor;
    expect_found(&intervals, &a, &b, false);
    values[1][7].device = values[1][6].device;
    expect_found(&intervals, &a, &b, false);
    expect_found(&intervals, &a, &b, true);
    intervals.program.bytes[31] ^= 1;
    expect_found(&intervals, &a, &b, false);
}

static void read_again(struct str text, struct intervals *ret)
{
    *ret = INTERVALS;
    intervals_read(ret, text);
}

static void a_damaged_text_keeps_nothing(void **state)
{
    enum { MEMBERS = 6 };
    autointervals struct intervals intervals = INTERVALS;
    autobuf struct buf text = BUF(1 << 16);
    struct nested_value values[2][MEMBERS];

    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        values[0][i] = (struct nested_value){i, i, 10 + (double)i};
        values[1][i] = (struct nested_value){i, i, 12 + (double)(i * i)};
    }
    const struct evidence a = evidence_from(values[0], MEMBERS), b = evidence_from(values[1], MEMBERS);

    expect_found(&intervals, &a, &b, false);
    expect_found(&intervals, &b, &a, false);
    intervals_print(&intervals, &text);
    assert_int_equal(buf_check(&text, NULL), 0);
    autointervals struct intervals again = INTERVALS;
    intervals_read(&again, str_slice(text.data, text.len));
    expect_found(&again, &a, &b, true);
    expect_found(&again, &b, &a, true);
    for (size_t i = 0; i < text.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            autointervals struct intervals damaged = INTERVALS;

            text.data[i] = (char)(text.data[i] ^ 1 << bit);
            read_again(str_slice(text.data, text.len), &damaged);
            text.data[i] = (char)(text.data[i] ^ 1 << bit);
            assert_int_equal(damaged.count, 0);
        }
    for (size_t length = 0; length < text.len; length++) {
        autointervals struct intervals damaged = INTERVALS;

        read_again(str_slice(text.data, length), &damaged);
        assert_int_equal(damaged.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_together_are_all),
        cmocka_unit_test(files_made_later_reach_the_folder),
        cmocka_unit_test(bytes_lie_aside_until_they_are_written),
        cmocka_unit_test(what_is_kept_decides_nothing),
        cmocka_unit_test(sides_of_one_name_are_drawn_apart),
        cmocka_unit_test(an_interval_is_found_by_all_that_decides),
        cmocka_unit_test(a_damaged_text_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
