/* Snapshots: what they find changed, and what they may be called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdlib.h>

#include "analyze/report/snapshot.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_site.h"

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int make_files(const char *folder, const char *snapshot)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome outcome;

    result_set_init(&results);
    sample_add(&results, &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 60});
    sample_add(&results, &(struct sample){.id = "sha256:bb", .chip = "Apple M4", .model = "m", BANDWIDTH, .value = 64});
    site_of(&results, &publication);
    const struct report report = {.results = &results};

    if (snapshot != NULL)
        assert_int_equal(snapshot_make(&report, snapshot, &publication, NULL), 0);
    return publication_write(&publication, folder, &outcome, NULL);
}

static void append(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "a");

    assert_non_null(file);
    fputs("x", file);
    fclose(file);
}

static void a_snapshot_finds_what_changed(void **state)
{
    char folder[] = "/tmp/crosschip-snapshot-XXXXXX";
    struct err err = {.code = 0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    {
        autosnapshot struct snapshot_check none = {.files = 0};

        assert_int_equal(snapshot_verify(folder, &none, &err), -ERR_NOT_FOUND);
    }
    assert_int_equal(make_files(folder, "2026-11"), 0);
    {
        autosnapshot struct snapshot_check check = {.files = 0};

        assert_int_equal(snapshot_verify(folder, &check, NULL), 0);
        assert_true(check.named && check.files > 20 && check.same == check.files && check.problem_count == 0);
        assert_string_equal(check.name, "2026-11");
    }
    append(folder, "RESULTS.md");
    append(folder, "data/figures.csv");
    {
        autosnapshot struct snapshot_check check = {.files = 0};

        assert_int_equal(snapshot_verify(folder, &check, NULL), 0);
        assert_int_equal(check.problem_count, 2);
        assert_string_equal(check.problems[0], "RESULTS.md: differs");
    }
    /* The next publication without a name is no snapshot any more. */
    assert_int_equal(make_files(folder, NULL), 0);
    autosnapshot struct snapshot_check check = {.files = 0};

    assert_int_equal(snapshot_verify(folder, &check, NULL), 0);
    assert_true(!check.named && check.problem_count == 0);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void names_of_snapshots_are_plain_words(void **state)
{
    static const char *const bad[] = {"",
                                      "../x",
                                      "a b",
                                      ".hidden",
                                      "-x",
                                      "ä",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

    (void)state;
    struct err err = {.code = 0};

    assert_int_equal(snapshot_check_name("2026-11.final", NULL), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(snapshot_check_name(bad[i], &err), -ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_finds_what_changed),
        cmocka_unit_test(names_of_snapshots_are_plain_words),
    };

    return cmocka_run_group_tests_name("analyze_snapshot", tests, NULL, NULL);
}
