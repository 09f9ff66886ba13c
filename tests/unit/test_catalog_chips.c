/* The table of chips: every row sound, every chip found by its own name, the order, variants by facts, names for
 * charts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

static bool one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

static void rows_are_sound(void **state)
{
    static const char *const kinds[] = {"soc", "cpu", "gpu", "npu", NULL};
    size_t count;
    const struct chip *chips = catalog_chips(&count);

    (void)state;
    assert_true(count > 500);
    for (size_t i = 0; i < count; i++) {
        const struct chip *chip = &chips[i];
        if (text_is_empty(chip->name) || text_is_empty(chip->vendor) || text_is_empty(chip->source) ||
            !one_of(chip->kind, kinds))
            fail_msg("row %zu (%s) lacks a name, vendor, source or kind", i + 2, chip->name);
        if (chip->year != 0 && (chip->year < 2000 || chip->year > 2026))
            fail_msg("%s: year %d", chip->name, chip->year);
        /* Slowest: DDR3 of one channel; fastest: eight stacks of HBM3e. */
        if (!isnan(chip->bandwidth_gb_s) && (chip->bandwidth_gb_s < 6 || chip->bandwidth_gb_s > 8000))
            fail_msg("%s: %g GB/s", chip->name, chip->bandwidth_gb_s);
        if (chip->cpu_cores < 0 || chip->cpu_cores > 512 || chip->gpu_cores < 0 || chip->gpu_cores > 512)
            fail_msg("%s: cores", chip->name);
    }
}

static void no_doubles_and_together(void **state)
{
    size_t count;
    const struct chip *chips = catalog_chips(&count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            if (strcmp(chips[i].name, chips[k].name) != 0)
                continue;
            if (strcmp(chips[i].variant, chips[k].variant) == 0)
                fail_msg("%s %s stands twice", chips[i].name, chips[i].variant);
            if (strcmp(chips[k - 1].name, chips[k].name) != 0)
                fail_msg("entries of %s do not stand together", chips[i].name);
            if (chips[k].variant[0] == '\0')
                fail_msg("%s has several entries, one without a variant", chips[k].name);
        }
}

static void finds_every_chip_by_its_name(void **state)
{
    size_t count;
    const struct chip *chips = catalog_chips(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct chip_match match;
        catalog_match_chip(chips[i].name, NULL, &match);
        if (!text_equal(match.chip, chips[i].name))
            fail_msg("'%s' gave %s", chips[i].name, match.chip ? match.chip : "none");
        assert_ptr_equal(catalog_chip(chips[i].name, chips[i].variant), &chips[i]);
    }
    assert_null(catalog_chip("Apple M1", "9C/9G"));
    assert_null(catalog_chip("apple m1", "8C/8G"));
    assert_null(catalog_chip(NULL, NULL));
    assert_string_equal(catalog_chip("Apple M1", NULL)->variant, "8C/7G");
}

/* Published ratings: apple.com for the Macs' chips, nvidia.com and amd.com for the cards. */
static void rated_bandwidth(void **state)
{
    static const struct {
        const char *name, *variant;
        double gb_s;
    } rated[] = {
        {"Apple M1", "8C/8G", 68.25},        {"Apple M1 Pro", "10C/16G", 200},    {"Apple M1 Max", "10C/32G", 400},
        {"Apple M1 Ultra", "20C/64G", 800},  {"Apple M2", "8C/10G", 100},         {"Apple M2 Pro", "12C/19G", 200},
        {"Apple M2 Max", "12C/38G", 400},    {"Apple M2 Ultra", "24C/76G", 800},  {"Apple M3", "8C/10G", 100},
        {"Apple M3 Pro", "12C/18G", 150},    {"Apple M3 Max", "14C/30G", 300},    {"Apple M3 Max", "16C/40G", 400},
        {"Apple M3 Ultra", "32C/80G", 819},  {"Apple M4", "10C/10G", 120},        {"Apple M4 Pro", "14C/20G", 273},
        {"Apple M4 Max", "14C/32G", 410},    {"Apple M4 Max", "16C/40G", 546},    {"Apple M5", "10C/10G", 153},
        {"NVIDIA H100", "SXM5 80 GB", 3350}, {"NVIDIA A100", "SXM4 80 GB", 2039}, {"NVIDIA GeForce RTX 5090", "", 1792},
        {"AMD Instinct MI300X", "", 5300},   {"AMD Radeon RX 7900 XTX", "", 960}, {"Intel Arc A770", "16 GB", 560},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rated); i++) {
        const struct chip *chip = catalog_chip(rated[i].name, rated[i].variant);
        assert_non_null(chip);
        if (!number_equal(chip->bandwidth_gb_s, rated[i].gb_s))
            fail_msg("%s %s: %g", chip->name, chip->variant, chip->bandwidth_gb_s);
    }
}

