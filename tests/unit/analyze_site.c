#include "tests/unit/analyze_site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/data/baseline.h"
#include "analyze/report/badges.h"
#include "analyze/report/feed.h"
#include "analyze/site/site.h"
#include "schema/base/str.h"

void site_of_publisher(struct result_set *results, const char *contact, struct publication *ret)
{
    static const struct baseline_rules none = {NULL, NULL, 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autocoverage struct coverage coverage = {.row_count = 0};

    assert_int_equal(result_set_finish(results, NULL), 0);
    assert_int_equal(comparison_build(results, NULL, &set, NULL), 0);
    assert_int_equal(baseline_apply(&set, &none, NULL), 0);
    assert_int_equal(coverage_compute(&set, result_set_newest(results), &coverage, NULL), 0);
    const struct report report = {.results = results, .comparisons = &set, .coverage = &coverage, .contact = contact};

    assert_int_equal(publication_make(&report, "/nonexistent", ret, NULL), 0);
    assert_int_equal(badges_make(&report, ret, NULL), 0);
    assert_int_equal(site_make(&report, ret, NULL), 0);
    assert_int_equal(feed_make(&report, site_submission_address, ret, NULL), 0);
}

void site_of(struct result_set *results, struct publication *ret)
{
    site_of_publisher(results, NULL, ret);
}

const struct publication_file *page_of(const struct publication *publication, const char *prefix)
{
    for (size_t i = 0; i < publication->count; i++)
        if (text_starts_with(publication->files[i].path, prefix))
            return &publication->files[i];
    fail_msg("there is no %s", prefix);
    return NULL;
}

size_t occurrences(const char *text, const char *needle)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, needle)) != NULL; at += strlen(needle))
        count++;
    return count;
}
