/* RESULTS.md between its markers, its words, and the files of a publication. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyze/data/baseline.h"
#include "analyze/data/from_files.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/markers.h"
#include "analyze/report/publication.h"
#include "analyze/report/sections.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

#define BANDWIDTH .metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER

/* ---- markers */

static const struct block two_blocks[] = {{"a", {"A2\n", 3}}, {"b", {"B2\n", 3}}};

static void merges_to(const char *existing, const char *expected)
{
    autobuf struct buf out = BUF(1 << 16);

    assert_int_equal(markers_merge(str_of(existing), two_blocks, 2, &out, NULL), 0);
    assert_string_equal(buf_text(&out), expected);
}

static void blocks_are_replaced_and_words_survive(void **state)
{
    (void)state;
    merges_to("", "<!-- crosschip:begin a -->\nA2\n<!-- crosschip:end a -->\n\n"
                  "<!-- crosschip:begin b -->\nB2\n<!-- crosschip:end b -->\n");
    merges_to("Hello\r\n<!-- crosschip:begin b -->\nold\n<!-- crosschip:end b -->\nmiddle\n"
              "  <!-- crosschip:begin a -->  \r\nold\n<!-- crosschip:end a -->\nend, no line break",
              "Hello\r\n<!-- crosschip:begin b -->\nB2\n<!-- crosschip:end b -->\nmiddle\n"
              "<!-- crosschip:begin a -->\nA2\n<!-- crosschip:end a -->\nend, no line break");
    /* A block that is new goes behind the one before it; one of another program stays. */
    merges_to("x\n<!-- crosschip:begin a -->\n<!-- crosschip:end a -->\ny\n<!-- crosschip:begin z -->\nZ\n<!-- "
              "crosschip:end z -->\n",
              "x\n<!-- crosschip:begin a -->\nA2\n<!-- crosschip:end a -->\n\n<!-- crosschip:begin b -->\nB2\n"
              "<!-- crosschip:end b -->\ny\n<!-- crosschip:begin z -->\nZ\n<!-- crosschip:end z -->\n");
    merges_to("Only words", "Only words\n\n<!-- crosschip:begin a -->\nA2\n<!-- crosschip:end a -->\n\n"
                            "<!-- crosschip:begin b -->\nB2\n<!-- crosschip:end b -->\n");
}

static void merging_again_changes_nothing(void **state)
{
    autobuf struct buf once = BUF(1 << 16), twice = BUF(1 << 16);

    (void)state;
    assert_int_equal(markers_merge(STR("intro\n"), two_blocks, 2, &once, NULL), 0);
    assert_int_equal(markers_merge(str_slice(once.data, once.len), two_blocks, 2, &twice, NULL), 0);
    assert_string_equal(buf_text(&once), buf_text(&twice));
}

static void broken_markers_are_told_with_their_line(void **state)
{
    static const struct {
        const char *text;
        int line;
    } cases[] = {{"x\n<!-- crosschip:begin a -->\n", 2},
                 {"<!-- crosschip:end a -->\n", 1},
                 {"<!-- crosschip:begin a -->\n<!-- crosschip:begin b -->\n", 2},
                 {"<!-- crosschip:begin a -->\n<!-- crosschip:end b -->\n", 2},
                 {"<!-- crosschip:begin a -->\n<!-- crosschip:end a -->\n\n<!-- crosschip:begin a -->\n<!-- "
                  "crosschip:end a -->\n",
                  4}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autobuf struct buf out = BUF(1 << 16);
        struct err err;

        assert_int_equal(markers_merge(str_of(cases[i].text), two_blocks, 2, &out, &err), -ERR_DATA);
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(out.len, 0);
    }
}

/* ---- a report of hand-made results */

struct fixture {
    struct result_set results;
    struct comparison_set comparisons;
    struct coverage coverage;
    struct report report;
    char folder[64];
};