struct facts_case {
    const char *raw;
    int64_t cpu_cores, gpu_cores;
    double memory_gib;
    const char *board, *variant;
    double bandwidth_max;
};

static void variants_by_facts(void **state)
{
    const double none = (double)NAN;
    const struct facts_case cases[] = {
        {"Apple M1 Pro", 10, 16, none, NULL, "10C/16G", 200},
        {"Apple M1", 0, 7, none, NULL, "8C/7G", 68.25},
        {"Apple M1 Max", 10, 24, 32, "MacBookPro18,2", "10C/24G", 400},
        {"Apple M3 Max", 14, 0, none, NULL, "14C/30G", 300},
        {"Apple M3 Max", 0, 0, none, NULL, NULL, 400},
        {"Apple M3 Max", 14, 40, none, NULL, NULL, 400},              /* contradict each other */
        {"Apple M4 Max (40-core GPU)", 14, 0, none, NULL, NULL, 546}, /* contradicts the name */
        {"Apple M5 Max", 18, 32, none, NULL, "18C/32G", 460},         /* only the GPU tells */
        {"Apple M1 Pro (Virtual)", 8, 0, none, NULL, NULL, 200},      /* cores of the guest */
        {"Apple M1 Pro", 8, 0, none, "VirtualMac2,1", NULL, 200},
        {"NVIDIA A100-SXM4-80GB", 0, 0, 79.65, NULL, "SXM4 80 GB", 2039}, /* 81559 MiB */
        {"NVIDIA GeForce RTX 3060", 0, 0, 12, NULL, "12 GB", 360},
        {"NVIDIA GeForce RTX 3080", 0, 0, 24, NULL, NULL, 912.4},
        {"NVIDIA GeForce RTX 4090", 16, 0, 24, NULL, "", 1008},
        {"Apple M6", 12, 0, 16, NULL, "16 GB or less", 153},
        {"Apple M6", 12, 0, 24, NULL, "more than 16 GB", 170},
        {"AMD Ryzen AI Max+ 395", 8, 0, none, NULL, "", 256},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct facts_case *want = &cases[i];
        const struct chip_facts facts = {want->cpu_cores, want->gpu_cores, want->memory_gib, want->board};
        struct chip_match match;
        catalog_match_chip(want->raw, &facts, &match);
        if (!text_equal(match.variant, want->variant) || (match.variant != NULL) != (want->variant != NULL))
            fail_msg("%s, %d cores: variant %s", want->raw, (int)want->cpu_cores,
                     match.variant ? match.variant : "none");
        if (!number_equal(match.bandwidth_max_gb_s, want->bandwidth_max))
            fail_msg("%s: at most %g GB/s", want->raw, match.bandwidth_max_gb_s);
        if (!match.variant)
            assert_true(match.candidate_count >= 2);
    }
}

static void natural_order(void **state)
{
    static const char *const known[] = {
        "Apple M1",     "Apple M1 Pro",   "Apple M1 Max", "Apple M1 Ultra", "Apple M2",     "Apple M2 Pro",
        "Apple M2 Max", "Apple M2 Ultra", "Apple M3",     "Apple M3 Pro",   "Apple M3 Max", "Apple M3 Ultra",
        "Apple M4",     "Apple M4 Pro",   "Apple M4 Max", "Apple M5",       "Apple M5 Pro", "Apple M5 Max"};
    static const char *const cards[] = {"NVIDIA GeForce GTX 1080", "NVIDIA GeForce GTX 1080 Ti",
                                        "NVIDIA GeForce GTX 1650"};
    static const char *const unknown[] = {"Apple M9 Ultra", "Apple M10",       "Apple M10 Pro",
                                          "Apple M10 Max",  "Apple M10 Ultra", "Apple M11"};

    (void)state;
    for (size_t i = 1; i < ARRAY_LENGTH(known); i++) {
        assert_true(catalog_compare_chips(known[i - 1], NULL, known[i], NULL) < 0);
        assert_true(catalog_compare_chips(known[i], NULL, known[i - 1], NULL) > 0);
    }
    for (size_t i = 1; i < ARRAY_LENGTH(cards); i++)
        assert_true(catalog_compare_chips(cards[i - 1], "", cards[i], "") < 0);
    for (size_t i = 1; i < ARRAY_LENGTH(unknown); i++)
        assert_true(catalog_compare_chips(unknown[i - 1], NULL, unknown[i], NULL) < 0);
    assert_true(catalog_compare_chips("NVIDIA H100", NULL, "Apple M10", NULL) < 0);
    assert_true(catalog_compare_chips("Apple M1 Max", "10C/24G", "Apple M1 Max", "10C/32G") < 0);
    assert_true(catalog_compare_chips("Apple M1 Max", NULL, "Apple M1 Max", "10C/24G") < 0);
    assert_true(catalog_compare_chips("Apple M1 Max", "10C/32G", "Apple M1 Max", "odd") < 0);
    assert_int_equal(catalog_compare_chips("Apple M1 Max", "10C/24G", "Apple M1 Max", "10C/24G"), 0);
    assert_int_equal(catalog_compare_chips("x", NULL, "x", ""), 0);
}

