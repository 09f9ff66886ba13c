/* Pages of two chips and of two versions of a tool: which there are, and what they say of their sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schema/base/str.h"
#include "tests/unit/analyze_site.h"

/* And the pages say so where someone would look for one. */
static void pairs_with_nothing_in_common_have_no_page(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (size_t i = 0; i < 2; i++)
        sample_add(&results, &(struct sample){.id = i == 0 ? "sha256:aa" : "sha256:bb",
                                              .chip = i == 0 ? "Apple M1" : "NVIDIA A100",
                                              .model = i == 0 ? "m" : "n",
                                              BANDWIDTH,
                                              .value = 60 + (double)i});
    site_of(&results, &publication);
    for (size_t i = 0; i < publication.count; i++) {
        assert_false(text_starts_with(publication.files[i].path, "site/compare-"));
        if (text_ends_with(publication.files[i].path, ".html"))
            assert_null(strstr(publication.files[i].bytes, "href=\"compare-"));
    }
    const char *compare = page_of(&publication, "site/compare.html")->bytes;

    assert_non_null(strstr(compare, "\"pages\":{}"));
    assert_non_null(strstr(compare, "ran the same work with the same lengths: no pair has a page."));
    assert_non_null(
        strstr(page_of(&publication, "site/chip-apple-m1-")->bytes, "No other chip here ran the same work"));
}

static void add_on(struct result_set *results, const char *chip, const char *backend, const char *task, double value)
{
    autobuf struct buf id = BUF(256);

    buf_addf(&id, "sha256:%s%s%s", chip, backend, task);
    sample_add(results, &(struct sample){.id = buf_text(&id),
                                         .chip = chip,
                                         .model = "Llama 2 7B",
                                         .quantization = "Q4_0",
                                         .backend = backend,
                                         .task = task,
                                         BANDWIDTH,
                                         .value = value});
}

/* Each chip has one backend: what is compared is chip and backend together, and the page says so. */
static void a_pair_names_the_backends_that_differ(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    add_on(&results, "Apple M4 Max", "Metal", "tg128", 83);
    add_on(&results, "NVIDIA GeForce RTX 4090", "CUDA", "tg128", 190);
    add_on(&results, "Apple M4", "Metal", "tg128", 24);
    site_of(&results, &publication);
    const char *pair = page_of(&publication, "site/compare-m4-max-vs-rtx-4090-")->bytes;

    assert_non_null(strstr(pair, "<h1>M4 Max with Metal and RTX 4090 with CUDA</h1>"));
    assert_non_null(strstr(pair, "<caption>RTX 4090 with CUDA against M4 Max with Metal; "));
    assert_non_null(strstr(pair, "a factor here is of chip and backend together.</p>"));
    const char *like = page_of(&publication, "site/compare-m4-vs-m4-max-")->bytes;

    assert_non_null(strstr(like, "<h1>M4 and M4 Max</h1>"));
    assert_null(strstr(like, "together"));
    assert_non_null(strstr(like, ">Verdict on M4 Max</th>"));
    assert_non_null(strstr(like, ">Llama 2 7B Q4_0, tg128, Metal (bench): Memory bandwidth, GB/s</a>"));
}

/* Of each its best, as where any two are chosen; the page says which, and how they were chosen. */
static void a_pair_without_a_common_backend_compares_the_best(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    add_on(&results, "Apple M4 Max", "Metal", "tg128", 83);
    add_on(&results, "NVIDIA GeForce RTX 4090", "CUDA", "tg128", 190);
    add_on(&results, "NVIDIA GeForce RTX 4090", "Vulkan", "tg128", 170);
    site_of(&results, &publication);
    const char *pair = page_of(&publication, "site/compare-m4-max-vs-rtx-4090-")->bytes;

    assert_non_null(strstr(pair, "<h1>M4 Max with Metal and RTX 4090 with CUDA</h1>"));
    assert_non_null(strstr(pair, "data-v=\"190\""));
    assert_null(strstr(pair, "data-v=\"170\""));
    assert_non_null(strstr(pair, "<p class=\"note\">The two share no backend: of each stands the one that is best in "
                                 "Llama 2 7B Q4_0, tg128 (bench); the pages of the chips have the others.</p>"));
}

/* A chip that ran a second tool on another backend still has one in what the other ran too. */
static void a_second_tool_keeps_no_pair_apart(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    add_on(&results, "Apple M2 Ultra", "Metal", "tg128", 94);
    add_on(&results, "NVIDIA GeForce RTX 4070", "Vulkan", "tg128", 92);
    sample_add(&results, &(struct sample){.id = "sha256:other",
                                          .chip = "Apple M2 Ultra",
                                          .tool = "anemll-bench",
                                          .model = "llama_lm_head",
                                          .backend = "ANE",
                                          BANDWIDTH,
                                          .value = 62});
    site_of(&results, &publication);
    const char *pair = page_of(&publication, "site/compare-m2-ultra-vs-rtx-4070-")->bytes;

    assert_non_null(strstr(pair, "<h1>M2 Ultra with Metal and RTX 4070 with Vulkan</h1>"));
    assert_null(strstr(pair, "share no backend"));
}

