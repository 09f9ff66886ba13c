/* Decoding and detection: what is recognised, and that nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static void expect_decoded(const char *bytes, size_t length, const char *wanted)
{
    char *text = NULL;
    size_t got = 0;
    struct err err = {0};
    assert_int_equal(formats_decode(str_slice(bytes, length), &text, &got, &err), 0);
    assert_int_equal(got, strlen(wanted));
    assert_string_equal(text, wanted);
    free(text);
}

#define DECODES(bytes, wanted) expect_decoded(bytes, sizeof(bytes) - 1, wanted)

static void test_decode(void **state)
{
    (void)state;
    DECODES("", "");
    DECODES("plain\r\ntext", "plain\r\ntext");
    DECODES("\xef\xbb\xbfmark", "mark");
    DECODES("\xff\xfeh\0i\0", "hi");
    DECODES("\xfe\xff\0h\0i", "hi");
    DECODES("\xff\xfe\x3d\xd8\x00\xde", "\xf0\x9f\x98\x80"); /* a surrogate pair: U+1F600 */
    DECODES("\xff\xfe\x3d\xd8x\0", "\xef\xbf\xbdx");         /* half of one */
    DECODES("\xff\xfeh\0i", "h\xef\xbf\xbd");
    DECODES("\x1b[1;31mred\x1b[0m \x1b[2Kgone", "red gone");
    DECODES("\x1b]0;title\x07text \x1b]8;;link\x1b\\x", "text x");
    DECODES("\x1b[", "\x1b[");
    DECODES("\x1b", "\x1b");
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "llama-bench-json",  "llama-bench-jsonl", "llama-bench-csv",   "llama-bench-md",
        "anemll-bench-json", "anemll-bench-html", "anemll-bench-text",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct format *format = formats_by_name(names[i]);
        assert_non_null(format);
        assert_string_equal(format->name, names[i]);
        assert_true(format->version >= 1);
    }
    assert_null(formats_by_name("llama-bench"));
    autosample struct sample sample = sample_of("x", 1, "nonsense");
    assert_int_equal(sample.result, -ERR_USAGE);
}

static void expect_format(const char *text, const char *format)
{
    struct format_input input = {.text = str_of(text)};
    const struct format *found = formats_detect(&input);
    if (format == NULL)
        assert_null(found);
    else if (found == NULL)
        fail_msg("not recognised: %.60s", text);
    else
        assert_string_equal(found->name, format);
}

static void test_detect(void **state)
{
    (void)state;
    expect_format("", NULL);
    expect_format("{}", NULL);
    expect_format("[]", NULL);
    expect_format("[{\"avg_ts\": 1}]", NULL);
    expect_format("{\"benchmarks\": [{\"name\": \"pp512\", \"n_prompt\": 512}]}", NULL);
    expect_format("{\"system_info\": {\"os\": \"Linux\"}, \"results\": []}", NULL);
    expect_format("| model | Generation t/s |\n|---|---|\n", NULL);
    expect_format("| model | quant_int8 | quant_float4 | test | t/s |\n", "web-rwkv-gguf-table");
    expect_format("| PP | TG | T_PP s | S_PP t/s |\n", NULL);
    expect_format("| model | backend | test | t/s |\n", "llama-bench-md");
    expect_format("> | model | size | test | t/s |\n", "llama-bench-md");
    expect_format("[{\"n_prompt\": 1, \"avg_ts\": 2}]", "llama-bench-json");
    expect_format("{\"n_prompt\": 1, \"avg_ts\": 2}\n{\"n_prompt\": 1, \"avg_ts\": 2}\n", "llama-bench-jsonl");
    expect_format("{\n \"n_prompt\": 1, \"avg_ts\": 2}\n", "llama-bench-json");
    expect_format("model_type,n_prompt,n_gen,avg_ts\n", "llama-bench-csv");
    expect_format("INSERT INTO test (n_prompt, n_gen, avg_ts) VALUES ('1', '2', '3');", NULL);
    /* A document with several outputs is read as what comes first. */
    expect_format("# x\n| model | backend | test | t/s |\n\n[{\"n_prompt\": 1, \"avg_ts\": 2}]", "llama-bench-md");
    expect_format("# x\n[{\"n_prompt\": 1, \"avg_ts\": 2}]\n| model | backend | test | t/s |\n", "llama-bench-json");
}

static void test_bad_input(void **state)
{
    (void)state;
    autosample struct sample empty = sample_text(" \n");
    assert_int_equal(empty.result, -ERR_DATA);
    assert_string_equal(empty.err.text, "the file is empty");
    assert_true(empty.err.hint[0] != '\0');
    autosample struct sample prose = sample_text("Dear all, it is very fast.");
    assert_int_equal(prose.result, -ERR_DATA);
    assert_null(prose.format);
    assert_true(prose.err.hint[0] != '\0');
}