/* The file itself is in that order: vendors by their bytes, entries of a family together, its generations by year. */
static void file_is_in_order(void **state)
{
    size_t count;
    const struct chip *chips = catalog_chips(&count);

    (void)state;
    for (size_t i = 1; i < count; i++) {
        const struct chip *a = &chips[i - 1], *b = &chips[i];
        if (strcmp(a->vendor, b->vendor) > 0)
            fail_msg("%s stands before %s", a->vendor, b->vendor);
        for (size_t k = i + 1; k < count && strcmp(a->vendor, chips[k].vendor) == 0; k++)
            if (strcmp(a->family, b->family) != 0 && strcmp(a->family, chips[k].family) == 0)
                fail_msg("family %s stands in two places (%s, %s)", a->family, a->name, chips[k].name);
        assert_true(catalog_compare_chips(a->name, a->variant, b->name, b->variant) < 0);
    }
}

static void short_names(void **state)
{
    size_t count;
    const struct chip *chips = catalog_chips(&count);

    (void)state;
    assert_string_equal(catalog_short_chip_name("Apple M1 Max"), "M1 Max");
    assert_string_equal(catalog_short_chip_name("NVIDIA GeForce RTX 4090"), "RTX 4090");
    assert_string_equal(catalog_short_chip_name("AMD Radeon RX 7900 XTX"), "RX 7900 XTX");
    assert_string_equal(catalog_short_chip_name("AMD Instinct MI300X"), "MI300X");
    assert_string_equal(catalog_short_chip_name("Intel Core i7-1185G7"), "Core i7-1185G7");
    assert_string_equal(catalog_short_chip_name("Apple M99"), "Apple M99");
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && k < i + 400; k++)
            if (strcmp(chips[i].name, chips[k].name) != 0 &&
                strcmp(catalog_short_chip_name(chips[i].name), catalog_short_chip_name(chips[k].name)) == 0)
                fail_msg("%s and %s have one short name", chips[i].name, chips[k].name);
}

static void a_variant_may_stand_for_several(void **state)
{
    (void)state;
    assert_true(catalog_variant_is("8C/14G", "14-core GPU"));
    assert_true(catalog_variant_is("10C/14G", "14-core GPU"));
    assert_true(catalog_variant_is("14-core GPU", "14-core GPU"));
    assert_false(catalog_variant_is("10C/16G", "14-core GPU"));
    assert_false(catalog_variant_is("14-core GPU", "8C/14G"));
    assert_false(catalog_variant_is("", "14-core GPU"));
    assert_false(catalog_variant_is("8C/14G", NULL));
    assert_true(catalog_variant_is(NULL, ""));
}

static void labels(void **state)
{
    static const struct {
        const char *name, *variant, *label;
    } cases[] = {
        {"Apple M1 Max", "10C/32G", "32c"},          {"Apple M1 Pro", "8C/14G", "8C/14G"},
        {"Apple M1 Pro", "14-core GPU", "14c"},      {"Apple M1 Pro", "10C/16G", "16c"},
        {"NVIDIA A100", "SXM4 80 GB", "SXM4 80 GB"}, {"NVIDIA GeForce RTX 3060", "12 GB", "12 GB"},
        {"NVIDIA GeForce RTX 4090", "", ""},         {"AMD Ryzen AI Max+ 395", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autobuf struct buf into = BUF(64);
        const struct chip *chip = catalog_chip(cases[i].name, cases[i].variant);
        assert_non_null(chip);
        catalog_variant_label(chip, &into);
        assert_string_equal(buf_text(&into), cases[i].label);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sound),
        cmocka_unit_test(no_doubles_and_together),
        cmocka_unit_test(finds_every_chip_by_its_name),
        cmocka_unit_test(rated_bandwidth),
        cmocka_unit_test(variants_by_facts),
        cmocka_unit_test(natural_order),
        cmocka_unit_test(file_is_in_order),
        cmocka_unit_test(short_names),
        cmocka_unit_test(a_variant_may_stand_for_several),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
