#include "schema/json/scan.h"

#include <string.h>

void json_scan_replace(struct json_scan *scan, const char *from, const char *to, const char *bytes, size_t length)
{
    buf_add(scan->copy, scan->copied, (size_t)(from - scan->copied));
    buf_add(scan->copy, bytes, length);
    scan->copied = to;
}

struct str json_scan_text(struct json_scan *scan, const char *from)
{
    if (scan->copied == from)
        return str_slice(from, (size_t)(scan->at - from));
    json_scan_replace(scan, scan->at, scan->at, "", 0);
    return str_slice(buf_text(scan->copy), scan->copy->len);
}

int json_scan_fail(struct json_scan *scan, enum err_code code, const char *at, const char *fault)
{
    if (scan->code == ERR_NONE) {
        scan->code = code;
        scan->fault_at = at;
        scan->fault = fault;
        scan->expected = false;
    }
    return -(int)scan->code;
}

int json_scan_expected(struct json_scan *scan, const char *at, const char *what)
{
    bool first = scan->code == ERR_NONE;
    int result = json_scan_fail(scan, ERR_SYNTAX, at, what);
    if (first)
        scan->expected = true;
    return result;
}

void json_scan_blanks(struct json_scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

static int count_node(struct json_scan *scan)
{
    if (++scan->nodes > scan->limits->nodes)
        return json_scan_fail(scan, ERR_LIMIT, scan->at, "too many values in one document");
    return 0;
}

static int open_container(struct json_scan *scan)
{
    if (scan->depth >= scan->limits->depth)
        return json_scan_fail(scan, ERR_LIMIT, scan->at, "nested too deeply");
    if (mem_grow(&scan->frames, &scan->frame_capacity, scan->depth + 1, sizeof *scan->frames) < 0)
        return json_scan_fail(scan, ERR_MEMORY, scan->at, "out of memory");
    scan->frames[scan->depth++] = (struct scan_frame){.object = *scan->at == '{', .first_key = scan->key_count};
    scan->at++;
    return 0;
}

static int close_container(struct json_scan *scan)
{
    const struct scan_frame *frame = &scan->frames[scan->depth - 1];
    if (json_scan_close_keys(scan, frame) < 0)
        return -(int)scan->code;
    scan->depth--;
    scan->at++;
    return 0;
}

static int scan_literal(struct json_scan *scan, struct str word)
{
    struct str rest = str_slice(scan->at, (size_t)(scan->end - scan->at));
    if (!str_starts_with(rest, word))
        return json_scan_expected(scan, scan->at, "a value");
    scan->at += word.len;
    return 0;
}

/* True inside the member whose text may hold any character (the carried original). */
static bool is_exempt(const struct json_scan *scan)
{
    if (scan->limits->exempt_member == NULL || scan->depth != 2 || !scan->frames[0].object || !scan->frames[1].object)
        return false;
    const struct scan_key *inner = &scan->keys[scan->key_count - 1];
    const struct scan_key *outer = &scan->keys[scan->frames[1].first_key - 1];
    return str_equal(inner->name, STR("text")) && str_equal(outer->name, str_of(scan->limits->exempt_member));
}

/* A value that is no container. */
static int scan_scalar(struct json_scan *scan)
{
    if (scan->at >= scan->end)
        return json_scan_expected(scan, scan->at, "a value");
    if (scan->copy != NULL && json_scan_not_finite(scan))
        return 0;
    switch (*scan->at) {
    case '"':
        return json_scan_string(scan, is_exempt(scan) ? SCAN_EXEMPT : SCAN_VALUE);
    case 't':
        return scan_literal(scan, STR("true"));
    case 'f':
        return scan_literal(scan, STR("false"));
    case 'n':
        return scan_literal(scan, STR("null"));
    default:
        return json_scan_number(scan);
    }
}

/* Key and colon; a value follows. */
static int scan_member_key(struct json_scan *scan)
{
    if (scan->at >= scan->end || *scan->at != '"')
        return json_scan_expected(scan, scan->at, "a quoted member name");
    if (json_scan_string(scan, SCAN_KEY) < 0)
        return -(int)scan->code;
    json_scan_blanks(scan);
    if (scan->at >= scan->end || *scan->at != ':')
        return json_scan_expected(scan, scan->at, "':' after the member name");
    scan->at++;
    json_scan_blanks(scan);
    return 0;
}

/* Begins a value; *ret_complete tells whether it has ended too (false: a container with something inside). */
static int begin_value(struct json_scan *scan, bool *ret_complete)
{
    *ret_complete = true;
    if (count_node(scan) < 0)
        return -(int)scan->code;
    if (scan->at >= scan->end || (*scan->at != '{' && *scan->at != '['))
        return scan_scalar(scan);
    bool object = *scan->at == '{';
    if (open_container(scan) < 0)
        return -(int)scan->code;
    json_scan_blanks(scan);
    if (scan->at < scan->end && *scan->at == (object ? '}' : ']'))
        return close_container(scan);
    *ret_complete = false;
    return object ? scan_member_key(scan) : 0;
}

/* Behind a complete value inside a container: a comma and the next one, or the end. */
static int after_value(struct json_scan *scan, bool *ret_complete)
{
    struct scan_frame *frame = &scan->frames[scan->depth - 1];
    json_scan_blanks(scan);
    if (scan->at < scan->end && *scan->at == (frame->object ? '}' : ']'))
        return close_container(scan);
    if (scan->at >= scan->end || *scan->at != ',')
        return json_scan_expected(scan, scan->at, frame->object ? "',' or '}'" : "',' or ']'");
    scan->at++;
    frame->index++;
    *ret_complete = false;
    json_scan_blanks(scan);
    return frame->object ? scan_member_key(scan) : 0;
}

int json_scan_value(struct json_scan *scan)
{
    bool complete = false;
    do {
        int result = complete ? after_value(scan, &complete) : begin_value(scan, &complete);
        if (result < 0)
            return result;
    } while (!complete || scan->depth > 0);
    if (scan->copy != NULL && scan->copy->failed != 0)
        return json_scan_fail(scan, (enum err_code)scan->copy->failed, scan->at, "the document is too large");
    return 0;
}

void json_scan_done(struct json_scan *scan)
{
    free(scan->frames);
    free(scan->keys);
    free(scan->spans);
    arena_done(&scan->decoded);
    scan->frames = NULL;
    scan->keys = NULL;
    scan->spans = NULL;
}

static void line_and_column(const char *begin, const char *at, int *ret_line, int *ret_column)
{
    int line = 1;
    const char *line_begin = begin;
    const char *found = NULL;
    while (line_begin < at && (found = memchr(line_begin, '\n', (size_t)(at - line_begin))) != NULL) {
        line++;
        line_begin = found + 1;
    }
    *ret_line = line;
    *ret_column = (int)(at - line_begin) + 1;
}

/* "runs[3].metrics[0].mean" of the value that was being read. */
static void add_path(const struct json_scan *scan, struct buf *path)
{
    for (size_t i = 0; i < scan->depth; i++) {
        const struct scan_frame *frame = &scan->frames[i];
        if (!frame->object) {
            buf_addf(path, "[%zu]", frame->index);
            continue;
        }
        size_t next = i + 1 < scan->depth ? scan->frames[i + 1].first_key : scan->key_count;
        if (next == 0 || next <= frame->first_key)
            continue;
        if (path->len > 0)
            buf_addc(path, '.');
        buf_add(path, scan->keys[next - 1].name.data, scan->keys[next - 1].name.len);
    }
}

static int report_expected(const struct json_scan *scan, struct err *err)
{
    if (scan->fault_at >= scan->end)
        return err_set(err, scan->code, "the text ends where %s should stand", scan->fault);
    unsigned char found = (unsigned char)*scan->fault_at;
    if (found > 0x20 && found < 0x7F)
        return err_set(err, scan->code, "expected %s, found '%c'", scan->fault, found);
    if (found == ' ')
        return err_set(err, scan->code, "expected %s, found a blank", scan->fault);
    return err_set(err, scan->code, "expected %s, found byte 0x%02X", scan->fault, (unsigned)found);
}

int json_scan_report(const struct json_scan *scan, struct err *err)
{
    if (scan->expected)
        (void)report_expected(scan, err);
    else
        (void)err_set(err, scan->code, "%s", scan->fault);
    autobuf struct buf path = BUF(sizeof err->path - 1);
    add_path(scan, &path);
    if (path.len > 0)
        (void)err_path(err, "%s", buf_text(&path));
    int line = 0, column = 0;
    line_and_column(scan->begin, scan->fault_at, &line, &column);
    (void)err_at(err, line, column);
    return -(int)scan->code;
}
