/* What stands around a printed result in a log (a shell, other programs, people) never leaves: every reader of text, on
 * the seeds of its fuzz target. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/bundle/redact.h"
#include "tests/unit/formats_sample.h"

#define SEEDS "tests/data/fuzz/formats/"
#define BEFORE "eve@box:~$ a secret of eve\n"
#define AFTER "\neve@box:~$ another secret of eve\n"

static bool is_text(const char *format)
{
    return text_ends_with(format, "-text") || text_ends_with(format, "-console") || text_ends_with(format, "-log") ||
           text_ends_with(format, "-stdout") || text_ends_with(format, "-perf-test") ||
           text_ends_with(format, "whisper-bench") || text_ends_with(format, "mlperf-summary") ||
           text_ends_with(format, "mlperf-detail");
}

static void expect_no_secret(const char *format, const struct buf *seed, const char *path)
{
    autobuf struct buf text = BUF(BUF_MIB);
    buf_adds(&text, BEFORE);
    buf_add(&text, seed->data, seed->len);
    buf_adds(&text, AFTER);
    autosample struct sample sample = sample_of(text.data, text.len, format);
    for (size_t i = 0; i < sample.readings.count; i++) {
        const struct reading *reading = sample.readings.items[i];
        if (reading->run_count == 0)
            continue; /* nothing is sent of it */
        autobuf struct buf redacted = BUF(BUF_MIB);
        struct redact_counts counts;
        struct str original = str_slice(sample.text + reading->original_offset, reading->original_length);
        assert_int_equal(
            redact_text(original, reading->privates, reading->private_count, NULL, 0, &redacted, &counts, NULL), 0);
        if (strstr(buf_text(&redacted), "secret") != NULL)
            fail_msg("%s: %s", path, buf_text(&redacted));
    }
    if (sample.result == 0 && sample_run_count(&sample) > 0)
        expect_same_after_redaction(&sample);
}

static void each_seed(const char *format)
{
    autofree char *folder = mem_printf("%s%s", SEEDS, format);
    DIR *seeds = opendir(folder);
    assert_non_null(seeds);
    for (const struct dirent *entry = readdir(seeds); entry != NULL; entry = readdir(seeds)) {
        autobuf struct buf seed = BUF(BUF_MIB);
        autofree char *path = mem_printf("%s/%s", folder, entry->d_name);
        /* Of texts with an address or a home folder within a figure nothing is sent. */
        if (entry->d_name[0] == '.' || text_starts_with(entry->d_name, "shapes-") || file_read(path, &seed, NULL) < 0)
            continue;
        expect_no_secret(format, &seed, path);
    }
    (void)closedir(seeds);
}

static void test_noise_stays(void **state)
{
    (void)state;
    size_t formats = 0;
    for (size_t i = 0; formats_all[i] != NULL; i++)
        if (is_text(formats_all[i]->name)) {
            each_seed(formats_all[i]->name);
            formats++;
        }
    assert_true(formats > 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_noise_stays)};
    return cmocka_run_group_tests_name("formats_noise", tests, NULL, NULL);
}
