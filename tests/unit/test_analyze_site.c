/* The site: which pages there are, and that texts of strangers stay texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/site/site.h"
#include "schema/base/str.h"
#include "schema/text/table.h"
#include "tests/unit/analyze_site.h"

#define HOSTILE "</script><img src=x onerror=alert(1)>\"'&|../..\n<b>"

static void chips_models_families_and_pairs_have_pages(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    sample_add(&results, &(struct sample){
                             .id = "sha256:aa", .chip = "Apple M1", .model = "some_model", BANDWIDTH, .value = 60.87});
    sample_add(
        &results,
        &(struct sample){.id = "sha256:bb", .chip = "Apple M1 Max", .model = "some_model", BANDWIDTH, .value = 54.62});
    sample_add(&results, &(struct sample){.id = "sha256:cc",
                                          .chip = "Apple M1 Pro",
                                          .model = "some_model",
                                          BANDWIDTH,
                                          .value = 99.5,
                                          .state = STATE_QUARANTINED});
    sample_add(&results,
               &(struct sample){.id = "sha256:dd", .chip = "Apple M1", .model = "alone", BANDWIDTH, .value = 7});
    site_of(&results, &publication);
    assert_int_equal(occurrences(page_of(&publication, "data/figures.ndjson")->bytes, "\n"), 3);
    assert_non_null(page_of(&publication, "site/chip-apple-m1-max-"));
    const char *family = page_of(&publication, "site/family-apple-m1-")->bytes;

    assert_int_equal(occurrences(family, "<th scope=\"col\""), 3); /* chip, models, and the model that two have */
    assert_non_null(strstr(family, "Left out: 1 model that no two of these chips have in common."));
    assert_non_null(strstr(page_of(&publication, "site/model-some-model-")->bytes, "data-v=\"60.87\""));
    const struct publication_file *pair = page_of(&publication, "site/compare-m1-vs-m1-max-");

    assert_non_null(strstr(pair->bytes, "n/t"));
    assert_null(strstr(pair->bytes, "<td>better"));
    /* The quarantined one has a page, and enters no figure. */
    assert_int_equal(occurrences(page_of(&publication, "site/submissions.html")->bytes, "quarantined"), 1);
    assert_null(strstr(page_of(&publication, "site/model-some-model-")->bytes, "99.5"));
}

static void a_family_begins_with_what_most_of_it_have(void **state)
{
    static const struct {
        const char *id, *chip, *model;
    } given[] = {{"1", "Apple M1", "alpha"},
                 {"2", "Apple M1 Pro", "alpha"},
                 {"3", "Apple M1", "beta"},
                 {"4", "Apple M1 Pro", "beta"},
                 {"5", "Apple M1 Max", "beta"}};
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (size_t i = 0; i < ARRAY_LENGTH(given); i++)
        sample_add(&results,
                   &(struct sample){
                       .id = given[i].id, .chip = given[i].chip, .model = given[i].model, BANDWIDTH, .value = 9.87});
    results.results[4].value = 123.456;
    site_of(&results, &publication);
    const char *family = page_of(&publication, "site/family-apple-m1-")->bytes;

    assert_true(strstr(family, ">beta: Memory") < strstr(family, ">alpha: Memory"));
    /* A column has one count of decimals. */
    assert_non_null(strstr(family, ">123.46</td>"));
    assert_int_equal(occurrences(family, ">9.87</td>"), 4);
    /* Three chips of a family of dozens make nobody ask for the others. */
    const char *coverage = page_of(&publication, "data/coverage.csv")->bytes;

    assert_int_equal(occurrences(coverage, ",\"have\","), 5);
    assert_int_equal(occurrences(coverage, ",\"need\","), 0);
    assert_true(occurrences(coverage, ",\"none\",") > 0);
}

