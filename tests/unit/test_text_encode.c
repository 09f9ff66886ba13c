/* Hostile text in every context: what it must become, and what it must never do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/process.h"
#include "schema/json/json.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"

typedef void encoder(struct buf *into, struct str text);

static void becomes(encoder *encode, const char *text, const char *expected)
{
    autobuf struct buf out = BUF(1 << 20);

    encode(&out, str_of(text));
    assert_string_equal(buf_text(&out), expected);
}

/* ---- strings: our own, and those of the corpus where it is there */

static const char *const own_strings[] = {
    "a|b",
    "\\|",
    "\\\\|",
    "a\\|b",
    "|",
    "||||",
    "`",
    "``|``",
    "`a|b`",
    "*x*",
    "**x**",
    "_x_",
    "__x__",
    "a_b_",
    "~~x~~",
    "~x~",
    "[x](http://e.example)",
    "![x](http://e.example)",
    "[x]: http://e.example",
    "[^n]",
    "<b>x</b>",
    "<script>",
    "<!-- x",
    "-->",
    "&lt;b&gt;",
    "&#60;",
    "&amp;",
    "http://e.example",
    "https://e.example/|x",
    "HTTP://E.EXAMPLE",
    "www.e.example",
    "WWW.e.example",
    "ftp://e.example",
    "a@b.example",
    "a.b+c@d.example|",
    "@name",
    "mailto:a@b.example",
    "xmpp:a@b.c/d",
    "a&#64;b.example",
    "#1",
    "x/y#1",
    "1. x",
    "1) x",
    "- x",
    "+ x",
    "# x",
    "> x",
    "=",
    "---",
    ":x:",
    "$x$",
    "$$x$$",
    "x\ny",
    "x\r\n| y | z |\n|---|---|",
    "\t",
    "",
    " ",
    "    code",
    "x\xff"
    "y",
    "\xc0\xaf",
    "\xed\xa0\x80",
    "\xe2\x80\xae"
    "cba",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "crosschip:begin",
    "<!-- crosschip:end head -->",
    "a\\",
    "\\",
    "\\\\",
    "`\\|`",
    "[ ] task",
    "${7*7}",
    "{{x}}",
    "<https://e.example>",
    "<a@b.example>",
    "autolink:http://e.example.",
    "(www.e.example)",
    "w\x00",
};

struct strings {
    struct json_document *documents[8];
    const char *items[2048];
    size_t count;
    bool corpus;
};

static void load_corpus(struct strings *strings)
{
    static const char *const names[] = {"blns_dev",      "csv_formula", "file_names", "log_injection",
                                        "markdown_html", "sql",         "tokens"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char path[128];
        autobuf struct buf bytes = BUF(1 << 20);

        snprintf(path, sizeof(path), "../shared/corpus/hostile/strings/%s.json", names[i]);
        if (!file_exists(path) || file_read(path, &bytes, NULL) < 0)
            continue;
        size_t offset = 0;

        if (json_read_tolerant(str_slice(bytes.data, bytes.len), &offset, &json_limits_tool, &strings->documents[i],
                               NULL) != 1)
            continue;
        strings->corpus = true;
        for (const struct json *item = json_first(json_root(strings->documents[i])); item != NULL;
             item = json_next(item))
            if (json_string(item) != NULL && strings->count < ARRAY_LENGTH(strings->items))
                strings->items[strings->count++] = json_string(item);
    }
}

static int set_up(void **state)
{
    struct strings *strings = calloc(1, sizeof(*strings));

    if (strings == NULL)
        return -1;
    for (size_t i = 0; i < ARRAY_LENGTH(own_strings); i++)
        strings->items[strings->count++] = own_strings[i];
    load_corpus(strings);
    *state = strings;
    return 0;
}

static int tear_down(void **state)
{
    struct strings *strings = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(strings->documents); i++)
        json_free(strings->documents[i]);
    free(strings);
    return 0;
}

/* ---- Markdown */

static void markdown_by_hand(void **state)
{
    (void)state;
    becomes(encode_markdown_cell, "Apple M1 Max", "Apple M1 Max");
    becomes(encode_markdown_cell, "llama_lm_head_lut6", "llama_lm_head_lut6");
    becomes(encode_markdown_cell, "Q4_0, 3.5 GB (10C/16G)", "Q4_0, 3.5 GB (10C/16G)");
    becomes(encode_markdown_cell, "a|b", "a&#124;b");
    becomes(encode_markdown_cell, "a\\|b", "a&#92;&#124;b");
    becomes(encode_markdown_cell, "_x_", "&#95;x&#95;");
    becomes(encode_markdown_cell, "<b>&", "&#60;b&#62;&#38;");
    becomes(encode_markdown_cell, "http://x", "http&#58;//x");
    becomes(encode_markdown_cell, "www.x.example", "www&#46;x.example");
    becomes(encode_markdown_cell, "a@b.c", "a`@`b.c");
    becomes(encode_markdown_cell, "  x\n y ", "x  y");
    becomes(encode_markdown_cell, "60.87 GB", "60.87 GB");
    becomes(encode_markdown, "1. x", "1&#46; x");
    becomes(encode_markdown, "1.5 x", "1.5 x");
    becomes(encode_markdown, "# x", "&#35; x");
    becomes(encode_markdown, "- x", "&#45; x");
    becomes(encode_markdown, "x\xff\xe2\x80\xaey", "x\xef\xbf\xbdy");
}

