/* The strict reader: grammar (RFC 8259), profile, limits, positions and paths. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/json/json.h"
#include "tests/unit/patience.h"

#define HOSTILE "../shared/corpus/hostile/"

static int read_code(struct str text)
{
    autojson struct json_document *document = NULL;
    struct err err = {0};
    int result = json_read_strict(text, &json_limits_bundle, &document, &err);
    assert_true((result == 0) == (document != NULL));
    assert_true(result == 0 || err.text[0] != '\0');
    return result;
}

static void test_accepts(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "\"\"",
        "0",
        "-0",
        "-0.5e-3",
        "1E+2",
        " [ 1 , 2 ] \r\n\t",
        "{\"a\":{\"b\":[{}]}}",
        "\"\\u00fc\\ud834\\udd1e\\n\\\\\\/\"",
        "9007199254740992",
        "-9007199254740992",
        "1e17",
        "4.9e-324",
        "1.7976931348623157e308",
        "{\"A\":1,\"a\":2}",
        "\"z\xCC\x81\"",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        if (read_code(str_of(good[i])) != 0)
            fail_msg("refused: %s", good[i]);
    }
}

struct fault {
    const char *text;
    enum err_code code;
    int line, column;
    const char *path;
};

static const struct fault faults[] = {
    {"", ERR_SYNTAX, 1, 1, ""},
    {"  \n ", ERR_SYNTAX, 2, 2, ""},
    {"\xEF\xBB\xBF{}", ERR_SYNTAX, 1, 1, ""},
    {"{} {}", ERR_SYNTAX, 1, 4, ""},
    {"[1,]", ERR_SYNTAX, 1, 4, "[1]"},
    {"{\"a\":1,}", ERR_SYNTAX, 1, 8, "a"},
    {"{a:1}", ERR_SYNTAX, 1, 2, ""},
    {"[1 2]", ERR_SYNTAX, 1, 4, "[0]"},
    {"{\"a\":\n  [1,\n   tru]}", ERR_SYNTAX, 3, 4, "a[1]"},
    {"{\"a\":{\"b\":[{},{\"c\":01}]}}", ERR_SYNTAX, 1, 20, "a.b[1].c"},
    {"[-]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[+1]", ERR_SYNTAX, 1, 2, "[0]"},
    {"[.5]", ERR_SYNTAX, 1, 2, "[0]"},
    {"[5.]", ERR_SYNTAX, 1, 4, "[0]"},
    {"[1e]", ERR_SYNTAX, 1, 4, "[0]"},
    {"[0x1F]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[NaN]", ERR_SYNTAX, 1, 2, "[0]"},
    {"[Infinity]", ERR_SYNTAX, 1, 2, "[0]"},
    {"[1e400]", ERR_DATA, 1, 2, "[0]"},
    {"[1e-400]", ERR_DATA, 1, 2, "[0]"},
    {"[9007199254740993]", ERR_DATA, 1, 2, "[0]"},
    {"[-9007199254740993]", ERR_DATA, 1, 2, "[0]"},
    {"[0.1000000000000000055511151231257827]", ERR_LIMIT, 1, 2, "[0]"},
    {"[\"a\tb\"]", ERR_SYNTAX, 1, 4, "[0]"},
    {"[\"\\x41\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\\u12g4\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\\u12", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"abc", ERR_SYNTAX, 1, 6, "[0]"},
    {"[\"abc\\", ERR_SYNTAX, 1, 7, "[0]"},
    {"[\"\\u0000\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\ud834\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\udd1e\\ud834\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\ud834\\u0041\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\u0007\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\t\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\x7F\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\u0085\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\xE2\x80\xA8\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\u202e\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\u2066\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\u200b\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\ufeff\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\uffff\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\ufdd0\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\\ud83f\\udffe\"]", ERR_DATA, 1, 3, "[0]"},
    {"[\"\xC0\x80\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\xED\xA0\x80\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\xF4\x90\x80\x80\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\xFF\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"[\"\xE2\x82\"]", ERR_SYNTAX, 1, 3, "[0]"},
    {"{\"a\":1,\"b\":2,\"a\":3}", ERR_DATA, 1, 14, "a"},
    {"{\"x\":{\"a\":1,\"\\u0061\":3}}", ERR_DATA, 1, 13, "x.a"},
    {"{\"a\\n\":1}", ERR_DATA, 1, 4, ""},
    {"[\"aa\",\""
     "\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81"
     "\"]",
     ERR_DATA, 1, 24, "[1]"},
    {"[1]\f", ERR_SYNTAX, 1, 4, ""},
    {"[1,/**/2]", ERR_SYNTAX, 1, 4, "[1]"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        autojson struct json_document *document = NULL;
        struct err err = {0};
        int result = json_read_strict(str_of(faults[i].text), &json_limits_bundle, &document, &err);
        bool right = result == -(int)faults[i].code && err.line == faults[i].line && err.column == faults[i].column &&
                     strcmp(err.path, faults[i].path) == 0;
        if (!right)
            fail_msg("%s: %d (%s) at %d:%d path '%s'", faults[i].text, result, err.text, err.line, err.column,
                     err.path);
    }
}