/* Cut before the fields by which a format is known: line and column of the end, not only "not recognised". */
static void test_cut_early(void **state)
{
    (void)state;
    static const char whole[] = "[\n  {\n    \"build_commit\": \"3469684\",\n    \"flash_attn\": false,\n";
    for (size_t length = strlen("[\n  {\n    \"b"); length < strlen(whole); length++) {
        autosample struct sample cut = sample_of(whole, length, NULL);
        assert_int_equal(cut.result, -ERR_SYNTAX);
        assert_true(cut.err.line >= 3);
        assert_true(cut.err.column >= 1);
        assert_true(cut.err.hint[0] != '\0');
    }
    autosample struct sample other = sample_text("{\"name\": \"whole, but of no tool\"}\n");
    assert_int_equal(other.result, -ERR_DATA);
    autosample struct sample log = sample_text("[12:00] started {\"a\": 1\n");
    assert_int_equal(log.result, -ERR_DATA);
    assert_int_equal(log.err.line, 0);
}

/* ---------------------------------------------------------------- every file of the corpus */

static size_t files_read, files_taken;

/* A folder of the corpus is named after its tool: the name of the format begins with the same word. False for
 * the few files that hold another tool's output, or several. */
static bool is_of_its_folder(const char *path, const char *format)
{
    static const char *const roots[] = {CORPUS "formats/", CORPUS "seeds/", "tests/data/samples/"};
    /* A page about serving that ends with one table of llama-bench; a comparison that embeds llama-bench. */
    if (text_starts_with(format, "llama-bench-") &&
        (strstr(path, "strix-halo-testing__vllm_README.md") != NULL || strstr(path, "llama") != NULL))
        return true;
    if (text_starts_with(format, "iai-") || text_starts_with(format, "gungraun-"))
        return strstr(path, "/iai-") != NULL || strstr(path, "/gungraun-") != NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(roots); i++)
        if (text_starts_with(path, roots[i])) {
            const char *folder = path + strlen(roots[i]);
            size_t word = strcspn(folder, "-./");
            return strncmp(folder, format, word) == 0 && format[word] == '-';
        }
    return false;
}

static int read_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)where;
    if (kind != FTW_F || status->st_size > 2 << 20 || strstr(path, ".png") != NULL)
        return 0;
    autosample struct sample sample = {0};
    if (!sample_file(path, &sample))
        return 0;
    files_read++;
    if (sample.format == NULL) {
        assert_true(sample.result < 0);
        return 0;
    }
    files_taken++;
    if (!is_of_its_folder(path, sample.format->name))
        fail_msg("%s was taken for %s", path, sample.format->name);
    if (sample.result == 0)
        expect_same_after_redaction(&sample);
    return 0;
}

static void test_corpus(void **state)
{
    (void)state;
    static const char *const folders[] = {CORPUS "formats", CORPUS "seeds", CORPUS "hostile", "tests/data/samples"};
    FILE *corpus = fopen(CORPUS "formats/PROVENANCE.tsv", "r");
    if (corpus == NULL)
        skip();
    fclose(corpus);
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
        nftw(folders[i], read_one, 16, FTW_PHYS);
    assert_true(files_read > 150);
    assert_true(files_taken > 25);
}

static void expect_kept(const char *text, const char *wanted)
{
    expect_decoded(text, strlen(text), wanted);
}

/* Logs and mails put something before each line; a table or a list has its own. */
static void test_line_prefixes(void **state)
{
    (void)state;
    expect_kept("2026-03-01T10:11:12.1234567Z a\r\n2026-03-01T10:11:12.2Z   b\n\n2026-03-01T10:11:13Z\nc",
                "a\r\n  b\n\n\nc");
    expect_kept("2026-03-01T10:11:12.123456789+02:00 a\nb\n", "a\nb\n");
    expect_kept("job\tRun it\t2026-03-01T10:11:12Z a\tb\njob\tRun it\t2026-03-01T10:11:12Z c", "a\tb\nc");
    expect_kept("bench-1  | | a | b |\nother_12 | c\nbench-1  |\n", "| a | b |\nc\n\n");
    /* A CSV that stands indented in a page. JSON keeps its blanks. */
    expect_kept("    name,mean,max\n    \"a b\",1,2\n\n    \"c\",3,4\n", "name,mean,max\n\"a b\",1,2\n\n\"c\",3,4\n");
    expect_kept("{\n    \"a\": \"x\",\n    \"b\": \"y\"\n}\n", "{\n    \"a\": \"x\",\n    \"b\": \"y\"\n}\n");
    expect_kept("Ada wrote:\n> > {\n>> 1}\n>\n", "Ada wrote:\n{\n1}\n\n");
    static const char *const whole[] = {"2026-03-01T10:11:12Z,a\n2026-03-01T10:11:13Z,b\n",
                                        "2026-03-01 10:11:12 a\n",
                                        "a\nb\n2026-03-01T10:11:12Z c\n",
                                        "model-1 | 2 |\nall | 3 |\n",
                                        "a\nb\n> c\n",
                                        "2026-03-01T10:11:12",
                                        "\n\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(whole); i++)
        expect_kept(whole[i], whole[i]);
    /* CSV has no words before its header; a machine's name that a log has goes with the prefix. */
    autosample struct sample sample = sample_text("host-1 | command,mean,user,system\nhost-1 | a,0.5,0.25,0.125\n");
    assert_string_equal(sample.format->name, "hyperfine-csv");
    assert_int_equal(sample_run_count(&sample), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),        cmocka_unit_test(test_names),     cmocka_unit_test(test_detect),
        cmocka_unit_test(test_bad_input),     cmocka_unit_test(test_cut_early), cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_line_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
