/* The XML reader: the tree, places, limits, and the attacks that it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/read/xml.h"

static int read_text(const char *text, struct arena *arena, struct xml_element **root, struct err *err)
{
    size_t used = 0;
    return xml_read(str_of(text), arena, root, &used, err);
}

static void test_tree(void **state)
{
    (void)state;
    static const char text[] = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<!-- c --><a x = '1 &lt; 2' y=\"\">\n"
                               "  <b>one &amp; <![CDATA[<two>]]></b><c/>tail<b n='2'> \n</b></a> log <";
    struct arena arena = {0};
    struct xml_element *root = NULL;
    size_t used = 0;
    assert_int_equal(xml_read(STR(text), &arena, &root, &used, NULL), 0);
    assert_string_equal(text + used, " log <");
    assert_string_equal(root->name, "a");
    assert_int_equal(root->line, 2);
    assert_string_equal(xml_attribute(root, "x"), "1 < 2");
    assert_string_equal(xml_attribute(root, "y"), "");
    assert_null(xml_attribute(root, "z"));
    assert_string_equal(root->text, "tail");
    const struct xml_element *b = xml_child(root, "b"), *c = xml_child(root, "c");
    assert_string_equal(b->text, "one & <two>");
    assert_int_equal(b->line, 3);
    assert_string_equal(xml_attribute(xml_sibling(b, "b"), "n"), "2");
    assert_null(xml_sibling(xml_sibling(b, "b"), "b"));
    assert_string_equal(xml_child_text(root, "none"), "");
    assert_memory_equal(text + b->begin, "<b>one", 6);
    assert_memory_equal(text + b->inner_end, "</b><c/>", 8);
    assert_memory_equal(text + b->end, "<c/>", 4);
    assert_int_equal(c->end - c->begin, 4);
    struct str place;
    assert_true(xml_attribute_place(STR(text), root, "x", &place));
    assert_true(str_equal(place, STR("1 &lt; 2")));
    assert_true(xml_attribute_place(STR(text), root, "y", &place));
    assert_int_equal(place.len, 0);
    assert_false(xml_attribute_place(STR(text), root, "z", &place));
    arena_done(&arena);
}

static void expect_refusal(const char *text, enum err_code code, int line, const char *part)
{
    struct arena arena = {0};
    struct xml_element *root = NULL;
    struct err err = {0};
    int r = read_text(text, &arena, &root, &err);
    if (r != -(int)code || strstr(err.text, part) == NULL || err.line != line)
        fail_msg("%.60s: %d %s, line %d", text, r, err.text, err.line);
    arena_done(&arena);
}

static void test_refusals(void **state)
{
    (void)state;
    expect_refusal("<!DOCTYPE a [<!ENTITY l 'ha'><!ENTITY m '&l;&l;&l;'>]><a>&m;</a>", ERR_SYNTAX, 1, "document type");
    expect_refusal("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", ERR_SYNTAX, 1, "document type");
    expect_refusal("<a>&l;</a>", ERR_SYNTAX, 1, "undefined entity");
    expect_refusal("<a>\n<b></a>", ERR_SYNTAX, 2, "mismatched");
    expect_refusal("<a>\n<b>", ERR_SYNTAX, 2, "breaks off");
    expect_refusal("", ERR_SYNTAX, 1, "breaks off");
    expect_refusal("text", ERR_SYNTAX, 1, "no XML");
    expect_refusal("<a b='1' b='2'/>", ERR_SYNTAX, 1, "duplicate");
    expect_refusal("<a>\xFF</a>", ERR_SYNTAX, 1, "no XML");
    expect_refusal("<a>\x01</a>", ERR_SYNTAX, 1, "no XML");
}

/* What stood before the fault is there. */
static void test_broken(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct xml_element *root = NULL;
    assert_int_equal(read_text("<a><b>1</b><c>2", &arena, &root, NULL), -ERR_SYNTAX);
    assert_string_equal(xml_child_text(root, "b"), "1");
    assert_string_equal(xml_child_text(root, "c"), "2");
    assert_int_equal(root->end, 0);
    arena_done(&arena);
}

static void repeat(struct buf *buf, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_adds(buf, text);
}

/* `count` of something at the limit is read, one more is refused. */
static void expect_limit(const char *front, const char *piece, size_t count, const char *back)
{
    for (size_t more = 0; more < 2; more++) {
        autobuf struct buf text = BUF(16 * BUF_MIB);
        struct arena arena = {0};
        struct xml_element *root = NULL;
        buf_adds(&text, front);
        repeat(&text, piece, count + more);
        buf_adds(&text, back);
        assert_int_equal(read_text(buf_text(&text), &arena, &root, NULL), more == 0 ? 0 : -ERR_LIMIT);
        arena_done(&arena);
    }
}

static void test_limits(void **state)
{
    (void)state;
    expect_limit("<a>", "<b/>", XML_ELEMENTS_MAX - 1, "</a>");
    expect_limit("<a>", "t", XML_TEXT_BYTES_MAX, "</a>");
    expect_limit("<a b='", "t", XML_TEXT_BYTES_MAX, "'/>");
    expect_limit("<a", "a", XML_NAME_BYTES_MAX - 1, "/>");
    for (size_t more = 0; more < 2; more++) {
        autobuf struct buf deep = BUF(BUF_MIB), wide = BUF(BUF_MIB);
        struct arena arena = {0};
        struct xml_element *root = NULL;
        repeat(&deep, "<a>", XML_DEPTH_MAX + more);
        repeat(&deep, "</a>", XML_DEPTH_MAX + more);
        assert_int_equal(read_text(buf_text(&deep), &arena, &root, NULL), more == 0 ? 0 : -ERR_LIMIT);
        buf_adds(&wide, "<a");
        for (size_t i = 0; i < XML_ATTRIBUTES_MAX + more; i++)
            buf_addf(&wide, " b%zu='1'", i);
        buf_adds(&wide, "/>");
        assert_int_equal(read_text(buf_text(&wide), &arena, &root, NULL), more == 0 ? 0 : -ERR_LIMIT);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
