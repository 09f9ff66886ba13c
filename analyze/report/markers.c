#include "analyze/report/markers.h"

#include <string.h>

#include "schema/base/mem.h"

#define NAME_MAX_LENGTH 64

enum marker_kind { MARKER_NONE, MARKER_BEGIN, MARKER_END };

struct marker {
    enum marker_kind kind;
    struct str name;
};

static struct marker marker_of(struct str line)
{
    static const struct str ending = {" -->", 4};
    struct str text = str_trim(line);
    struct marker marker = {MARKER_NONE, {NULL, 0}};
    struct str start = STR("<!-- crosschip:begin ");

    if (!str_starts_with(text, start)) {
        start = STR("<!-- crosschip:end ");
        if (!str_starts_with(text, start))
            return marker;
        marker.kind = MARKER_END;
    } else {
        marker.kind = MARKER_BEGIN;
    }
    if (!str_ends_with(text, ending) || text.len < start.len + ending.len) {
        marker.kind = MARKER_NONE;
        return marker;
    }
    marker.name = str_trim(str_slice(text.data + start.len, text.len - start.len - ending.len));
    return marker;
}

static size_t block_index(const struct block *blocks, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, str_of(blocks[i].name)))
            return i;
    return SIZE_MAX;
}

static void add_block(struct buf *into, const struct block *block)
{
    buf_addf(into, "<!-- crosschip:begin %s -->\n", block->name);
    buf_add(into, block->text.data, block->text.len);
    buf_addf(into, "<!-- crosschip:end %s -->\n", block->name);
}

/* Takes a line with its line break. */
static struct str take_line(struct str *rest)
{
    const char *found = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
    const size_t length = found != NULL ? (size_t)(found - rest->data) + 1 : rest->len;
    const struct str line = str_slice(rest->data, length);

    rest->data += length;
    rest->len -= length;
    return line;
}

static int broken(struct err *err, int line, const char *what, struct str name)
{
    (void)err_set(err, ERR_DATA, "the marker of block \"%.*s\" %s",
                  (int)(name.len < NAME_MAX_LENGTH ? name.len : NAME_MAX_LENGTH), name.data, what);
    (void)err_hint(err, "put the markers right, or move the file away to have it made anew");
    return err_at(err, line, 1);
}

/* Which blocks stand in the document; checks that markers pair. */
static int find_blocks(struct str existing, const struct block *blocks, size_t count, bool *present, struct err *err)
{
    struct str rest = existing, open = {NULL, 0};
    bool inside = false;
    int number = 0, opened_at = 0;

    while (rest.len > 0) {
        const struct marker marker = marker_of(take_line(&rest));
        const size_t index = marker.kind == MARKER_NONE ? SIZE_MAX : block_index(blocks, count, marker.name);

        number++;
        if (marker.kind == MARKER_NONE)
            continue;
        if (marker.kind == MARKER_BEGIN) {
            if (inside)
                return broken(err, number, "stands inside another block", marker.name);
            if (index != SIZE_MAX && present[index])
                return broken(err, number, "stands twice", marker.name);
            if (index != SIZE_MAX)
                present[index] = true;
            opened_at = number;
        } else if (!inside || !str_equal(open, marker.name)) {
            return broken(err, number, "ends what was not begun", marker.name);
        }
        inside = marker.kind == MARKER_BEGIN;
        open = marker.name;
    }
    return inside ? broken(err, opened_at, "is not closed", open) : 0;
}

/* The blocks behind number `index` that the document lacks. */
static void add_missing(const struct block *blocks, size_t count, size_t index, const bool *present, struct buf *into)
{
    for (size_t i = index + 1; i < count && !present[i]; i++) {
        buf_addc(into, '\n');
        add_block(into, &blocks[i]);
    }
}

static void end_open_line(struct buf *into)
{
    if (into->len > 0 && into->data[into->len - 1] != '\n')
        buf_addc(into, '\n');
}

/* Blocks that no block of the document precedes: at the end of it. */
static void add_leading(const struct block *blocks, size_t count, const bool *present, struct buf *into)
{
    for (size_t i = 0; i < count && !present[i]; i++) {
        end_open_line(into);
        if (into->len > 0)
            buf_addc(into, '\n');
        add_block(into, &blocks[i]);
    }
}

int markers_merge(struct str existing, const struct block *blocks, size_t count, struct buf *into, struct err *err)
{
    autofree bool *present = mem_zalloc(count + 1, sizeof(*present));
    struct str rest = existing;
    bool replacing = false;

    if (present == NULL)
        return mem_error(err);
    const int status = find_blocks(existing, blocks, count, present, err);

    if (status < 0)
        return status;
    while (rest.len > 0) {
        const struct str line = take_line(&rest);
        const struct marker marker = marker_of(line);
        const size_t index = marker.kind == MARKER_NONE ? SIZE_MAX : block_index(blocks, count, marker.name);

        if (index != SIZE_MAX && marker.kind == MARKER_BEGIN) {
            replacing = true;
            add_block(into, &blocks[index]);
        } else if (index != SIZE_MAX) {
            replacing = false;
            add_missing(blocks, count, index, present, into);
        } else if (!replacing) {
            buf_add(into, line.data, line.len);
        }
    }
    add_leading(blocks, count, present, into);
    return buf_check(into, err);
}
