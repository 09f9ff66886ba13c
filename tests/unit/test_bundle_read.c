/* bundle_read refuses what is no bundle, says where, and ignores what it does not know. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "tests/unit/patience.h"

#define HOSTILE "../shared/corpus/hostile/json"

#define CONSENT "\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"yes\"}"
#define FORMAT "\"format\":{\"name\":\"f\",\"reader\":1}"
#define RUN "{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"mean\":1}]}"
#define HEAD "{\"crosschip\":\"1.0\"," CONSENT "," FORMAT ",\"device\":{},"

static int code_of(const char *text, struct err *err)
{
    autobundle struct bundle bundle = {0};
    return bundle_read(str_of(text), &bundle, err);
}

static void test_smallest(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(code_of(HEAD "\"runs\":[" RUN "]}", &err), 0);
    /* A newer minor version and members that nobody knows. */
    assert_int_equal(code_of("{\"crosschip\":\"1.7\",\"x\":[1,{\"y\":null}]," CONSENT "," FORMAT
                             ",\"device\":{\"z\":1},\"runs\":[{\"q\":{},\"workload\":{\"w\":2},\"metrics\":[{\"name\":"
                             "\"m\",\"v\":[]}]}]}",
                             &err),
                     0);
    /* null is "not stated". */
    assert_int_equal(code_of(HEAD
                             "\"withdraw\":null,\"note\":null,\"original\":null,\"runs\":[{\"chip\":null,\"workload\":"
                             "{\"model\":null},\"metrics\":[{\"name\":\"m\",\"n\":null,\"samples\":null}]}]}",
                             &err),
                     0);
}

struct fault {
    const char *text;
    enum err_code code;
    const char *path;
};

static const struct fault faults[] = {
    {"[]", ERR_DATA, ""},
    {"{}", ERR_DATA, "crosschip"},
    {"{\"crosschip\":1}", ERR_DATA, "crosschip"},
    {"{\"crosschip\":\"one\"}", ERR_DATA, "crosschip"},
    {"{\"crosschip\":\"1\"}", ERR_DATA, "crosschip"},
    {"{\"crosschip\":\"2.0\"}", ERR_BUNDLE_VERSION, "crosschip"},
    {"{\"crosschip\":\"0.9\"}", ERR_BUNDLE_VERSION, "crosschip"},
    {"{\"crosschip\":\"1.0\"}", ERR_DATA, "consent"},
    {"{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"proprietary\",\"text\":\"x\"}," FORMAT
     ",\"device\":{},\"runs\":[" RUN "]}",
     ERR_DATA, "consent.licence"},
    {"{\"crosschip\":\"1.0\"," CONSENT ",\"format\":{\"name\":\"\"},\"device\":{},\"runs\":[" RUN "]}", ERR_DATA,
     "format.name"},
    {HEAD "\"runs\":[]}", ERR_DATA, "runs"},
    {HEAD "\"runs\":{}}", ERR_DATA, "runs"},
    {HEAD "\"runs\":[5]}", ERR_DATA, "runs[0]"},
    {HEAD "\"runs\":[" RUN ",{}]}", ERR_DATA, "runs[1].workload"},
    {HEAD "\"runs\":[{\"workload\":{}}]}", ERR_DATA, "runs[0].metrics"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{}]}]}", ERR_DATA, "runs[0].metrics[0].name"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"\"}]}]}", ERR_DATA, "runs[0].metrics[0].name"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"mean\":\"1\"}]}]}", ERR_DATA,
     "runs[0].metrics[0].mean"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"n\":1.5}]}]}", ERR_DATA, "runs[0].metrics[0].n"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"n\":-1}]}]}", ERR_DATA, "runs[0].metrics[0].n"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"direction\":\"up\"}]}]}", ERR_DATA,
     "runs[0].metrics[0].direction"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[{\"name\":\"m\",\"samples\":[1,\"2\"]}]}]}", ERR_DATA,
     "runs[0].metrics[0].samples[1]"},
    {HEAD "\"runs\":[{\"workload\":{\"parameters\":{\"p\":\"a/b\"}},\"metrics\":[]}]}", ERR_DATA,
     "runs[0].workload.parameters.p"},
    {HEAD "\"runs\":[{\"workload\":{\"parameters\":{\"p\":[]}},\"metrics\":[]}]}", ERR_DATA,
     "runs[0].workload.parameters.p"},
    {HEAD "\"runs\":[{\"workload\":{\"model\":\"a\\nb\"},\"metrics\":[]}]}", ERR_DATA, "runs[0].workload.model"},
    {HEAD "\"runs\":[{\"workload\":{\"model\":"
          "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"},\"metrics\":[]}]}",
     ERR_DATA, "runs[0].workload.model"},
    {HEAD "\"runs\":[{\"chip\":{\"name\":\"x\",\"count\":0},\"workload\":{},\"metrics\":[]}]}", ERR_DATA,
     "runs[0].chip.count"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[],\"ran_at\":\"2024-13-45T99:99:99Z\"}]}", ERR_DATA,
     "runs[0].ran_at"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[],\"ran_at\":\"now\"}]}", ERR_DATA, "runs[0].ran_at"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[],\"flags\":[1]}]}", ERR_DATA, "runs[0].flags"},
    {HEAD "\"runs\":[{\"workload\":{},\"metrics\":[],\"labels\":{\"a\":1}}]}", ERR_DATA, "runs[0].labels.a"},
    {HEAD "\"withdraw\":\"00\",\"runs\":[" RUN "]}", ERR_DATA, "withdraw"},
    {HEAD "\"withdraw\":\"0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF\",\"runs\":[" RUN "]}",
     ERR_DATA, "withdraw"},
    {HEAD "\"run_id\":\"xyz\",\"runs\":[" RUN "]}", ERR_DATA, "run_id"},
    {HEAD "\"runs\":[" RUN "],\"original\":{\"encoding\":\"utf-16\",\"text\":\"\"}}", ERR_DATA, "original"},
    {HEAD "\"runs\":[" RUN "],\"original\":{\"encoding\":\"base64\",\"text\":\"A\"}}", ERR_DATA, "original"},
    {HEAD "\"runs\":[" RUN "],\"original\":{\"encoding\":\"base64\",\"text\":\"AB==\"}}", ERR_DATA, "original"},
    {HEAD "\"runs\":[" RUN "],\"original\":{}}", ERR_DATA, "original.text"},
    {HEAD "\"runs\":[" RUN "],\"original\":{\"omitted\":\"laziness\"}}", ERR_DATA, "original.omitted"},
    {HEAD "\"runs\":[" RUN "],\"original\":{\"text\":\"\",\"removed\":{\"host\":-1}}}", ERR_DATA,
     "original.removed.host"},
    {HEAD "\"runs\":[" RUN "]", ERR_SYNTAX, "runs"},
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        struct err err = {0};
        int result = code_of(faults[i].text, &err);
        if (result != -(int)faults[i].code || strcmp(err.path, faults[i].path) != 0)
            fail_msg("%s\n%d (%s) path '%s'", faults[i].text, result, err.text, err.path);
    }
    struct err err = {0};
    assert_int_equal(code_of("{\"crosschip\":\"12.3\"}", &err), -ERR_BUNDLE_VERSION);
    assert_true(err.hint[0] != '\0');
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool local;
    } times[] = {
        {"2025-03-09T18:59:02", true},
        {"2025-03-09T18:59:02Z", false},
        {"2025-03-09T18:59:02.5+02:00", false},
        {"2025-03-09T18:59:02-08:00", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        autofree char *text =
            mem_printf(HEAD "\"runs\":[{\"workload\":{},\"metrics\":[],\"ran_at\":\"%s\"}]}", times[i].text);
        autobundle struct bundle bundle = {0};
        struct err err = {0};
        if (bundle_read(str_of(text), &bundle, &err) < 0)
            fail_msg("%s: %s", times[i].text, err.text);
        assert_true(bundle.reading->runs[0].ran_at_local == times[i].local);
    }
}