static void cells_are_capped(void **state)
{
    char text[400];
    autobuf struct buf out = BUF(4096);

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    encode_markdown_cell(&out, str_of(text));
    assert_int_equal(out.len, ENCODE_CELL_MAX - 1 + strlen("…"));
    buf_reset(&out);
    text[ENCODE_CELL_MAX] = '\0';
    encode_markdown_cell(&out, str_of(text));
    assert_int_equal(out.len, ENCODE_CELL_MAX);
}

static void code_spans_hold_their_text(void **state)
{
    autobuf struct buf out = BUF(4096);

    (void)state;
    encode_markdown_code(&out, STR("a``b`"), false);
    assert_string_equal(buf_text(&out), "``` a``b` ```");
    buf_reset(&out);
    encode_markdown_code(&out, STR("a|b"), true);
    assert_string_equal(buf_text(&out), "a&#124;b");
    buf_reset(&out);
    encode_markdown_code(&out, STR(""), true);
    assert_int_equal(out.len, 0);
}

/* No sign that splits cells or opens anything is left, but for the code span around @. */
static void cells_hold_nothing_active(void **state)
{
    const struct strings *strings = *state;

    for (size_t i = 0; i < strings->count; i++) {
        autobuf struct buf out = BUF(1 << 20);

        encode_markdown_cell(&out, str_of(strings->items[i]));
        const struct str cell = str_slice(buf_text(&out), out.len);

        for (size_t j = 0; j < cell.len; j++) {
            if (strchr("|<>[]*\\~$\n\r\t", cell.data[j]) != NULL)
                fail_msg("cell of %s holds %c", strings->items[i], cell.data[j]);
            if (cell.data[j] == '`' && (j + 1 >= cell.len || cell.data[j + 1] != '@') &&
                (j == 0 || cell.data[j - 1] != '@'))
                fail_msg("cell of %s holds a back-tick", strings->items[i]);
        }
        assert_true(str_find_ignore_case(cell, STR("://"), 0) == SIZE_MAX);
        assert_true(str_find_ignore_case(cell, STR("www."), 0) == SIZE_MAX);
        assert_true(utf8_is_valid(cell));
    }
}

static size_t count_of(struct str text, struct str what)
{
    size_t count = 0;

    for (size_t at = str_find(text, what, 0); at != SIZE_MAX; at = str_find(text, what, at + 1))
        count++;
    return count;
}

/* The judge is the renderer itself: every row three cells, no link, no element but those of the table and our code
 * spans. */
static void rendered_tables_keep_their_shape(void **state)
{
    const struct strings *strings = *state;
    static const char *const tags[] = {"<table>",
                                       "</table>",
                                       "<thead>",
                                       "</thead>",
                                       "<tbody>",
                                       "</tbody>",
                                       "<tr>",
                                       "</tr>",
                                       "<th align=\"left\">",
                                       "</th>",
                                       "<td align=\"left\">",
                                       "</td>",
                                       "<code>@</code>"};
    char path[] = "/tmp/crosschip-encode-XXXXXX";
    autobuf struct buf markdown = BUF(1 << 22), html = BUF(1 << 24);
    autotable struct table table = {.caption = NULL};
    struct process_result result;

    table_init(&table, NULL);
    for (size_t i = 0; i < 3; i++)
        table_column(&table, "key", "<b>|", ALIGN_LEFT);
    for (size_t i = 0; i < strings->count; i++) {
        table_row(&table);
        for (size_t j = 0; j < 3; j++)
            table_put_text(&table, strings->items[i]);
    }
    table_print_markdown(&table, &markdown);
    autoclose int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(file_write_all(descriptor, markdown.data, markdown.len, NULL), 0);
    const char *const argv[] = {"cmark-gfm", "--unsafe",      "-e", "table",     "-e", "autolink",
                                "-e",        "strikethrough", "-e", "footnotes", path, NULL};
    const int status = process_run(argv, 20000, &html, NULL, &result, NULL);

    unlink(path);
    if (status < 0 || result.exit_status != 0) {
        print_message("cmark-gfm is not here\n");
        skip();
    }
    const struct str page = str_slice(html.data, html.len);
    size_t known = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(tags); i++)
        known += count_of(page, str_of(tags[i]));
    /* "<code>@</code>" holds two. */
    known += count_of(page, STR("<code>@</code>"));
    assert_int_equal(count_of(page, STR("<tr>")), strings->count + 1);
    assert_int_equal(count_of(page, STR("<td align=\"left\">")), 3 * strings->count);
    assert_int_equal(count_of(page, STR("<")), known);
}

/* ---- HTML, CSV, JSON, names, terminal */

