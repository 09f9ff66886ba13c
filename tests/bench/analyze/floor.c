/* The least that a table of medians takes: binary COPY of (cell int8, value float8) on standard input, sorted by cell
 * and value, the median of each cell. Prints the number of cells. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"

struct item {
    int64_t cell;
    double value;
};

static int compare(const void *left, const void *right)
{
    const struct item *a = left, *b = right;

    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

static uint64_t big_endian(const unsigned char *bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

int main(void)
{
    enum { HEADER = 19, ROW = 2 + 4 + 8 + 4 + 8 };
    unsigned char bytes[ROW];
    struct item *items = NULL;
    size_t count = 0, capacity = 0, cells = 0;
    double sum = 0;

    if (fread(bytes, 1, HEADER, stdin) != HEADER)
        return 1;
    while (fread(bytes, 1, ROW, stdin) == ROW) {
        const uint64_t value = big_endian(bytes + 18);

        if (mem_grow(&items, &capacity, count + 1, sizeof(*items)) < 0)
            return 1;
        items[count].cell = (int64_t)big_endian(bytes + 6);
        memcpy(&items[count++].value, &value, sizeof(value));
    }
    qsort(items, count, sizeof(*items), compare);
    for (size_t from = 0, to = 0; from < count; from = to, cells++) {
        for (to = from; to < count && items[to].cell == items[from].cell;)
            to++;
        sum += items[from + (to - from) / 2].value;
    }
    printf("%zu cells, %zu values, %g\n", cells, count, sum);
    free(items);
    return 0;
}
