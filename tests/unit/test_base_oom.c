/* Memory that runs out at every single allocation of a task, one after another:
 * the task must fail with ERR_MEMORY, leave outputs alone, and lose nothing (the
 * address sanitizer looks for leaks). tests.mk links this program so that malloc,
 * calloc and realloc of our own objects come here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/options_internal.h"
#include "schema/base/str.h"
#include "schema/proof/client_key.h"

/* The linker makes these names of --wrap. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool counting;
static size_t allocations, failing; /* failing: 1 = the first one; 0 = none */

static bool must_fail(void)
{
    return counting && ++allocations == failing;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return must_fail() ? NULL : __real_realloc(memory, size);
}

/* Runs the task undisturbed, then fails each of its allocations in turn. */
static void torture(int (*task)(void), size_t least_allocations)
{
    failing = 0;
    allocations = 0;
    counting = true;
    int r = task();
    counting = false;
    assert_int_equal(r, 0);
    size_t total = allocations;
    assert_true(total >= least_allocations);
    for (size_t i = 1; i <= total; i++) {
        allocations = 0;
        failing = i;
        counting = true;
        r = task();
        counting = false;
        if (r != -(int)ERR_MEMORY)
            fail_msg("with allocation %zu of %zu failing the task returned %d", i, total, r);
    }
}

static int fill_buffer(void)
{
    autobuf struct buf buf = BUF(BUF_MIB);
    for (int i = 0; i < 500; i++)
        buf_addf(&buf, "line %d\n", i);
    int r = buf_check(&buf, NULL);
    if (r < 0)
        return r;
    autofree char *text = buf_take(&buf);
    return text ? 0 : -1;
}

static int fill_arena(void)
{
    struct arena arena = {0};
    int *items = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 3000; i++) {
        items = arena_grow(&arena, items, &capacity, i + 1, sizeof *items);
        if (!items || !arena_printf(&arena, "text %zu", i))
            break;
        items[i] = (int)i;
    }
    int r = arena_check(&arena, NULL);
    arena_done(&arena);
    return r;
}

static int grow_array(void)
{
    autofree char **items = NULL;
    size_t capacity = 0;
    int r = 0;
    size_t count = 0;
    for (; r == 0 && count < 100; count++) {
        r = mem_grow(&items, &capacity, count + 1, sizeof *items);
        if (r == 0 && !(items[count] = mem_printf("item %zu", count)))
            r = mem_error(NULL);
        if (r < 0)
            break;
    }
    for (size_t i = 0; i < count; i++)
        free(items[i]);
    return r;
}

static char folder[] = "/tmp/crosschip-oom-XXXXXX";
static char path[64];

static int replace_and_read(void)
{
    autobuf struct buf buf = BUF(1000000);
    int r = file_replace(path, 0600, "text", 4, NULL);
    return r < 0 ? r : file_read(path, &buf, NULL);
}

static int make_folders(void)
{
    return file_make_folders(folder, 0700, NULL);
}

static int make_key(void)
{
    struct client_key key;
    (void)unlink(path);
    return client_key_load_or_make(path, &key, NULL);
}

static const struct option options[] = {
    {"format", 'f', OPTION_TEXT, "NAME", "auto", "Format"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, "Fact"},
    {0},
};

static const struct verb verb = {"show", "[FILE…]", "Show", NULL, NULL, options, 0, -1, NULL};
static const struct program program = {"crosschip-try", "Try", NULL, &verb};

static int parse_options(void)
{
    struct invocation invocation;
    struct err err = {0};
    char a[] = "--set=a", b[] = "file";
    char *words[] = {a, a, a, a, a, a, a, a, a, b};
    int r = invocation_init(&invocation, &program, &verb, &err);
    if (r == 0)
        r = invocation_parse_line(&invocation, 10, words, &err);
    if (r == 0)
        r = invocation_fill(&invocation, &err);
    if (r == 0 && (option_count(&invocation, "set") != 9 || !text_equal(option_text(&invocation, "format"), "auto")))
        r = -1;
    invocation_done(&invocation);
    return r;
}

static int read_conf(void)
{
    struct arena arena = {0};
    struct config config = {0};
    autobuf struct buf text = BUF(BUF_MIB);
    for (int i = 0; i < 300; i++)
        buf_addf(&text, "key%d = \"a rather long value of many letters\"\nother%d = plain\n", i, i);
    int r = buf_check(&text, NULL);
    if (r == 0)
        r = config_parse(&config, &arena, "x.conf", 1, str_of(buf_text(&text)), NULL);
    arena_done(&arena);
    return r;
}

static void buffers(void **state)
{
    (void)state;
    torture(fill_buffer, 5);
}

static void arenas(void **state)
{
    (void)state;
    torture(fill_arena, 5);
}

static void arrays(void **state)
{
    (void)state;
    torture(grow_array, 100);
}

static void files(void **state)
{
    (void)state;
    torture(replace_and_read, 2);
    torture(make_folders, 1);
}

static void keys(void **state)
{
    (void)state;
    torture(make_key, 4);
}

static void options_and_conf(void **state)
{
    (void)state;
    assert_int_equal(setenv("CROSSCHIP_CONFIG", "/dev/null", 1), 0);
    torture(parse_options, 1);
    torture(read_conf, 3);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    return snprintf(path, sizeof path, "%s/file", folder) > 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers), cmocka_unit_test(arenas), cmocka_unit_test(arrays),
        cmocka_unit_test(files),   cmocka_unit_test(keys),   cmocka_unit_test(options_and_conf),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
