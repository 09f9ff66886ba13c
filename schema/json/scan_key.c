/* Member names of open objects: for paths in errors, and in the strict reader to
 * refuse duplicates. Sorting by content keeps that at n log n whatever the names. */
#include <stdlib.h>
#include <string.h>

#include "schema/json/scan.h"

int json_scan_add_key(struct json_scan *scan, struct str name, const char *at)
{
    /* Only the strict reader compares names; the tolerant one keeps the latest for paths. */
    size_t first = scan->frames[scan->depth - 1].first_key;
    if (scan->copy != NULL && scan->key_count > first)
        scan->key_count = first;
    if (mem_grow(&scan->keys, &scan->key_capacity, scan->key_count + 1, sizeof *scan->keys) < 0)
        return json_scan_fail(scan, ERR_MEMORY, at, "out of memory");
    scan->keys[scan->key_count++] = (struct scan_key){name, at};
    return 0;
}

static int compare_keys(const void *left, const void *right)
{
    const struct scan_key *a = left, *b = right;
    if (a->name.len != b->name.len)
        return a->name.len < b->name.len ? -1 : 1;
    int order = a->name.len == 0 ? 0 : memcmp(a->name.data, b->name.data, a->name.len);
    if (order != 0)
        return order;
    return a->at < b->at ? -1 : a->at > b->at;
}

int json_scan_close_keys(struct json_scan *scan, const struct scan_frame *frame)
{
    size_t count = scan->key_count - frame->first_key;
    if (scan->copy == NULL && count > 1) {
        struct scan_key *keys = scan->keys + frame->first_key;
        qsort(keys, count, sizeof *keys, compare_keys);
        for (size_t i = 1; i < count; i++) {
            if (!str_equal(keys[i - 1].name, keys[i].name))
                continue;
            /* The path names the last key: put the culprit there. */
            struct scan_key again = keys[i];
            keys[count - 1] = again;
            return json_scan_fail(scan, ERR_DATA, again.at, "this member name stands twice in one object");
        }
    }
    scan->key_count = frame->first_key;
    return 0;
}
