#include "collector/take/mail.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "collector/take/mail_decode.h"
#include "schema/base/mem.h"

enum { DEPTH_MAX = 8, PARTS_MAX = 1000, HEADERS_MAX = 200, HEADER_BYTES = 64 << 10, PART_BYTES = 64 << 20 };

struct walk {
    int (*each)(void *context, const struct mail_part *part, struct err *err);
    void *context;
    size_t parts;
};

/* What a part says of itself. */
struct heading {
    struct arena arena;
    const char *type, *encoding, *disposition; /* whole values, unfolded */
    struct str body;
};

static void heading_done(struct heading *heading)
{
    arena_done(&heading->arena);
}
#define autoheading cleanup(heading_done)

/* "Name:" at the beginning of a line. */
static size_t field_name_length(struct str line)
{
    size_t length = 0;
    while (length < line.len && line.data[length] > 32 && line.data[length] != ':' && line.data[length] < 127) {
        length++;
    }
    return length > 0 && length < line.len && line.data[length] == ':' ? length : 0;
}

bool mail_is_message(struct str text)
{
    static const char *const telling[] = {"From",        "To",       "Subject",      "Date",         "Message-ID",
                                          "Return-Path", "Received", "MIME-Version", "Delivered-To", "Content-Type"};
    struct str line;
    bool told = false;
    for (size_t number = 0; number < HEADERS_MAX && str_next_line(&text, &line); number++) {
        size_t length = field_name_length(line);
        if (line.len == 0) {
            return told;
        }
        if (length == 0 && (number == 0 || (line.data[0] != ' ' && line.data[0] != '\t'))) {
            return false;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(telling); i++) {
            told = told || str_equal_ignore_case(str_slice(line.data, length), str_of(telling[i]));
        }
    }
    return false;
}

static void keep_field(struct heading *heading, const char *field)
{
    static const char content_type[] = "content-type:", encoding[] = "content-transfer-encoding:",
                      disposition[] = "content-disposition:";
    if (strncasecmp(field, content_type, sizeof content_type - 1) == 0) {
        heading->type = field + sizeof content_type - 1;
    } else if (strncasecmp(field, encoding, sizeof encoding - 1) == 0) {
        heading->encoding = field + sizeof encoding - 1;
    } else if (strncasecmp(field, disposition, sizeof disposition - 1) == 0) {
        heading->disposition = field + sizeof disposition - 1;
    }
}

/* Splits a part into its fields, unfolded, and its body. */
static int read_heading(struct str part, struct heading *ret, struct err *err)
{
    autobuf struct buf field = BUF(HEADER_BYTES);
    struct str line;
    while (str_next_line(&part, &line) && line.len > 0) {
        if (line.data[0] != ' ' && line.data[0] != '\t') {
            keep_field(ret, arena_strdup(&ret->arena, buf_text(&field)));
            buf_reset(&field);
        }
        buf_add(&field, line.data, line.len); /* a field above the limit is cut */
    }
    const char *last = arena_strdup(&ret->arena, buf_text(&field));
    if (last != NULL) {
        keep_field(ret, last);
    }
    ret->body = part;
    return arena_check(&ret->arena, err);
}

/* The value of "; name=value" or "; name=\"value\""; NULL when it is not there. */
static const char *parameter(struct arena *arena, const char *field, const char *name)
{
    size_t length = strlen(name);
    const char *at = field != NULL ? field : "";
    while ((at = strchr(at, ';')) != NULL) {
        at++;
        while (isspace((unsigned char)*at)) {
            at++;
        }
        if (strncasecmp(at, name, length) != 0 || at[length] != '=') {
            continue;
        }
        at += length + 1;
        if (*at != '"') {
            return arena_strndup(arena, at, strcspn(at, "; \t"));
        }
        const char *end = strchr(at + 1, '"');
        return arena_strndup(arena, at + 1, end != NULL ? (size_t)(end - at - 1) : strlen(at + 1));
    }
    return NULL;
}