/* In a cell a mark; why there is no verdict stands once below the table, and so do the words of a task. */
static void a_pair_explains_its_marks_once(void **state)
{
    static const double few[] = {60, 61, 62};
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (int i = 0; i < 2; i++)
        sample_add(&results, &(struct sample){.id = i == 0 ? "sha256:aa" : "sha256:bb",
                                              .chip = i == 0 ? "Apple M1" : "Apple M2",
                                              .model = "m",
                                              .task = "pp512",
                                              BANDWIDTH,
                                              .value = 61,
                                              .n = 3,
                                              .samples = few,
                                              .sample_count = 3});
    for (int i = 0; i < 4; i++)
        add_on(&results, i % 2 == 0 ? "Apple M1" : "Apple M2", "Metal", i < 2 ? "tg128" : "tg64", 20 + i);
    site_of(&results, &publication);
    const char *pair = page_of(&publication, "site/compare-m1-vs-m2-")->bytes;

    assert_int_equal(occurrences(pair, "<td>n/t (a)</td>") + occurrences(pair, "<td>n/t (b)</td>"), 3);
    assert_int_equal(occurrences(pair, "not tested: a side has one value and no samples.</p>"), 1);
    assert_int_equal(occurrences(pair, "not tested: fewer than 6 values on a side.</p>"), 1);
    assert_int_equal(occurrences(pair, "n_gen"), 0);
    assert_int_equal(occurrences(pair, "generating 128 tokens"), 1);
    assert_int_equal(occurrences(pair, "reading a prompt of 512 tokens"), 1);
}

/* ---- versions */

/* It changes only when what it shows does. */
static void a_page_of_two_has_no_date_of_all_data(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    add_on(&results, "Apple M1", "Metal", "tg128", 20);
    add_on(&results, "Apple M2", "Metal", "tg128", 21);
    site_of(&results, &publication);
    assert_null(strstr(page_of(&publication, "site/compare-m1-vs-m2-")->bytes, "Data without dates"));
    assert_non_null(strstr(page_of(&publication, "site/index.html")->bytes, "Data without dates"));
    assert_non_null(strstr(page_of(&publication, "site/compare.html")->bytes, "Data without dates"));
}

static void add_version(struct result_set *results, const char *id, const char *version, const char *chip, double value)
{
    sample_add(results,
               &(struct sample){
                   .id = id, .tool_version = version, .chip = chip, .model = "some_model", BANDWIDTH, .value = value});
}

static void two_versions_stand_side_by_side(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    add_version(&results, "sha256:aa", "b9", "Apple M1", 60);
    add_version(&results, "sha256:bb", "b10", "Apple M1", 66);
    add_version(&results, "sha256:cc", "b11", "Apple M2", 99); /* nothing in common */
    add_version(&results, "sha256:dd", NULL, "Apple M1", 50);
    site_of(&results, &publication);
    const char *list = page_of(&publication, "site/versions.html")->bytes;
    const char *pair = page_of(&publication, "site/versions-bench-b9-vs-b10-")->bytes;

    assert_int_equal(occurrences(list, "<a href=\"versions-"), 1);
    assert_non_null(strstr(list, ">bench: b9 and b10</a>"));
    assert_non_null(strstr(pair, "data-v=\"60\">60.0</td>"));
    assert_non_null(strstr(pair, "data-v=\"66\">66.0</td>"));
    assert_non_null(strstr(pair, ">1.1×</td>"));
    assert_non_null(strstr(pair, "<td>n/t</td>"));
    assert_null(strstr(pair, "data-v=\"50\""));
    assert_non_null(strstr(page_of(&publication, "site/compare.html")->bytes, "href=\"versions.html\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_with_nothing_in_common_have_no_page),
        cmocka_unit_test(a_pair_names_the_backends_that_differ),
        cmocka_unit_test(a_pair_without_a_common_backend_compares_the_best),
        cmocka_unit_test(a_second_tool_keeps_no_pair_apart),
        cmocka_unit_test(a_pair_explains_its_marks_once),
        cmocka_unit_test(a_page_of_two_has_no_date_of_all_data),
        cmocka_unit_test(two_versions_stand_side_by_side),
    };

    return cmocka_run_group_tests_name("analyze_site_pairs", tests, NULL, NULL);
}