static void finish(struct fixture *fixture)
{
    static const struct baseline_rules none = {NULL, NULL, 0};

    assert_int_equal(result_set_finish(&fixture->results, NULL), 0);
    assert_int_equal(comparison_build(&fixture->results, NULL, &fixture->comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&fixture->comparisons, &none, NULL), 0);
    assert_int_equal(
        coverage_compute(&fixture->comparisons, result_set_newest(&fixture->results), &fixture->coverage, NULL), 0);
    fixture->report = (struct report){
        .results = &fixture->results, .comparisons = &fixture->comparisons, .coverage = &fixture->coverage};
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    if (fixture == NULL)
        return -1;
    result_set_init(&fixture->results);
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/crosschip-publish-XXXXXX");
    *state = fixture;
    return mkdtemp(fixture->folder) != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    coverage_done(&fixture->coverage);
    comparison_set_done(&fixture->comparisons);
    result_set_done(&fixture->results);
    nftw(fixture->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

static void fill(struct fixture *fixture)
{
    struct result_set *set = &fixture->results;

    sample_add(
        set, &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .model = "some_model", BANDWIDTH, .value = 60.87});
    sample_add(set, &(struct sample){.id = "sha256:bb",
                                     .chip = "Apple M4 Max",
                                     .model = "some_model",
                                     BANDWIDTH,
                                     .value = 118.88,
                                     .ran_at = "2025-03-09T18:59:02Z"});
    sample_add(set, &(struct sample){.id = "sha256:cc",
                                     .chip = "Apple M2",
                                     .model = "some_model",
                                     BANDWIDTH,
                                     .value = 60.45,
                                     .state = STATE_QUARANTINED});
    finish(fixture);
}

static void contains(const struct buf *text, const char *expected)
{
    if (strstr(text->data, expected) == NULL)
        fail_msg("\"%s\" is not in:\n%s", expected, text->data);
}

static void sections_say_what_is_known(void **state)
{
    struct fixture *fixture = *state;
    autobuf struct buf text = BUF(1 << 20);

    fill(fixture);
    for (size_t i = 0; sections[i].name != NULL; i++)
        assert_int_equal(sections[i].write(&fixture->report, &text, NULL), 0);
    contains(&text, "How fast 2 chips ran models and other work, measured with bench: 1 model and quantization, 1 "
                    "workload, from 2 accepted submissions. "
                    "Data to 2025-03-09; 1 submission states no time.");
    contains(&text, "| 1 | M4 Max | 118.9 | n/a | 2.0× | n/a | 1 | 1 | 2025-03-09 | 1 |");
    contains(&text, "| 2 | **M1** | 60.9 | n/a | baseline | n/a | 1 | 1 | – | 1 |");
    contains(&text, "## Descriptive notes (no run counts published, not tested)");
    contains(&text, "3 submissions: 2 accepted, 1 quarantined. Only accepted ones enter the figures.");
    contains(&text, "The plausibility checks found nothing.");
    contains(&text, "2025-03-09 to 2025-03-09 (UTC)");
    contains(&text, "[^n]: The source gives no run count");
    contains(&text, "<img src=\"charts/some-model-");
    assert_null(strstr(text.data, "60.45")); /* quarantined: counts nowhere */
    assert_null(strstr(text.data, "faster."));
}

static void data_without_dates_say_so(void **state)
{
    struct fixture *fixture = *state;
    autobuf struct buf text = BUF(1 << 20);

    sample_add(
        &fixture->results,
        &(struct sample){
            .id = "sha256:aa", .chip = "<script>|x", .model = "[m](http://e.example)", BANDWIDTH, .value = 60.87});
    finish(fixture);
    for (size_t i = 0; sections[i].name != NULL; i++)
        assert_int_equal(sections[i].write(&fixture->report, &text, NULL), 0);
    contains(&text, "The data carry no dates.");
    contains(&text, "Chip names that the catalogue does not know, kept as given: ");
    assert_null(strstr(text.data, "<script"));
    struct str rest = str_slice(text.data, text.len), line;

    /* Inside the attribute of an HTML block Markdown does not act. */
    while (str_next_line(&rest, &line))
        if (str_find(line, STR(" alt=\""), 0) == SIZE_MAX && str_find(line, STR("http://e.example"), 0) != SIZE_MAX)
            fail_msg("%.*s", (int)line.len, line.data);
}

/* ---- files */

static void publish(struct fixture *fixture, struct publication_outcome *outcome)
{
    autopublication struct publication publication = {.count = 0};

    assert_int_equal(publication_make(&fixture->report, fixture->folder, &publication, NULL), 0);
    assert_int_equal(publication_write(&publication, fixture->folder, outcome, NULL), 0);
}

static const char *path_of(const struct fixture *fixture, const char *name, char target[256])
{
    snprintf(target, 256, "%s/%s", fixture->folder, name);
    return target;
}

static void put_file(const struct fixture *fixture, const char *name, const char *text)
{
    char path[256];

    assert_int_equal(file_replace(path_of(fixture, name, path), 0644, text, strlen(text), NULL), 0);
}

static void publishing_twice_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct publication_outcome first, second;
    autobuf struct buf results = BUF(1 << 20);
    char path[256];

    fill(fixture);
    put_file(fixture, "RESULTS.md", "Words of ours.\n\n<!-- crosschip:begin head -->\n<!-- crosschip:end head -->\n");
    publish(fixture, &first);
    publish(fixture, &second);
    assert_true(first.written >= 16);
    assert_int_equal(second.written, 0);
    assert_int_equal(second.unchanged, first.written);
    assert_int_equal(file_read(path_of(fixture, "RESULTS.md", path), &results, NULL), 0);
    assert_true(
        text_starts_with(buf_text(&results), "Words of ours.\n\n<!-- crosschip:begin head -->\n# Benchmark results\n"));
    assert_false(file_exists(path_of(fixture, ".crosschip-new", path)));
}

