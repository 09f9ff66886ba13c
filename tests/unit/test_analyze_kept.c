/* What is kept while pages are made, and from one publication to the next, decides about time only: replicates of
 * sides, and the cells of lists of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyze/data/draws.h"
#include "analyze/data/side_cells.h"
#include "analyze/report/standing.h"
#include "schema/base/file.h"
#include "tests/unit/analyze_sample.h"

enum { MEMBERS = 80, FEW = 40 };

/* ---- replicates */

struct kept {
    char folder[32], path[64], fresh[64];
    struct nested_value values[3][MEMBERS];
};

static void kept_init(struct kept *kept)
{
    (void)snprintf(kept->folder, sizeof(kept->folder), "/tmp/crosschip-kept.XXXXXX");
    assert_non_null(mkdtemp(kept->folder));
    (void)snprintf(kept->path, sizeof(kept->path), "%s/replicates", kept->folder);
    (void)snprintf(kept->fresh, sizeof(kept->fresh), "%s/fresh", kept->folder);
    for (size_t side = 0; side < 3; side++)
        for (size_t i = 0; i < MEMBERS; i++)
            kept->values[side][i] =
                (struct nested_value){i / 4, i / 2, 10 + 3 * (double)side + (double)(i * (side + 7) % 11)};
    for (size_t side = 0; side < 3; side++)
        for (size_t i = 0; i + 1 < MEMBERS; i++)
            for (size_t j = i + 1; j < MEMBERS; j++)
                if (nested_compare(&kept->values[side][i], &kept->values[side][j]) > 0) {
                    const struct nested_value other = kept->values[side][i];

                    kept->values[side][i] = kept->values[side][j];
                    kept->values[side][j] = other;
                }
}

static void kept_done(struct kept *kept)
{
    (void)unlink(kept->path);
    (void)unlink(kept->fresh);
    assert_int_equal(rmdir(kept->folder), 0);
}

static struct evidence evidence_from(struct nested_value *values, size_t count)
{
    return (struct evidence){.values = values, .value_count = count};
}

/* One publication: the interval of two sides of so many values is that of no cache; returns how many sides were drawn,
 * and in *ret_found how many were not. */
static size_t publish(struct kept *kept, size_t a, size_t b, size_t count, unsigned char program, size_t *ret_found)
{
    autointervals struct intervals intervals = INTERVALS;
    autoreplicates struct replicates replicates = REPLICATES;
    autodraws struct draws keeping = {.intervals = &intervals, .replicates = &replicates}, plain = {.intervals = NULL};
    const struct evidence base = evidence_from(kept->values[a], count), other = evidence_from(kept->values[b], count);
    const struct draws_of first = {a == 0 ? "first" : "other", &base}, second = {"second", &other};
    struct verdict with = {.low = 0}, without = {.low = 0};

    intervals.program.bytes[0] = program;
    replicates_open(&replicates, kept->path, open(kept->fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    assert_int_equal(draws_interval(&keeping, "cell", &first, &second, DIRECTION_HIGHER, &with, NULL), 0);
    assert_int_equal(draws_interval(&plain, "cell", &first, &second, DIRECTION_HIGHER, &without, NULL), 0);
    assert_memory_equal(&with.low, &without.low, sizeof(with.low));
    assert_memory_equal(&with.high, &without.high, sizeof(with.high));
    assert_true(with.low > 0 && with.low < with.high);
    replicates_save(&replicates, kept->path);
    *ret_found = replicates.found;
    return replicates.added;
}

static void a_side_that_did_not_change_is_not_drawn_again(void **state)
{
    struct kept kept;
    size_t found = 0;

    (void)state;
    kept_init(&kept);
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 2);
    assert_int_equal(found, 0);
    assert_int_equal(publish(&kept, 0, 2, MEMBERS, 1, &found), 1);
    assert_int_equal(found, 1);
    /* Nobody asked for it the last time. */
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 0);
    assert_int_equal(found, 2);
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 2, &found), 2); /* another program */
    kept.values[1][3].value += 1e-13;
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 1);
    assert_int_equal(publish(&kept, 0, 1, FEW, 1, &found), 0); /* drawn as quickly as read */
    assert_int_equal(found, 0);
    kept_done(&kept);
}

