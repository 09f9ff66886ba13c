/* Tables: one content, four printers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/text/table.h"

static void fill(struct table *table)
{
    table_init(table, "Bandwidth");
    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "bandwidth_gb_s", NULL, ALIGN_RIGHT);
    table_column_for_people(table, "GB/s", ALIGN_RIGHT);
    table_column(table, "runs", "Runs", ALIGN_RIGHT);
    table_row(table);
    table_put_text(table, "M1|Max");
    table_mark_bold(table);
    table_put_number(table, 54.62, 0, NULL);
    table_put_number(table, 54.62, 1, NULL);
    table_mark_note(table, "flag");
    table_put_integer(table, 12345);
    table_row(table);
    table_put_text(table, "=x");
    table_put_number(table, (double)NAN, 0, NULL);
    table_put_number(table, (double)INFINITY, 1, NULL);
    table_put_integer(table, -1);
    table_note(table, "A note.");
}

static void four_printers(void **state)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf out = BUF(1 << 16);

    (void)state;
    fill(&table);
    assert_int_equal(table_check(&table, NULL), 0);
    table_print_markdown(&table, &out);
    assert_string_equal(buf_text(&out), "| Chip | GB/s | Runs |\n|:---|---:|---:|\n"
                                        "| **M1&#124;Max** | 54.6[^flag] | 12,345 |\n| =x | – | – |\n");
    buf_reset(&out);
    table_print_csv(&table, &out);
    assert_string_equal(buf_text(&out), "chip,bandwidth_gb_s,runs\n\"M1|Max\",54.62,12345\n\"'=x\",,\n");
    buf_reset(&out);
    table_print_json(&table, &out);
    assert_string_equal(buf_text(&out),
                        "[\n {\n  \"chip\": \"M1|Max\",\n  \"bandwidth_gb_s\": 54.62,\n  \"runs\": 12345\n },\n"
                        " {\n  \"chip\": \"=x\",\n  \"bandwidth_gb_s\": null,\n  \"runs\": null\n }\n]\n");
    buf_reset(&out);
    table_print_text(&table, &out);
    assert_string_equal(buf_text(&out),
                        "Bandwidth\nChip    GB/s    Runs\nM1|Max  54.6  12,345\n=x         –       –\nA note.\n");
}

/* Two kinds of tables, in turns: each kind below one header, what only people see is no difference. */
static void several_tables_are_one_csv(void **state)
{
    autobuf struct buf out = BUF(1 << 12);
    struct table tables[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        table_init(&tables[i], i == 0 ? "a, \"b\"" : i == 1 ? "c" : NULL);
        table_column(&tables[i], "chip", "Chip", ALIGN_LEFT);
        if (i == 2)
            table_column_for_people(&tables[i], "GB/s", ALIGN_RIGHT);
        table_column(&tables[i], i == 1 ? "w" : "gb_s", NULL, ALIGN_RIGHT);
        table_row(&tables[i]);
        table_put_text(&tables[i], "M1");
        if (i == 2)
            table_put_missing(&tables[i]);
        table_put_integer(&tables[i], (int64_t)i);
    }
    tables_print_csv(tables, 3, &out);
    assert_string_equal(buf_text(&out), "table,chip,gb_s\n\"a, \"\"b\"\"\",\"M1\",0\n\"\",\"M1\",2\n\n"
                                        "table,chip,w\n\"c\",\"M1\",1\n");
    for (size_t i = 0; i < 3; i++)
        table_done(&tables[i]);
}

/* What was put with a text keeps it, what is missing asks for nothing. */
static void a_column_is_evened(void **state)
{
    autotable struct table table;
    autobuf struct buf text = BUF(4096);

    (void)state;
    table_init(&table, NULL);
    table_column(&table, "a", "A", ALIGN_RIGHT);
    table_column(&table, "b", "B", ALIGN_RIGHT);
    for (int i = 0; i < 3; i++) {
        table_row(&table);
        table_put_number(&table, i == 0 ? 126.36 : i == 1 ? 9.5 : (double)NAN, 0, NULL);
        table_put_number(&table, i == 0 ? 126.36 : 9.5, 0, i == 1 ? "some" : NULL);
    }
    table_even_decimals(&table, 0);
    table_even_decimals(&table, 1);
    table_print_markdown(&table, &text);
    assert_non_null(strstr(buf_text(&text), "| 126.36 | 126.36 |\n| 9.50 | some |\n| – | 9.50 |\n"));
}

static void missing_is_never_zero(void **state)
{
    autotable struct table table = {.caption = NULL};

    (void)state;
    fill(&table);
    assert_int_equal(table_at(&table, 1, 1)->kind, CELL_MISSING);
    assert_int_equal(table_at(&table, 1, 3)->kind, CELL_MISSING);
    assert_null(table_at(&table, 2, 0));
    assert_null(table_at(&table, 0, 4));
}

/* More puts than columns, marks without cells: nothing breaks, nothing moves. */
static void misuse_is_harmless(void **state)
{
    autotable struct table table = {.caption = NULL};
    autobuf struct buf out = BUF(1 << 12);

    (void)state;
    table_init(&table, NULL);
    table_mark_bold(&table);
    table_put_text(&table, "nowhere");
    table_column(&table, "a", "A", ALIGN_LEFT);
    table_row(&table);
    table_put_text(&table, "x");
    table_put_text(&table, "too many");
    table_print_csv(&table, &out);
    assert_string_equal(buf_text(&out), "a\n\"x\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_printers), cmocka_unit_test(a_column_is_evened), cmocka_unit_test(missing_is_never_zero),
        cmocka_unit_test(several_tables_are_one_csv), cmocka_unit_test(misuse_is_harmless)};

    return cmocka_run_group_tests_name("text_table", tests, NULL, NULL);
}