static void stale_files_go_and_others_stay(void **state)
{
    struct fixture *fixture = *state;
    struct publication_outcome outcome;
    char path[256];

    fill(fixture);
    publish(fixture, &outcome);
    put_file(fixture, "data/table-old.csv", "old\n");
    put_file(fixture, "data/mine.csv", "mine\n");
    put_file(fixture, "keep.md", "keep\n");
    put_file(fixture, "data/manifest.json",
             "{\"version\":1,\"files\":[\"data/table-old.csv\",\"keep.md\",\"../keep.md\",\"data/../keep.md\",\"/etc/"
             "passwd\",\"RESULTS.md\"]}");
    publish(fixture, &outcome);
    assert_int_equal(outcome.deleted, 1);
    assert_false(file_exists(path_of(fixture, "data/table-old.csv", path)));
    assert_true(file_exists(path_of(fixture, "data/mine.csv", path)));
    assert_true(file_exists(path_of(fixture, "keep.md", path)));
    assert_true(file_exists(path_of(fixture, "RESULTS.md", path)));
}

/* Of three rows two have the bandwidth; the third has only a time, and stands in a table of its own. */
static void a_row_without_the_first_metric_has_its_chart(void **state)
{
    struct fixture *fixture = *state;
    struct publication_outcome outcome;
    autobuf struct buf text = BUF(1 << 20);

    sample_add(&fixture->results,
               &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 60});
    sample_add(&fixture->results,
               &(struct sample){.id = "sha256:bb", .chip = "Apple M2", .model = "m", BANDWIDTH, .value = 100});
    sample_add(&fixture->results, &(struct sample){.id = "sha256:cc",
                                                   .chip = "Apple M3",
                                                   .model = "m",
                                                   .metric = "inference_time",
                                                   .unit = "ms",
                                                   .direction = DIRECTION_LOWER,
                                                   .value = 4.5});
    finish(fixture);
    publish(fixture, &outcome);
    assert_int_equal(section_models(&fixture->report, &text, NULL), 0);
    contains(&text, "1 row has further metrics:");
    contains(&text, "| M3 | 4.50 |");
}