/* Eight models beside one another are what a screen and a sheet of paper hold. */
static void a_family_of_many_models_has_several_tables(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (size_t i = 0; i < 18; i++) {
        autobuf struct buf id = BUF(64), model = BUF(64);

        buf_addf(&id, "sha256:%zu", i);
        buf_addf(&model, "model %zu", i / 2);
        sample_add(&results, &(struct sample){.id = buf_text(&id),
                                              .chip = i % 2 == 0 ? "Apple M1" : "Apple M1 Max",
                                              .model = buf_text(&model),
                                              BANDWIDTH,
                                              .value = 60});
    }
    site_of(&results, &publication);
    const char *family = page_of(&publication, "site/family-apple-m1-")->bytes;

    assert_int_equal(occurrences(family, "<table id=\"members"), 2);
    assert_int_equal(occurrences(family, ">model "), 9);
    assert_non_null(strstr(family, "of each chip the best row; models 1 to 8 of 9</caption>"));
    assert_non_null(strstr(family, "<table id=\"members-2\""));
    assert_non_null(strstr(family, "; models 9 to 9 of 9</caption>"));
}

/* As the tables that it enters name it: also without a model. */
static void a_submission_names_its_work(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    sample_add(&results,
               &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .task = "build", BANDWIDTH, .value = 60});
    site_of(&results, &publication);
    const char *page = page_of(&publication, "site/submission-sha256-aa-")->bytes;

    assert_non_null(strstr(page, "unnamed model, build</td>"));
    assert_non_null(strstr(page_of(&publication, "feed.xml")->bytes, "Apple M1: unnamed model, build, 60.0 GB/s"));
}

static void workloads_of_a_model_are_told_in_words(void **state)
{
    static const char *const tasks[] = {"tg128", "pp512+tg128", "lm_head", NULL};
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (size_t i = 0; i < ARRAY_LENGTH(tasks); i++)
        sample_add(&results, &(struct sample){.id = tasks[i] != NULL ? tasks[i] : "none",
                                              .chip = "Apple M1",
                                              .model = "m",
                                              .task = tasks[i],
                                              BANDWIDTH,
                                              .value = 60});
    site_of(&results, &publication);
    const char *model = page_of(&publication, "site/model-m-")->bytes;

    assert_non_null(strstr(model, "\">tg128: generating 128 tokens</h2>"));
    assert_non_null(strstr(model, "\">pp512+tg128</h2>"));
    assert_non_null(strstr(model, "\">lm_head: one pass through the last layer of a model</h2>"));
    assert_non_null(strstr(model, "\">Memory bandwidth</h2>"));
    assert_non_null(strstr(model, "aria-label=\"Chart: Memory bandwidth, m, tg128\""));
    assert_non_null(strstr(model, "aria-label=\"Chart: Memory bandwidth, m, lm_head\""));
}

/* The first page links to what would make it long, and a row of the list of chips names some of its models. */
static void many_models_and_tools_are_linked(void **state)
{
    enum { MODELS = 41, TOOLS = 4 };
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    for (int i = 0; i < MODELS; i++) {
        char model[32], tool[32];

        (void)snprintf(model, sizeof(model), "model-%02d", i);
        (void)snprintf(tool, sizeof(tool), "tool-%d", i % TOOLS);
        sample_add(
            &results,
            &(struct sample){.id = model, .chip = "Apple M1", .model = model, .tool = tool, BANDWIDTH, .value = 60});
    }
    site_of(&results, &publication);
    const char *home = page_of(&publication, "site/index.html")->bytes;
    const char *find = page_of(&publication, "site/find.html")->bytes;

    assert_non_null(strstr(home, "<a href=\"find.html#models\">All 41 models and quantizations</a>"));
    assert_int_equal(occurrences(home, "href=\"model-"), TOOLS);
    assert_int_equal(occurrences(find, "href=\"model-"), MODELS);
    assert_non_null(strstr(find, "<td>model-00; model-04; "));
    assert_non_null(strstr(find, "; model-33; and 21 more</td>"));
}

