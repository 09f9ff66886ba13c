/* Memory, arenas and buffers: sizes that overflow, limits at the border, ownership. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"

/* The sanitizers stop at absurd sizes unless told that NULL is expected. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void allocates_zeroed_or_not_at_all(void **state)
{
    (void)state;
    autofree unsigned char *bytes = mem_zalloc(1000, 3);
    assert_non_null(bytes);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(bytes[i], 0);
    autofree void *nothing = mem_zalloc(0, 8);
    assert_non_null(nothing);
    volatile size_t huge = SIZE_MAX / 2;
    assert_null(mem_zalloc(huge, 4));
    assert_null(mem_strndup("x", SIZE_MAX));
}

static void copies_texts(void **state)
{
    (void)state;
    autofree char *whole = mem_strdup("chip");
    autofree char *part = mem_strndup("chipset", 4);
    autofree char *printed = mem_printf("%s-%d", "M", 4);
    assert_string_equal(whole, "chip");
    assert_string_equal(part, "chip");
    assert_string_equal(printed, "M-4");
}

static void moves_ownership(void **state)
{
    (void)state;
    autofree char *from = mem_strdup("x");
    autofree char *to = TAKE_PTR(from);
    assert_null(from);
    assert_string_equal(to, "x");
}

static void grows_arrays(void **state)
{
    (void)state;
    autofree int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(mem_grow(&items, &capacity, (size_t)i + 1, sizeof *items), 0);
        items[i] = i;
    }
    assert_int_equal(items[999], 999);
    assert_true(capacity >= 1000 && capacity <= 2000);
    int *before = items;
    size_t old = capacity;
    assert_int_equal(mem_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items), -(int)ERR_MEMORY);
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, old);
}

static void arena_aligns_and_zeroes(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *memory = arena_alloc(&arena, 1, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    char *large = arena_alloc(&arena, 1, 3000000);
    assert_non_null(large);
    large[2999999] = 1;
    assert_string_equal(arena_printf(&arena, "%s %d", "M", 10), "M 10");
    assert_string_equal(arena_strndup(&arena, "Ultra", 2), "Ul");
    assert_null(arena_strdup(&arena, NULL));
    assert_int_equal(arena_check(&arena, NULL), 0);
    arena_done(&arena);
    assert_int_equal(arena.used, 0);
}

static void arena_keeps_its_limit(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 1024);
    assert_non_null(arena_alloc(&arena, 1, 1024));
    assert_int_equal(arena_check(&arena, &err), 0);
    assert_null(arena_alloc(&arena, 1, 1));
    assert_null(arena_strdup(&arena, ""));
    assert_int_equal(arena_check(&arena, &err), -(int)ERR_LIMIT);
    arena_done(&arena);
    assert_non_null(arena_alloc(&arena, 4, 256));
    arena_done(&arena);
    assert_null(arena_alloc(&arena, 1, 1025));
    arena_done(&arena);
    assert_null(arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_int_equal(arena_check(&arena, &err), -(int)ERR_MEMORY);
    arena_done(&arena);
}

static void arena_grows_arrays(void **state)
{
    (void)state;
    struct arena arena = {0};
    long *items = NULL;
    size_t capacity = 0;
    for (long i = 0; i < 500; i++) {
        items = arena_grow(&arena, items, &capacity, (size_t)i + 1, sizeof *items);
        assert_non_null(items);
        items[i] = i * i;
    }
    for (long i = 0; i < 500; i++)
        assert_int_equal(items[i], i * i);
    arena_done(&arena);
}

static void arena_takes_another(void **state)
{
    (void)state;
    const char *texts[200];
    struct arena all = {0}, other = {0}, failed = {.failed = ERR_MEMORY};
    arena_take(&all, &other);
    assert_null(all.blocks);
    for (size_t i = 0; i < 200; i++) {
        texts[i] = arena_printf(&other, "%0100zu", i);
        if (i % 50 == 10)
            arena_take(&all, &other);
        if (i % 50 == 20)
            assert_non_null(arena_alloc(&all, 10, 100));
    }
    arena_take(&all, &other);
    assert_null(other.blocks);
    assert_int_equal(other.used, 0);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(strtoul(texts[i], NULL, 10), i);
    assert_int_equal(arena_check(&all, NULL), 0);
    arena_take(&all, &failed);
    assert_int_equal(arena_check(&all, NULL), -(int)ERR_MEMORY);
    arena_done(&all);
}

static void buf_collects(void **state)
{
    (void)state;
    autobuf struct buf buf = BUF(BUF_MIB);
    assert_string_equal(buf_text(&buf), "");
    buf_adds(&buf, "a");
    buf_addc(&buf, 'b');
    buf_add(&buf, "c\0d", 3);
    buf_adds(&buf, NULL);
    buf_addf(&buf, "%03d%s", 7, "");
    assert_int_equal(buf.len, 8);
    assert_memory_equal(buf.data, "abc\0d007", 9);
    buf_reset(&buf);
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 10000; i++)
        buf_addf(&buf, "%d,", i);
    assert_int_equal(buf_check(&buf, NULL), 0);
    assert_int_equal(buf.len, 48890);
    assert_int_equal(buf.data[buf.len], 0);
}

static void buf_stops_at_its_limit(void **state)
{
    (void)state;
    struct err err = {0};
    autobuf struct buf buf = BUF(10);
    buf_adds(&buf, "1234567890");
    assert_int_equal(buf_check(&buf, &err), 0);
    buf_addc(&buf, 'x');
    buf_adds(&buf, "");
    assert_int_equal(buf_check(&buf, &err), -(int)ERR_LIMIT);
    assert_string_equal(buf_text(&buf), "1234567890");
    assert_non_null(strstr(err.text, "10 bytes"));
    assert_null(buf_take(&buf));
    buf_reset(&buf);
    buf_addf(&buf, "%s", "12345678901");
    assert_int_equal(buf_check(&buf, NULL), -(int)ERR_LIMIT);
    buf_done(&buf);
    assert_int_equal(buf.max, 10);
    buf_add(&buf, "x", SIZE_MAX);
    assert_int_equal(buf_check(&buf, NULL), -(int)ERR_LIMIT);
}

static void buf_gives_its_bytes_away(void **state)
{
    (void)state;
    autobuf struct buf buf = BUF(100);
    autofree char *nothing = buf_take(&buf);
    assert_string_equal(nothing, "");
    buf_adds(&buf, "text");
    autofree char *text = buf_take(&buf);
    assert_string_equal(text, "text");
    assert_int_equal(buf.len, 0);
    assert_null(buf.data);
}

static void room_for_a_buffer_is_exact(void **state)
{
    (void)state;
    autobuf struct buf buf = BUF(100);
    buf_reserve(&buf, 60);
    assert_int_equal(buf.capacity, 61);
    assert_string_equal(buf_text(&buf), "");
    buf_adds(&buf, "abc");
    const char *data = buf.data;
    buf_reserve(&buf, 10); /* there is more */
    assert_ptr_equal(buf.data, data);
    buf_reserve(&buf, 101); /* never over the limit; what is added fails then, not this */
    assert_int_equal(buf.capacity, 61);
    assert_int_equal(buf_check(&buf, NULL), 0);
    assert_string_equal(buf_text(&buf), "abc");
    buf_fit(&buf);
    assert_int_equal(buf.capacity, 4);
    buf_adds(&buf, "def");
    assert_string_equal(buf_text(&buf), "abcdef");
    autobuf struct buf empty = BUF(100);
    buf_fit(&empty);
    assert_null(empty.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_for_a_buffer_is_exact),
        cmocka_unit_test(allocates_zeroed_or_not_at_all),
        cmocka_unit_test(copies_texts),
        cmocka_unit_test(moves_ownership),
        cmocka_unit_test(grows_arrays),
        cmocka_unit_test(arena_aligns_and_zeroes),
        cmocka_unit_test(arena_keeps_its_limit),
        cmocka_unit_test(arena_grows_arrays),
        cmocka_unit_test(arena_takes_another),
        cmocka_unit_test(buf_collects),
        cmocka_unit_test(buf_stops_at_its_limit),
        cmocka_unit_test(buf_gives_its_bytes_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