#define MANY 150

/* Chips × models grows faster than what people measure. */
static void coverage_of_many_lists_what_is_there(void **state)
{
    struct fixture *fixture = *state;
    autotable struct table table = {.caption = NULL};

    for (int i = 0; i < MANY; i++) {
        char id[32], chip[32], model[32];

        (void)snprintf(id, sizeof(id), "sha256:%d", i);
        (void)snprintf(chip, sizeof(chip), "Chip %d", i);
        (void)snprintf(model, sizeof(model), "model-%d", i);
        sample_add(&fixture->results, &(struct sample){.id = id, .chip = chip, .model = model, BANDWIDTH, .value = 1});
    }
    finish(fixture);
    assert_true(fixture->coverage.row_count * fixture->coverage.column_count > DATA_COVERAGE_MOST);
    assert_int_equal(data_coverage(&fixture->report, &table, NULL), 0);
    assert_int_equal(table.row_count, MANY);
}

static const char *find_file(const struct publication *publication, const char *prefix)
{
    for (size_t i = 0; i < publication->count; i++)
        if (text_starts_with(publication->files[i].path, prefix))
            return publication->files[i].path;
    return NULL;
}

/* GitHub shows no Markdown file that is very long. */
static void a_long_page_is_split_by_model(void **state)
{
    struct fixture *fixture = *state;
    autopublication struct publication split = {.count = 0}, whole = {.count = 0};
    struct publication_outcome outcome;
    char path[256];

    fill(fixture);
    fixture->report.results_most = 2000;
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &split, NULL), 0);
    const char *page = find_file(&split, "models/some-model-");

    assert_non_null(page);
    const char *results = split.files[publication_find(&split, PUBLICATION_RESULTS)].bytes;
    const char *text = split.files[publication_find(&split, page)].bytes;

    assert_true(strstr(results, page) != NULL && strstr(results, ": 1 workload\n") != NULL);
    assert_null(strstr(results, "#### "));
    assert_non_null(strstr(text, "srcset=\"../charts/some-model-"));
    assert_non_null(strstr(text, "\n[^n]: The source gives no run count"));
    assert_int_equal(publication_write(&split, fixture->folder, &outcome, NULL), 0);
    assert_true(file_exists(path_of(fixture, page, path)));
    /* When it is short again the pages go. */
    fixture->report.results_most = 0;
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &whole, NULL), 0);
    assert_int_equal(publication_write(&whole, fixture->folder, &outcome, NULL), 0);
    assert_int_equal(outcome.deleted, 1);
    assert_false(file_exists(path_of(fixture, page, path)));
}

static void footnotes_stand_in_the_order_of_their_use(void **state)
{
    struct fixture *fixture = *state;
    autobuf struct buf text = BUF(1 << 16);

    fill(fixture);
    fixture->comparisons.items[0].rows[0].figures[0].flagged = 1;
    buf_adds(&text, "1[^flag] 2[^n] 3[^flag]\n");
    assert_int_equal(section_footnotes(&fixture->report, &text, NULL), 0);
    assert_non_null(strstr(text.data, "3[^flag]\n[^flag]: A plausibility check"));
}

/* A name of a stranger in an alternative text is no reference. */
static void what_looks_like_a_footnote_is_none(void **state)
{
    struct fixture *fixture = *state;
    autobuf struct buf text = BUF(1 << 16);

    sample_add(&fixture->results,
               &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 60, .n = 3});
    finish(fixture);
    buf_adds(&text, "<img alt=\"[^flag] [^n]\">\n");
    assert_int_equal(section_footnotes(&fixture->report, &text, NULL), 0);
    assert_non_null(strstr(text.data, "\nNo footnotes.\n"));
}

