/* "did you mean": optimal string alignment distance (Levenshtein with swaps of
 * neighbours), for names of at most 63 bytes. */
#include "schema/base/nearest.h"

#include <string.h>

#define NAME_MOST 63

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MOST + 1];
    size_t length_a = strlen(a), length_b = strlen(b);
    size_t *older = rows[0], *old = rows[1], *now = rows[2];
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= length_b; j++)
        old[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t change = old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = least(change, least(old[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], older[j - 2] + 1);
        }
        size_t *free_row = older;
        older = old;
        old = now;
        now = free_row;
    }
    return old[length_b];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t length = strlen(nearest->word);
    if (length == 0 || length > NAME_MOST || strlen(candidate) > NAME_MOST)
        return;
    size_t far = distance(nearest->word, candidate);
    size_t most = length < 4 ? 1 : length / 2 > 3 ? 3 : length / 2;
    if (strncmp(nearest->word, candidate, length) == 0)
        far = most < 1 ? 0 : 1; /* the beginning of a name: "serv" means server */
    if (far <= most && (!nearest->best || far < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = far;
    }
}
