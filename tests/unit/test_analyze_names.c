/* Texts by number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "analyze/data/names.h"

static void equal_texts_share_a_number(void **state)
{
    enum { MANY = 5000 };
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autonames struct names names = {.count = 0};
    char text[32];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < MANY; i++) {
            (void)snprintf(text, sizeof(text), "text %zu", i);
            assert_int_equal(names_number(&names, &arena, str_of(text)), i);
        }
    assert_int_equal(names.count, MANY);
    assert_ptr_equal(names_text(&names, &arena, "text 7"), names.items[7]);
    assert_string_equal(names_text(&names, &arena, NULL), "");
    /* The beginning of a text, a longer one, and one that goes on behind a zero byte are others. */
    assert_int_equal(names_number(&names, &arena, STR("text")), MANY);
    assert_int_equal(names_number(&names, &arena, str_slice("text\0x", 6)), MANY + 1);
    assert_int_equal(names_number(&names, &arena, str_slice("text\0y", 6)), MANY + 2);
    assert_int_equal(names_number(&names, &arena, str_slice("text\0x", 6)), MANY + 1);
    assert_int_equal(names_number(&names, &arena, STR("")), MANY + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equal_texts_share_a_number)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