static void texts_of_strangers_stay_texts(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    sample_add(&results, &(struct sample){.id = "sha256:aa",
                                          .chip = HOSTILE "chip",
                                          .model = HOSTILE "model",
                                          .tool = HOSTILE "tool",
                                          .task = HOSTILE "task",
                                          .quantization = HOSTILE,
                                          .backend = HOSTILE "backend",
                                          BANDWIDTH,
                                          .value = 1});
    sample_add(&results, &(struct sample){.id = "sha256:bb",
                                          .chip = HOSTILE "other",
                                          .model = HOSTILE "model",
                                          .tool = HOSTILE "tool",
                                          .task = HOSTILE "task",
                                          .quantization = HOSTILE,
                                          .backend = HOSTILE "backend",
                                          BANDWIDTH,
                                          .value = 2});
    site_of(&results, &publication);
    for (size_t i = 0; i < publication.count; i++) {
        const struct publication_file *file = &publication.files[i];

        assert_int_equal(strspn(file->path, "abcdefghijklmnopqrstuvwxyz0123456789-._/READMESULT"), strlen(file->path));
        assert_null(strstr(file->path, ".."));
        if (!text_ends_with(file->path, ".html"))
            continue;
        assert_int_equal(occurrences(file->bytes, "<img src=x"), 0);
        assert_int_equal(occurrences(file->bytes, "<b>"), 0);
        /* One script at the end, and the figures of the page that compares any two. */
        assert_int_equal(occurrences(file->bytes, "</script"), occurrences(file->bytes, "\n<script"));
        assert_true(occurrences(file->bytes, "</script") <= 2);
    }
}

