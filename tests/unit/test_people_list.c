/* Lists of moderators: a table where it fits, else row by row, and ids are whole in both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "collector/people/list.h"
#include "schema/base/str.h"

#define ID "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void fill(struct table *table)
{
    table_init(table, NULL);
    table_column(table, "id", "id", ALIGN_LEFT);
    table_column_whole(table);
    table_column(table, "from", "from", ALIGN_LEFT);
    table_column(table, "runs", "runs", ALIGN_RIGHT);
    table_column(table, "rules", "rules", ALIGN_LEFT);
    table_row(table);
    table_put_text(table, ID);
    table_put_text(table, NULL);
    table_put_integer(table, 12);
    table_put_text(table,
                   "above the rated bandwidth of this chip, and above that of every other one that was ever sent");
}

static size_t longest(const struct buf *text)
{
    struct str rest = str_slice(text->data, text->len), line;
    size_t most = 0;
    while (str_next_line(&rest, &line)) {
        most = utf8_length(line) > most ? utf8_length(line) : most;
    }
    return most;
}

static void test_fits(void **state)
{
    (void)state;
    autotable struct table table;
    autobuf struct buf narrow = BUF(BUF_MIB), wide = BUF(BUF_MIB);
    fill(&table);
    list_put(&table, 80, &narrow);
    assert_true(longest(&narrow) <= 80);
    assert_int_equal(strncmp(narrow.data, ID "\n  runs: 12; rules: above the rated", sizeof ID + 34), 0);
    assert_non_null(strstr(narrow.data, "ever sent\n"));
    list_put(&table, 0, &wide);
    assert_int_equal(strncmp(wide.data, "id ", 3), 0);
    assert_true(longest(&wide) > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
