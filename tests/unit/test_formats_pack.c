/* What redaction leaves is read again before it is packed: a bundle holds all that was understood, or is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "schema/formats/pack.h"
#include "tests/unit/formats_sample.h"

/* Two benchmarks whose names differ in what is the name of a person. */
#define TWO "BenchmarkCopy/zebedee-8  100  250 ns/op\nBenchmarkCopy/ZEBEDEE-8  100  300 ns/op\n"

static int pack_text(const char *text, const struct identity *identities, size_t count, struct err *err)
{
    static const struct client_key key = {0};
    autosample struct sample sample = sample_text(text);
    assert_int_equal(sample.readings.count, 1);
    const struct pack_settings settings = {.key = &key, .identities = identities, .identity_count = count};
    const struct pack_source source = {"sample", str_slice(sample.text, sample.length), sample.format};
    autopack struct pack pack = {.bytes = BUF(BUNDLE_BYTES_MAX)};
    return pack_bundle(&settings, &source, sample.readings.items[0], &pack, err);
}

static void test_runs_that_become_one(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(pack_text(TWO, NULL, 0, &err), 0);
    const struct identity user = {PRIVATE_USER, "zebedee"};
    assert_int_equal(pack_text(TWO, &user, 1, &err), -(int)ERR_DATA);
    assert_non_null(strstr(err.text, "another number of runs: 1, not 2"));
    assert_true(err.hint[0] != '\0');
}

static void test_other_figures(void **state)
{
    (void)state;
    struct err err = {0};
    autosample struct sample before = sample_text("BenchmarkCopy-8  100  250 ns/op\n");
    autosample struct sample same = sample_text("BenchmarkMove-8  100  250 ns/op\n");
    autosample struct sample other = sample_text("BenchmarkCopy-8  100  251 ns/op\n");
    assert_int_equal(pack_same_runs(before.readings.items[0], same.readings.items[0], &err), 0);
    assert_int_equal(pack_same_runs(before.readings.items[0], other.readings.items[0], &err), -(int)ERR_DATA);
    assert_non_null(strstr(err.text, "run 1 other figures"));
}

/* An empty first field does not move the columns of its row: what is unknown goes, what is known stays. */
static void test_empty_first_field(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("test_date\tgen_tps\tttft\tttft_unit\tlocalscore\tmodel_name\tmodel_quant\taccel_name\tremark\n"
                    "\t20\t2\ts\t3\tmodel\tQ4_0\tRTX 4090\tann's desk\n");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct reading *reading = sample.readings.items[0];
    assert_int_equal(reading->private_count, 1);
    assert_memory_equal(sample.text + reading->privates[0].offset, "ann's desk", strlen("ann's desk"));
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs_that_become_one),
                                       cmocka_unit_test(test_other_figures), cmocka_unit_test(test_empty_first_field)};
    return cmocka_run_group_tests_name("formats_pack", tests, NULL, NULL);
}