static void pages_are_allowed_their_own_script_only(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    site_of(&results, &publication); /* no data at all */
    const char *home = page_of(&publication, "site/index.html")->bytes;

    assert_non_null(strstr(
        home, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:; style-src 'sha256-"));
    assert_non_null(strstr(home, "script-src 'sha256-"));
    assert_null(strstr(home, "unsafe"));
    assert_non_null(strstr(home, "0 chips"));
}

static void tables_hold_exact_values_beside_shown_ones(void **state)
{
    autotable struct table table;
    autobuf struct buf text = BUF(1 << 16);

    (void)state;
    table_init(&table, NULL);
    table_column_for_people(&table, "Chip", ALIGN_LEFT);
    table_column_for_people(&table, "GB/s", ALIGN_RIGHT);
    table_column(&table, "hidden", NULL, ALIGN_RIGHT);
    table_column_for_people(&table, "vs x", ALIGN_RIGHT);
    table_factor_of(&table, 1, false);
    table_row(&table);
    table_put_text(&table, "<a>");
    table_put_number(&table, 1.25, 1, NULL);
    table_put_integer(&table, 3);
    table_put_missing(&table);
    table_print_html(&table, &(struct table_html){.id = "t", .caption = "a & b", .base_row = 0}, &text);
    assert_string_equal(
        buf_text(&text),
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"a &amp; b\">\n"
        "<table id=\"t\" data-base=\"0\">\n<caption>a &amp; b</caption>\n<thead>\n<tr>"
        "<th scope=\"col\">Chip</th><th scope=\"col\" class=\"n\">GB/s</th>"
        "<th scope=\"col\" class=\"n\" data-value=\"1\" data-better=\"-1\">vs x</th></tr>\n</thead>\n<tbody>\n"
        "<tr><th scope=\"row\">&lt;a&gt;</th><td class=\"n\" data-v=\"1.25\">1.2</td>"
        "<td class=\"n\" data-v=\"\"><span aria-label=\"missing\" role=\"img\">–</span></td></tr>\n"
        "</tbody>\n</table>\n</div>\n");
}

/* ---- badges, feed */

static void add_two(struct result_set *results)
{
    result_set_init(results);
    sample_add(results, &(struct sample){.id = "sha256:aa",
                                         .chip = "Apple M1",
                                         .model = "some_model",
                                         BANDWIDTH,
                                         .value = 60.87,
                                         .ran_at = "2025-03-01T00:00:00Z"});
    sample_add(results, &(struct sample){.id = "sha256:bb",
                                         .chip = "Apple M4 Max",
                                         .model = HOSTILE,
                                         .task = "]]>",
                                         BANDWIDTH,
                                         .value = 118.88,
                                         .ran_at = "2025-03-09T18:59:02Z"});
    sample_add(
        results,
        &(struct sample){.id = "sha256:cc", .chip = "Apple M4 Max", .model = "some_model", BANDWIDTH, .value = 118.88});
}

static void badges_say_what_a_factor_is_of(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    add_two(&results);
    site_of(&results, &publication);
    const struct publication_file *badge = page_of(&publication, "badges/m4-max-");

    assert_non_null(strstr(badge->bytes, ">M4 Max · some_model</text>"));
    assert_non_null(strstr(badge->bytes, ">119 GB/s · 2.0× M1</text>"));
    assert_non_null(strstr(badge->bytes, "; Memory bandwidth, some_model (bench); "));
    assert_non_null(strstr(page_of(&publication, "site/chip-apple-m4-max-")->bytes,
                           "<code>![M4 Max: Memory bandwidth, some_model (bench)](badges/m4-max-"));
    assert_non_null(strstr(badge->bytes, "number of runs not known, 1 device</title>"));
    assert_non_null(strstr(page_of(&publication, "badges/m1-")->bytes, ">60.9 GB/s</text>"));
}

/* Of a single workload every chip has a figure: its name would say nothing in the picture. */
static void a_badge_of_the_only_workload_is_short(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    sample_add(&results,
               &(struct sample){.id = "sha256:aa", .chip = "Apple M1", .model = "some_model", BANDWIDTH, .value = 60});
    site_of(&results, &publication);
    const char *badge = page_of(&publication, "badges/m1-")->bytes;

    assert_non_null(strstr(badge, ">M1</text>"));
    assert_non_null(strstr(badge, "Memory bandwidth, some_model (bench)"));
}

static void who_publishes_is_named_where_asked(void **state)
{
    static const struct {
        const char *contact, *on_pages, *in_results;
    } given[] = {{NULL, NULL, NULL},
                 {"Ada <b>, ada@example.org", "Ada &lt;b&gt;, ada@example.org", "| Contact | Ada &#60;b&#62;, ada"},
                 {"https://example.org/?a&b", "<a href=\"https://example.org/?a&amp;b\">", "| Contact | https"},
                 {"javascript:alert(1)", "publishes these pages: javascript:alert(1)</p>", "| Contact | javascript"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(given); i++) {
        autoset struct result_set results;
        autopublication struct publication publication = {.count = 0};

        result_set_init(&results);
        site_of_publisher(&results, given[i].contact, &publication);
        const char *page = page_of(&publication, "site/contribute.html")->bytes;
        const char *text = page_of(&publication, "RESULTS.md")->bytes;

        if (given[i].contact == NULL) {
            assert_null(strstr(page, "Who publishes these pages"));
            assert_null(strstr(text, "| Contact |"));
            continue;
        }
        assert_non_null(strstr(page, given[i].on_pages));
        assert_non_null(strstr(page_of(&publication, "site/method.html")->bytes, "<dt>Contact</dt>"));
        assert_non_null(strstr(text, given[i].in_results));
    }
}

static void the_feed_has_the_newest_first(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    add_two(&results);
    site_of(&results, &publication);
    const char *feed = page_of(&publication, "feed.xml")->bytes;
    const char *newest = strstr(feed, "<updated>2025-03-09T18:59:02Z</updated>\n<summary>");

    assert_non_null(newest);
    assert_true(newest < strstr(feed, "<updated>2025-03-01T00:00:00Z</updated>"));
    assert_int_equal(occurrences(feed, "<entry>"), 3);
    assert_int_equal(occurrences(feed, "it states no time"), 1);
    assert_null(strstr(feed, "<img"));
}

/* Ids say nothing about time: the pages go to what was received last, and no link leads to a page that is not there. */
static void the_newest_submissions_have_pages(void **state)
{
    enum { MORE = 5, COUNT = SITE_SUBMISSIONS_MAX + MORE };
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};
    size_t pages = 0;

    (void)state;
    result_set_init(&results);
    for (int i = 0; i < COUNT; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "sha256:%05d", i);
        sample_add(&results, &(struct sample){.id = id,
                                              .chip = "Apple M1",
                                              .model = "some_model",
                                              BANDWIDTH,
                                              .value = 60,
                                              .ran_at = i < COUNT - 1 ? NULL : "2025-03-01T00:00:00Z"});
        results.submissions[i].received_us = COUNT - i;
    }
    site_of(&results, &publication);
    for (size_t i = 0; i < publication.count; i++)
        pages += text_starts_with(publication.files[i].path, "site/submission-") ? 1 : 0;
    assert_int_equal(pages, SITE_SUBMISSIONS_MAX);
    (void)page_of(&publication, "site/submission-sha256-00000");
    for (int i = COUNT - MORE; i < COUNT; i++) {
        char path[64];

        (void)snprintf(path, sizeof(path), "site/submission-sha256-%05d", i);
        for (size_t j = 0; j < publication.count; j++)
            assert_false(text_starts_with(publication.files[j].path, path));
    }
    /* Measured last, received first: the feed names it all the same. */
    const char *feed = page_of(&publication, "feed.xml")->bytes;

    assert_int_equal(occurrences(feed, "<link href=\"site/submissions.html\"/>"), 1);
    assert_non_null(strstr(feed, "<link href=\"site/submission-sha256-00000"));
}

/* Two machines in one file, and two variants of one chip. */
static void parts_and_variants_are_told_apart(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};
    const char *const id = "sha256:aaaaaaaaaaaaaaaa#2", *const other = "sha256:aaaaaaaaaaaaaaaa";

    (void)state;
    result_set_init(&results);
    sample_add(
        &results,
        &(struct sample){.id = other, .chip = "Apple M2 (8C/8G)", .model = "m", .task = "tg9", BANDWIDTH, .value = 50});
    sample_add(
        &results,
        &(struct sample){.id = id, .chip = "Apple M2 (8C/10G)", .model = "m", .task = "tg9", BANDWIDTH, .value = 60});
    sample_add(&results,
               &(struct sample){
                   .id = "sha256:bb", .chip = "Apple M2 Pro", .model = "m", .task = "tg9", BANDWIDTH, .value = 70});
    site_of(&results, &publication);
    const char *list = page_of(&publication, "site/submissions.html")->bytes;

    assert_int_equal(occurrences(list, ">sha256:aaaaaaaaaaaa#2</a>"), 1);
    assert_int_equal(occurrences(list, ">sha256:aaaaaaaaaaaa</a>"), 1);
    assert_non_null(strstr(page_of(&publication, "site/compare-m2-vs-m2-pro-")->bytes,
                           "M2 pools runs that differ in variant (8C/8G, 8C/10G).</p>"));
    assert_non_null(
        strstr(page_of(&publication, "data/coverage.csv")->bytes, "\"Apple M2\",\"M2\",\"bench\",\"m\",,\"have\",2,"));
}