static const char *type_of(struct heading *heading)
{
    const char *value = heading->type != NULL ? heading->type : "text/plain";
    value += strspn(value, " \t");
    char *type = arena_strndup(&heading->arena, value, strcspn(value, "; \t"));
    for (char *at = type; at != NULL && *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return type != NULL ? type : "";
}

static int read_part(struct walk *walk, struct str part, int depth, struct err *err);

/* A line that is the delimiter of the boundary: 1, the last one: 2, else 0 (RFC 2046 section 5.1.1). */
static int delimiter(struct str line, struct str boundary)
{
    if (line.len < boundary.len + 2 || line.data[0] != '-' || line.data[1] != '-' ||
        memcmp(line.data + 2, boundary.data, boundary.len) != 0) {
        return 0;
    }
    struct str rest = str_trim(str_slice(line.data + 2 + boundary.len, line.len - 2 - boundary.len));
    return rest.len == 0 ? 1 : str_equal(rest, STR("--")) ? 2 : 0;
}

/* The line end before a delimiter belongs to it. */
static struct str without_line_end(struct str text)
{
    if (str_ends_with(text, STR("\n"))) {
        text.len--;
    }
    if (str_ends_with(text, STR("\r"))) {
        text.len--;
    }
    return text;
}

static int read_multipart(struct walk *walk, struct str body, const char *boundary, int depth, struct err *err)
{
    struct str line, rest = body;
    const char *begin = NULL;
    int kind = 0, code = 0;
    while (code == 0 && kind != 2 && str_next_line(&rest, &line)) {
        kind = delimiter(line, str_of(boundary));
        if (kind == 0) {
            continue;
        }
        if (begin != NULL) {
            code = read_part(walk, without_line_end(str_slice(begin, (size_t)(line.data - begin))), depth + 1, err);
        }
        begin = rest.data;
    }
    /* A message that was cut off still has what stands before the cut. */
    if (code == 0 && kind != 2 && begin != NULL) {
        code = read_part(walk, str_slice(begin, (size_t)(body.data + body.len - begin)), depth + 1, err);
    }
    return code;
}

static int give_part(struct walk *walk, struct heading *heading, const char *type, struct err *err)
{
    autobuf struct buf bytes = BUF(PART_BYTES);
    const char *name = parameter(&heading->arena, heading->disposition, "filename");
    if (name == NULL) {
        name = parameter(&heading->arena, heading->type, "name");
    }
    const char *slash = name != NULL ? strrchr(name, '/') : NULL;
    mail_decode(heading->body, heading->encoding, parameter(&heading->arena, heading->type, "charset"),
                text_starts_with(type, "text/"), &bytes);
    int code = buf_check(&bytes, err);
    if (code == 0) {
        code = arena_check(&heading->arena, err);
    }
    if (code != 0) {
        return code;
    }
    const struct mail_part part = {
        .name = slash != NULL ? slash + 1 : name, .type = type, .bytes = str_slice(buf_text(&bytes), bytes.len)};
    return walk->each(walk->context, &part, err);
}

static int read_part(struct walk *walk, struct str part, int depth, struct err *err)
{
    autoheading struct heading heading = {0};
    if (depth > DEPTH_MAX || ++walk->parts > PARTS_MAX) {
        return err_set(err, ERR_LIMIT, "the mail holds more than %d parts, or nests them more than %d deep", PARTS_MAX,
                       DEPTH_MAX);
    }
    int code = read_heading(part, &heading, err);
    if (code != 0) {
        return code;
    }
    const char *type = type_of(&heading), *boundary = parameter(&heading.arena, heading.type, "boundary");
    if (text_starts_with(type, "multipart/") && !text_is_empty(boundary)) {
        return read_multipart(walk, heading.body, boundary, depth, err);
    }
    if (text_equal(type, "message/rfc822")) {
        return read_part(walk, heading.body, depth + 1, err);
    }
    return give_part(walk, &heading, type, err);
}

int mail_read(struct str message, int (*each)(void *context, const struct mail_part *part, struct err *err),
              void *context, struct err *err)
{
    struct walk walk = {.each = each, .context = context};
    return read_part(&walk, message, 0, err);
}