/* A folder or a file that is a link elsewhere must not be followed. */
static void links_are_not_followed(void **state)
{
    struct fixture *fixture = *state;
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome outcome;
    char path[256], elsewhere[256];
    struct err err;

    fill(fixture);
    publish(fixture, &outcome);
    put_file(fixture, "victim", "precious\n");
    assert_int_equal(unlink(path_of(fixture, "RESULTS.md", path)), 0);
    assert_int_equal(symlink("victim", path), 0);
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &publication, &err), -ERR_CANNOT_WRITE);
    assert_true(strstr(err.path, "RESULTS.md") != NULL && err.hint[0] != '\0');
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(path_of(fixture, "data/README.md", path)), 0);
    assert_int_equal(symlink("../victim", path), 0);
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &publication, NULL), 0);
    assert_int_equal(publication_write(&publication, fixture->folder, &outcome, &err), -ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.path, "data/README.md"));
    assert_false(file_exists(path_of(fixture, "RESULTS.md", path))); /* nothing was put into place */
    assert_int_equal(unlink(path_of(fixture, "data/README.md", path)), 0);
    publication_done(&publication);
    autobuf struct buf victim = BUF(1 << 16);

    assert_int_equal(file_read(path_of(fixture, "victim", path), &victim, NULL), 0);
    assert_string_equal(buf_text(&victim), "precious\n");
    nftw(path_of(fixture, "charts", path), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(path_of(fixture, "elsewhere", elsewhere), 0755), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &publication, NULL), 0);
    assert_int_equal(publication_write(&publication, fixture->folder, &outcome, &err), -ERR_CANNOT_WRITE);
    assert_int_equal(rmdir(elsewhere), 0); /* still empty */
}

static void a_folder_that_cannot_be_made(void **state)
{
    struct fixture *fixture = *state;
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome outcome;
    char path[256];
    struct err err;

    fill(fixture);
    put_file(fixture, "file", "x");
    assert_int_equal(publication_make(&fixture->report, fixture->folder, &publication, NULL), 0);
    assert_int_equal(publication_write(&publication, path_of(fixture, "file/below", path), &outcome, &err),
                     -ERR_CANNOT_WRITE);
    assert_true(err.hint[0] != '\0');
}

/* ---- the samples: what the demo shows */

static void the_page_that_mixed_two_models(void **state)
{
    struct fixture *fixture = *state;
    static const char *const paths[] = {
        "tests/data/samples/anemll-bench/page-as-published.json", "tests/data/samples/anemll-bench/m1-max.json",
        "tests/data/samples/anemll-bench/m4-pro.json", "tests/data/samples/anemll-bench/m2.json",
        "tests/data/samples/anemll-bench/m2.json"};
    autobuf struct buf text = BUF(1 << 20);

    assert_int_equal(from_files(&fixture->results, paths, 5, NULL), 0);
    finish(fixture);
    assert_int_equal(result_set_count_state(&fixture->results, STATE_QUARANTINED), 13);
    assert_int_equal(result_set_count_state(&fixture->results, STATE_ACCEPTED),
                     3); /* the second m2.json is the first */
    assert_int_equal(fixture->results.finding_count, 13);
    assert_int_equal(fixture->comparisons.count, 2);
    assert_int_equal(section_quality(&fixture->report, &text, NULL), 0);
    contains(
        &text,
        "13 runs of `llama_lm_head` (anemll-bench) give bandwidth × time of 0.41–0.52 GB, where the model has 1.05 GB");
    contains(
        &text,
        "3 of the 13 times stand among the accepted results under `llama_lm_head_lut6`, and 3 of the 13 bandwidths "
        "under `llama_lm_head`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_replaced_and_words_survive),
        cmocka_unit_test(merging_again_changes_nothing),
        cmocka_unit_test(broken_markers_are_told_with_their_line),
        cmocka_unit_test_setup_teardown(sections_say_what_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(data_without_dates_say_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(publishing_twice_writes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stale_files_go_and_others_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_without_the_first_metric_has_its_chart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(coverage_of_many_lists_what_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_page_is_split_by_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(footnotes_stand_in_the_order_of_their_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_looks_like_a_footnote_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_are_not_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_that_mixed_two_models, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("analyze_publish", tests, NULL, NULL);
}
