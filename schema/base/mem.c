#include "schema/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void mem_free_cleanup(void *pointer_to_pointer)
{
    void *pointer;
    memcpy(&pointer, pointer_to_pointer, sizeof pointer);
    free(pointer);
}

void mem_keep_freed(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the largest that it takes */
    (void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

void *mem_zalloc(size_t count, size_t size)
{
    /* calloc checks the product; zero bytes still get an address of their own. */
    return count == 0 || size == 0 ? calloc(1, 1) : calloc(count, size);
}

char *mem_strndup(const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *mem_strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

char *mem_printf(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

int mem_grow(void *items_pointer, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return 0;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    if (size != 0 && wanted > PTRDIFF_MAX / size)
        return -(int)ERR_MEMORY;
    void *items;
    memcpy(&items, items_pointer, sizeof items);
    void *moved = realloc(items, wanted * (size == 0 ? 1 : size));
    if (!moved)
        return -(int)ERR_MEMORY;
    memcpy(items_pointer, &moved, sizeof moved);
    *capacity = wanted;
    return 0;
}