static void damage(const char *path, off_t at)
{
    autoclose int file = open(path, O_RDWR | O_CLOEXEC);
    unsigned char byte;

    assert_int_equal(pread(file, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
}

static void what_is_damaged_is_drawn_again(void **state)
{
    static const off_t places[] = {0, 22, 23, 54, 55, 86, 87, 95, 16086};
    struct kept kept;
    size_t found = 0;

    (void)state;
    kept_init(&kept);
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        (void)unlink(kept.path);
        assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 2);
        damage(kept.path, places[i]);
        /* The head is of all; else the first record. */
        assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), places[i] < 23 ? 2 : 1);
        assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 0);
    }
    assert_int_equal(truncate(kept.path, 23 + 2 * 16064 - 1), 0);
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 1);
    assert_int_equal(truncate(kept.path, 0), 0);
    assert_int_equal(publish(&kept, 0, 1, MEMBERS, 1, &found), 2);
    kept_done(&kept);
}

static void where_no_file_can_be_all_is_drawn(void **state)
{
    autointervals struct intervals intervals = INTERVALS;
    autoreplicates struct replicates replicates = REPLICATES;
    autodraws struct draws draws = {.intervals = &intervals, .replicates = &replicates};
    struct kept kept;
    struct verdict verdict = {.low = 0};

    (void)state;
    kept_init(&kept);
    const struct evidence base = evidence_from(kept.values[0], MEMBERS), other = evidence_from(kept.values[1], MEMBERS);
    const struct draws_of first = {"first", &base}, second = {"second", &other};

    replicates_open(&replicates, "/nowhere/at/all", -1);
    assert_int_equal(draws_interval(&draws, "cell", &first, &second, DIRECTION_HIGHER, &verdict, NULL), 0);
    assert_true(verdict.low > 0);
    replicates_save(&replicates, "/nowhere/at/all");
    assert_int_equal(replicates.added + replicates.found, 0);
    kept_done(&kept);
}

/* ---- files that stand */

/* Somebody else has published into the folder since it was looked at. */
static void a_file_that_stands_no_more_is_told(void **state)
{
    char folder[] = "/tmp/crosschip-stands.XXXXXX";
    struct standing_file file = {.path = "data/a.ndjson", .line = STR("1 2 3.0 4.0 data/a.ndjson")};
    const struct standing standing = {.folder = folder, .descriptor = -1, .files = &file, .count = 1};
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome outcome;
    struct err err = {.code = 0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(publication_add_standing(&publication, file.path, &standing, NULL), 0);
    assert_int_equal(publication_write(&publication, folder, &outcome, &err), -(int)ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "was changed while the publication was made"));
    assert_non_null(strstr(err.hint, "publish again"));
    assert_int_equal(rmdir(folder), 0); /* nothing was written */
}

/* ---- cells of lists */

static const char *const chips[] = {"Apple M1", "Apple M2", "NVIDIA GeForce RTX 4090"};
static const char *const backends[] = {"Metal", "Metal", "CUDA"};
static const char *const versions[] = {"b1", "b2", "b3"};

static void fill(struct result_set *set)
{
    result_set_init(set);
    for (size_t i = 0; i < 240; i++) {
        const size_t chip = i * 7 % 3;
        char id[32], contributor[16];

        (void)snprintf(id, sizeof(id), "sha256:%03zx", i * 37 % 240);
        (void)snprintf(contributor, sizeof(contributor), "c%zu", i % 11);
        sample_add(set, &(struct sample){.id = id,
                                         .contributor = contributor,
                                         .state = i % 29 == 0 ? STATE_QUARANTINED : STATE_ACCEPTED,
                                         .tool = "bench",
                                         .tool_version = versions[i % 5 % 3],
                                         .chip = chips[chip],
                                         .model = i % 4 < 2 ? "one model" : "other model",
                                         .backend = i % 23 == 0 ? "CPU" : backends[chip],
                                         .task = i % 6 < 4 ? "tg128" : "pp512",
                                         .metric = "generation_throughput",
                                         .unit = "tok/s",
                                         .direction = DIRECTION_HIGHER,
                                         .value = 50 + 20 * (double)chip + (double)(i * i % 17)});
    }
    assert_int_equal(result_set_finish(set, NULL), 0);
}