static void test_nul_bytes(void **state)
{
    (void)state;
    assert_int_equal(read_code(STR("{\"a\":1}\0{}")), -ERR_SYNTAX);
    assert_int_equal(read_code(STR("[\"a\0b\"]")), -ERR_SYNTAX);
    assert_int_equal(read_code(STR("\0")), -ERR_SYNTAX);
}

static void repeat(struct buf *into, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_adds(into, text);
}

static int code_of(const struct buf *text)
{
    return read_code(str_slice(text->data, text->len));
}

static void test_limits(void **state)
{
    (void)state;
    autobuf struct buf deep = BUF(BUF_MIB);
    repeat(&deep, "[", 32);
    repeat(&deep, "]", 32);
    assert_int_equal(code_of(&deep), 0);
    buf_reset(&deep);
    repeat(&deep, "[", 33);
    repeat(&deep, "]", 33);
    assert_int_equal(code_of(&deep), -ERR_LIMIT);

    autobuf struct buf nodes = BUF(BUF_MIB);
    buf_adds(&nodes, "[0");
    repeat(&nodes, ",0", 199998);
    buf_adds(&nodes, "]");
    assert_int_equal(code_of(&nodes), 0); /* the array and 199,999 numbers */
    nodes.len--;
    buf_adds(&nodes, ",0]");
    assert_int_equal(code_of(&nodes), -ERR_LIMIT);

    autobuf struct buf key = BUF(BUF_MIB);
    buf_adds(&key, "{\"");
    repeat(&key, "k", 64);
    buf_adds(&key, "\":1}");
    assert_int_equal(code_of(&key), 0);
    buf_reset(&key);
    buf_adds(&key, "{\"");
    repeat(&key, "\\u00e9", 33); /* 66 bytes decoded */
    buf_adds(&key, "\":1}");
    assert_int_equal(code_of(&key), -ERR_LIMIT);

    autobuf struct buf text = BUF(9 * BUF_MIB);
    buf_adds(&text, "[\"");
    repeat(&text, "x", 4096);
    buf_adds(&text, "\"]");
    assert_int_equal(code_of(&text), 0);
    text.len -= 2;
    buf_adds(&text, "x\"]");
    assert_int_equal(code_of(&text), -ERR_LIMIT);
    repeat(&text, " ", 8 * BUF_MIB);
    assert_int_equal(code_of(&text), -ERR_LIMIT);
}