/* Lists whose entries are looked up by name must not let one request cost minutes. */
static void test_many_entries(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUNDLE_BYTES_MAX);
    buf_adds(&text, HEAD "\"runs\":[{\"workload\":{\"parameters\":{");
    for (int i = 0; i < 150000; i++)
        buf_addf(&text, "%s\"p%d\":%d", i > 0 ? "," : "", i, i);
    buf_adds(&text, "}},\"metrics\":[]}]}");
    clock_t begin = clock();
    struct err err = {0};
    assert_int_equal(code_of(buf_text(&text), &err), -ERR_LIMIT);
    assert_string_equal(err.path, "runs[0].workload.parameters");
    assert_true(took_less_than(begin, 2));
}

static void check_folder(const char *folder, size_t *seen)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        autofree char *path = mem_printf("%s/%s", folder, entries[i]->d_name);
        autobuf struct buf bytes = BUF(16 * BUF_MIB);
        struct err err = {0};
        if (entries[i]->d_type != DT_DIR && file_read(path, &bytes, &err) == 0) {
            autobundle struct bundle bundle = {0};
            if (bundle_read(str_slice(buf_text(&bytes), bytes.len), &bundle, &err) == 0)
                fail_msg("%s was taken as a bundle", path);
            ++*seen;
        }
        free(entries[i]);
    }
    free(entries);
}

static void test_hostile_corpus(void **state)
{
    (void)state;
    if (!file_exists(HOSTILE "/generated"))
        skip();
    size_t seen = 0;
    check_folder(HOSTILE "/generated", &seen);
    check_folder(HOSTILE "/jsontestsuite", &seen);
    check_folder(HOSTILE "/transform", &seen);
    assert_true(seen > 250);
}

/* Each prefix and each flipped bit of a good bundle: refused or read, never a crash, and never another id. */
static void test_damaged(void **state)
{
    (void)state;
    static const char good[] = HEAD "\"runs\":[" RUN "],\"original\":{\"encoding\":\"base64\",\"text\":\"AAECAw==\"}}";
    struct err err = {0};
    for (size_t length = 0; length < sizeof good - 1; length++) {
        autofree char *copy = mem_strndup(good, length);
        assert_true(code_of(copy, &err) < 0);
    }
    for (size_t i = 0; i < 8 * (sizeof good - 1); i++) {
        autofree char *copy = mem_strndup(good, sizeof good - 1);
        copy[i / 8] = (char)(copy[i / 8] ^ 1 << (i % 8));
        autobundle struct bundle bundle = {0};
        if (bundle_read(str_slice(copy, sizeof good - 1), &bundle, &err) < 0)
            assert_true(err.text[0] != '\0');
        else
            assert_int_equal(bundle.reading->run_count, 1);
    }
}

/* A document of our own format of results has the same first member, with a number. */
static void test_tells_from_results(void **state)
{
    (void)state;
    assert_true(bundle_is(STR("{\"crosschip\":\"1.0\",\n")));
    assert_true(bundle_is(STR(" \n{ \"crosschip\" : \"2.0\"")));
    assert_false(bundle_is(STR("{\"crosschip\": 1, \"results\": []}")));
    assert_false(bundle_is(STR("{\"crosschip\"")));
    assert_false(bundle_is(STR("[{\"crosschip\":\"1.0\"}]")));
    assert_false(bundle_is(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tells_from_results),
        cmocka_unit_test(test_smallest),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_many_entries),
        cmocka_unit_test(test_hostile_corpus),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
