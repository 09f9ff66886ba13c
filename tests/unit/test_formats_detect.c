/* Each format knows its own files, and nothing that people write takes the place of a result: the sources and documents
 * of this project, which speak of all the tools, and lines that look like figures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <string.h>

#include "schema/base/file.h"
#include "tests/unit/formats_sample.h"

#define SEEDS "tests/data/fuzz/formats/"

/* Files that a fuzzer made are no outputs of a tool any more. */
static bool is_made(const char *name)
{
    return name[0] == '.' || text_starts_with(name, "redacted-") || text_starts_with(name, "shapes-");
}

/* Some seeds are fragments, which nobody knows. */
static size_t expect_own(const char *format)
{
    size_t known = 0;
    autofree char *folder = mem_printf("%s%s", SEEDS, format);
    DIR *seeds = opendir(folder);
    assert_non_null(seeds);
    for (const struct dirent *entry = readdir(seeds); entry != NULL; entry = readdir(seeds)) {
        autobuf struct buf seed = BUF(BUF_MIB);
        autofree char *path = mem_printf("%s/%s", folder, entry->d_name);
        if (is_made(entry->d_name) || file_read(path, &seed, NULL) < 0)
            continue;
        const struct format_input input = {.text = str_slice(seed.data, seed.len)};
        const struct format *found = formats_detect(&input);
        if (found != NULL && strcmp(found->name, format) != 0)
            fail_msg("%s is taken for %s", path, found->name);
        known += found != NULL;
    }
    (void)closedir(seeds);
    return known;
}

/* Every reader has files for its fuzz target. */
static void test_own_files(void **state)
{
    (void)state;
    for (size_t i = 0; formats_all[i] != NULL; i++)
        if (expect_own(formats_all[i]->name) == 0)
            fail_msg("no file in %s%s is of this format", SEEDS, formats_all[i]->name);
}

static void expect_none(const char *text)
{
    const struct format_input input = {.text = str_of(text)};
    const struct format *found = formats_detect(&input);
    if (found != NULL)
        fail_msg("taken for %s: %s", found->name, text);
}

static void test_no_result(void **state)
{
    (void)state;
    expect_none("");
    expect_none("The quick brown fox jumps over the lazy dog, 12 ms later.\n");
    expect_none("Nov 28 23:50:31 host kernel: [ 12.5] cpu: 2400 MHz | ok\n  load: 3.2 | idle: 96\n");
    /* a detector's accuracy, and a listing of a model file's keys */
    expect_none(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.373\n"
                " Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 0.196\n");
    expect_none("* Dumping 3 key/value pair(s)\n      1: 1 | UINT32 | GGUF.version = 3\n"
                "      2: 64 | UINT64 | GGUF.tensor_count = 291\n");
    expect_none("    name: 0|1\n    'tag:yaml.org,2002:bool': 1|2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_own_files), cmocka_unit_test(test_no_result)};
    return cmocka_run_group_tests_name("formats_detect", tests, NULL, NULL);
}