static void test_exempt_text(void **state)
{
    (void)state;
    const char *good = "{\"original\":{\"encoding\":\"utf-8\",\"text\":\"\\u0007\\t\\u202e\\u200b\x7F\"}}";
    assert_int_equal(read_code(str_of(good)), 0);
    assert_int_equal(read_code(STR("{\"original\":{\"text\":\"\\u0000\"}}")), -ERR_DATA);
    assert_int_equal(read_code(STR("{\"original\":{\"text\":\"\\ud800\"}}")), -ERR_DATA);
    assert_int_equal(read_code(STR("{\"original\":{\"note\":\"\\u0007\"}}")), -ERR_DATA);
    assert_int_equal(read_code(STR("{\"other\":{\"text\":\"\\u0007\"}}")), -ERR_DATA);
    assert_int_equal(read_code(STR("{\"a\":{\"original\":{\"text\":\"\\u0007\"}}}")), -ERR_DATA);
    assert_int_equal(read_code(STR("{\"original\":[\"text\",{\"text\":\"\\u0007\"}]}")), -ERR_DATA);
    autobuf struct buf large = BUF(BUF_MIB);
    buf_adds(&large, "{\"original\":{\"text\":\"");
    repeat(&large, "x", 100000);
    buf_adds(&large, "\"}}");
    assert_int_equal(code_of(&large), 0);
}

/* A quadratic check of 190,000 keys would take minutes. */
static void test_many_keys(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(8 * BUF_MIB);
    buf_addc(&text, '{');
    for (int i = 0; i < 190000; i++)
        buf_addf(&text, "%s\"key %d\":1", i > 0 ? "," : "", i * 7 % 190000);
    buf_addc(&text, '}');
    clock_t begin = clock();
    assert_int_equal(code_of(&text), 0);
    assert_true(took_less_than(begin, 3));
    text.len--;
    buf_adds(&text, ",\"key 3\":1}");
    assert_int_equal(code_of(&text), -ERR_DATA);
}

/* Every prefix of a document is refused. */
static void test_truncated(void **state)
{
    (void)state;
    struct str whole = STR("{\"a\":[1.5e3,true,null,{\"b\":\"\\u00e9 x\"}],\"c\":-2}");
    assert_int_equal(read_code(whole), 0);
    for (size_t length = 0; length < whole.len; length++) {
        autofree char *copy = mem_strndup(whole.data, length);
        assert_int_equal(read_code(str_slice(copy, length)), -ERR_SYNTAX);
    }
}

static void check_corpus_file(const char *path, const char *expect)
{
    autofree char *full = mem_printf(HOSTILE "%s", path);
    autobuf struct buf bytes = BUF(16 * BUF_MIB);
    struct err err = {0};
    assert_int_equal(file_read(full, &bytes, &err), 0);
    clock_t begin = clock();
    int result = read_code(str_slice(buf_text(&bytes), bytes.len));
    if (!took_less_than(begin, 1))
        fail_msg("%s took more than a second", path);
    bool accept = strcmp(expect, "accept-as-JSON-text") == 0;
    /* The profile may refuse what the grammar takes (duplicate keys, U+0000); the grammar must not. */
    if (accept && result == -ERR_SYNTAX)
        fail_msg("%s: refused by the grammar", path);
    if (strstr(path, "/n_") != NULL && result == 0)
        fail_msg("%s: accepted", path);
}

static void test_hostile_corpus(void **state)
{
    (void)state;
    if (!file_exists(HOSTILE "MANIFEST.tsv"))
        skip();
    autobuf struct buf manifest = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(file_read(HOSTILE "MANIFEST.tsv", &manifest, &err), 0);
    struct str rest = str_slice(manifest.data, manifest.len), line = {0};
    size_t seen = 0;
    while (str_next_line(&rest, &line)) {
        struct str fields[4] = {0};
        for (int i = 0; i < 4 && str_next_field(&line, '\t', &fields[i]); i++)
            continue;
        if (!str_starts_with(fields[0], STR("json/")))
            continue;
        autofree char *path = mem_strndup(fields[0].data, fields[0].len);
        autofree char *expect = mem_strndup(fields[3].data, fields[3].len);
        check_corpus_file(path, expect);
        seen++;
    }
    assert_true(seen > 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),   cmocka_unit_test(test_refuses),        cmocka_unit_test(test_nul_bytes),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_exempt_text),    cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_truncated), cmocka_unit_test(test_hostile_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