static void no_two_files_have_one_path(void **state)
{
    autoset struct result_set results;
    autopublication struct publication publication = {.count = 0};

    (void)state;
    result_set_init(&results);
    /* One generation, three families. */
    static const char *const chips[] = {"NVIDIA A100", "NVIDIA GeForce RTX 3080", "NVIDIA RTX A6000"};

    for (size_t i = 0; i < ARRAY_LENGTH(chips); i++)
        sample_add(&results, &(struct sample){.id = chips[i], .chip = chips[i], .model = "m", BANDWIDTH, .value = 500});
    site_of(&results, &publication);
    for (size_t i = 0; i < publication.count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(publication.files[i].path, publication.files[j].path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chips_models_families_and_pairs_have_pages),
        cmocka_unit_test(a_family_begins_with_what_most_of_it_have),
        cmocka_unit_test(a_family_of_many_models_has_several_tables),
        cmocka_unit_test(a_submission_names_its_work),
        cmocka_unit_test(workloads_of_a_model_are_told_in_words),
        cmocka_unit_test(many_models_and_tools_are_linked),
        cmocka_unit_test(texts_of_strangers_stay_texts),
        cmocka_unit_test(pages_are_allowed_their_own_script_only),
        cmocka_unit_test(badges_say_what_a_factor_is_of),
        cmocka_unit_test(a_badge_of_the_only_workload_is_short),
        cmocka_unit_test(who_publishes_is_named_where_asked),
        cmocka_unit_test(the_feed_has_the_newest_first),
        cmocka_unit_test(the_newest_submissions_have_pages),
        cmocka_unit_test(parts_and_variants_are_told_apart),
        cmocka_unit_test(no_two_files_have_one_path),
        cmocka_unit_test(tables_hold_exact_values_beside_shown_ones),
    };

    return cmocka_run_group_tests_name("analyze_site", tests, NULL, NULL);
}