static void expect_same_rows(const struct side_rows *a, const struct side_rows *b)
{
    assert_int_equal(a->row_count, b->row_count);
    assert_int_equal(a->facet_count, b->facet_count);
    assert_int_equal(a->compared_count, b->compared_count);
    for (size_t i = 0; i < a->compared_count; i++)
        assert_string_equal(a->compared[i], b->compared[i]);
    for (size_t side = 0; side < 2; side++) {
        assert_int_equal(a->only_on[side], b->only_on[side]);
        assert_string_equal(a->pools[side] != NULL ? a->pools[side] : "", b->pools[side] != NULL ? b->pools[side] : "");
    }
    for (size_t i = 0; i < a->row_count; i++) {
        for (size_t side = 0; side < 2; side++) {
            assert_memory_equal(&a->rows[i].evidence[side].value, &b->rows[i].evidence[side].value, sizeof(double));
            assert_int_equal(a->rows[i].evidence[side].value_count, b->rows[i].evidence[side].value_count);
        }
        for (size_t j = 0; j < a->facet_count; j++)
            assert_string_equal(a->rows[i].facets[j], b->rows[i].facets[j]);
        assert_int_equal(a->rows[i].verdicts[1].kind, b->rows[i].verdicts[1].kind);
        assert_memory_equal(&a->rows[i].verdicts[1].q, &b->rows[i].verdicts[1].q, sizeof(double));
        assert_memory_equal(&a->rows[i].verdicts[1].low, &b->rows[i].verdicts[1].low, sizeof(double));
    }
}

/* Each pair, twice: the second time from what is kept. Returns how many rows there were. */
static size_t compare_all(const struct result_set *set, run_list_name *list, const char *const *names,
                          const char *prefix, const char *const facets[2])
{
    autorunlists struct run_lists lists = {.set = NULL};
    autocells struct side_cells cells = {.lists = &lists};
    size_t all = 0;

    assert_int_equal(run_lists_make(set, NULL, list, &lists, NULL), 0);
    for (size_t i = 0; i < 18; i++) {
        struct arena arena cleanup(arena_done) = {.blocks = NULL};
        const size_t pair[] = {i % 3, (i % 3 + 1 + i / 3 % 2) % 3};
        struct facet_choice choices[2][2];
        struct side_list sides = {.count = 2};
        struct side_rows kept = {.row_count = 0}, plain = {.row_count = 0};
        char keys[2][64];

        for (size_t side = 0; side < 2; side++) {
            choices[side][0] = facet_choose(facets[0], names[pair[side]]);
            choices[side][1] = facet_choose(facets[1], text_equal(facets[1], "tool") ? "bench" : backends[pair[side]]);
            sides.items[side] = (struct side){.name = names[pair[side]],
                                              .label = names[pair[side]],
                                              .selection = {choices[side], 2, TIME_UNKNOWN, TIME_UNKNOWN}};
            (void)snprintf(keys[side], sizeof(keys[side]), "%s%s", prefix, names[pair[side]]);
        }
        const int status = side_cells_compare(&cells, keys[0], keys[1], &sides, NULL, &arena, &kept, NULL);

        assert_int_equal(sides_compare(set, &sides, &arena, &plain, NULL), status);
        expect_same_rows(&kept, &plain);
        all += kept.row_count;
    }
    return all;
}

static void cells_of_lists_give_what_the_whole_set_gives(void **state)
{
    static const char *const of_chips[] = {"chip", "backend"}, *const of_versions[] = {"version", "tool"};
    autoset struct result_set set = {.file_count = 0};

    (void)state;
    fill(&set);
    assert_true(compare_all(&set, run_list_chip, chips, "", of_chips) > 18);
    assert_true(compare_all(&set, run_list_version, versions, "bench\n", of_versions) > 18);
}

static void a_list_that_is_not_there_has_nothing(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    autorunlists struct run_lists lists = {.set = NULL};
    autocells struct side_cells cells = {.lists = &lists};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct facet_choice choices[] = {facet_choose("chip", chips[0]), facet_choose("chip", "Apple M9")};
    const struct side_list sides = {
        .items = {{.name = "a", .label = "a", .selection = {&choices[0], 1, TIME_UNKNOWN, TIME_UNKNOWN}},
                  {.name = "b", .label = "b", .selection = {&choices[1], 1, TIME_UNKNOWN, TIME_UNKNOWN}}},
        .count = 2};
    struct side_rows rows = {.row_count = 0};
    struct err err = {.code = 0};

    (void)state;
    fill(&set);
    assert_int_equal(run_lists_make(&set, NULL, run_list_chip, &lists, NULL), 0);
    assert_int_equal(side_cells_compare(&cells, chips[0], "Apple M9", &sides, NULL, &arena, &rows, &err),
                     -(int)ERR_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_that_did_not_change_is_not_drawn_again),
        cmocka_unit_test(what_is_damaged_is_drawn_again),
        cmocka_unit_test(where_no_file_can_be_all_is_drawn),
        cmocka_unit_test(a_file_that_stands_no_more_is_told),
        cmocka_unit_test(cells_of_lists_give_what_the_whole_set_gives),
        cmocka_unit_test(a_list_that_is_not_there_has_nothing),
    };

    return cmocka_run_group_tests_name("analyze: kept", tests, NULL, NULL);
}