static void markup_by_hand(void **state)
{
    (void)state;
    becomes(encode_html, "<a href=\"x\" b='y'>&", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
    becomes(encode_xml,
            "a\x01"
            "b\xef\xbf\xbe<",
            "ab&lt;");
}

static void markup_holds_nothing_active(void **state)
{
    const struct strings *strings = *state;

    for (size_t i = 0; i < strings->count; i++) {
        autobuf struct buf out = BUF(1 << 20);

        encode_html(&out, str_of(strings->items[i]));
        assert_null(strpbrk(buf_text(&out), "<>\"'"));
        assert_true(utf8_is_valid(str_slice(buf_text(&out), out.len)));
    }
}

static void csv_by_hand(void **state)
{
    (void)state;
    becomes(encode_csv_text, "Apple M1", "\"Apple M1\"");
    becomes(encode_csv_text, "a\"b,c", "\"a\"\"b,c\"");
    becomes(encode_csv_text, "=1+1", "\"'=1+1\"");
    becomes(encode_csv_text, " =1", "\"' =1\"");
    becomes(encode_csv_text, "@x", "\"'@x\"");
    becomes(encode_csv_text, "-5", "\"-5\"");
    becomes(encode_csv_text, "-x", "\"'-x\"");
    becomes(encode_csv_text, "＝1", "\"'＝1\"");
    becomes(encode_csv_text, "\t=1", "\"' =1\"");
    becomes(encode_csv_text, "a\r\nb", "\"a  b\"");
}

static void csv_fields_are_no_formulas(void **state)
{
    const struct strings *strings = *state;

    for (size_t i = 0; i < strings->count; i++) {
        autobuf struct buf out = BUF(1 << 20);

        encode_csv_text(&out, str_of(strings->items[i]));
        const struct str field = str_slice(buf_text(&out), out.len);

        assert_true(field.len >= 2 && field.data[0] == '"' && field.data[field.len - 1] == '"');
        assert_int_equal(count_of(str_slice(field.data + 1, field.len - 2), STR("\"")) % 2, 0);
        const char first = field.data[1 + strspn(field.data + 1, " ")];

        if (strchr("=+@", first) != NULL)
            fail_msg("%s begins like a formula", field.data);
    }
}

static void json_in_a_page(void **state)
{
    (void)state;
    becomes(encode_json_in_page, "</script>\xe2\x80\xa8\"\\\n", "\"\\u003c/script\\u003e\\u2028\\\"\\\\\\u000a\"");
    becomes(encode_json_in_page, "\xff", "\"\xef\xbf\xbd\"");
}

static void file_names_are_tame(void **state)
{
    const struct strings *strings = *state;

    /* FNV-1a of "M1 Max" and "m1 max", computed in Python. */
    becomes(encode_file_name, "M1 Max", "m1-max-51874015");
    becomes(encode_file_name, "m1 max", "m1-max-043af395");
    for (size_t i = 0; i < strings->count; i++) {
        autobuf struct buf out = BUF(1 << 12);

        encode_file_name(&out, str_of(strings->items[i]));
        assert_int_equal(strspn(buf_text(&out), "abcdefghijklmnopqrstuvwxyz0123456789-"), out.len);
        assert_true(out.len >= 8 && out.len <= 49 && out.data[0] != '-');
    }
}

static void terminals_get_no_controls(void **state)
{
    const struct strings *strings = *state;

    becomes(encode_terminal, "a\x1b[2Jb\n", "a\\x1b[2Jb\\x0a");
    becomes(encode_terminal, "\xe2\x80\xae", "\\u{202e}");
    becomes(encode_terminal, "×\xff", "×\\xff");
    for (size_t i = 0; i < strings->count; i++) {
        autobuf struct buf out = BUF(1 << 20);

        encode_terminal(&out, str_of(strings->items[i]));
        for (size_t j = 0; j < out.len; j++)
            assert_true((unsigned char)out.data[j] >= 0x20 && out.data[j] != 0x7F);
    }
}

static void anchors_as_github_makes_them(void **state)
{
    (void)state;
    becomes(encode_anchor, "Llama 2 7B Q4_0 (llama-bench)", "llama-2-7b-q4_0-llama-bench");
    becomes(encode_anchor, "A × B: C", "a--b-c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_by_hand),
        cmocka_unit_test(cells_are_capped),
        cmocka_unit_test(code_spans_hold_their_text),
        cmocka_unit_test_setup_teardown(cells_hold_nothing_active, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rendered_tables_keep_their_shape, set_up, tear_down),
        cmocka_unit_test(markup_by_hand),
        cmocka_unit_test_setup_teardown(markup_holds_nothing_active, set_up, tear_down),
        cmocka_unit_test(csv_by_hand),
        cmocka_unit_test_setup_teardown(csv_fields_are_no_formulas, set_up, tear_down),
        cmocka_unit_test(json_in_a_page),
        cmocka_unit_test_setup_teardown(file_names_are_tame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(terminals_get_no_controls, set_up, tear_down),
        cmocka_unit_test(anchors_as_github_makes_them),
    };

    return cmocka_run_group_tests_name("text_encode", tests, NULL, NULL);
}
