#include "schema/bundle/redact_find.h"

#include <string.h>

bool redact_is_word(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static int hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    char lower = digit >= 'A' && digit <= 'F' ? (char)(digit + 32) : digit;
    const char *found = lower != '\0' ? strchr(digits, lower) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* "\uXXXX", also with the backslash doubled (JSON inside a string): bytes used or 0. */
static size_t unicode_escape(struct str text, size_t at, uint32_t *ret_unit)
{
    size_t from = at;
    while (at < text.len && at - from < 2 && text.data[at] == '\\')
        at++;
    if (at == from || text.len - at < 5 || text.data[at] != 'u')
        return 0;
    uint32_t unit = 0;
    for (size_t i = 1; i <= 4; i++) {
        int value = hex_value(text.data[at + i]);
        if (value < 0)
            return 0;
        unit = unit * 16 + (uint32_t)value;
    }
    *ret_unit = unit;
    return at + 5 - from;
}

size_t redact_point(struct str text, size_t at, uint32_t *ret_point)
{
    const char *here = text.data + at;
    if (*here == '\\') {
        uint32_t low = 0;
        size_t used = unicode_escape(text, at, ret_point);
        if (used > 0 && *ret_point >= 0xD800 && *ret_point <= 0xDBFF) {
            size_t more = unicode_escape(text, at + used, &low);
            if (more > 0 && low >= 0xDC00 && low <= 0xDFFF) {
                *ret_point = 0x10000u + ((*ret_point & 0x3FFu) << 10) + (low & 0x3FFu);
                used += more;
            }
        }
        if (used > 0)
            return used;
        if (at + 1 < text.len && (here[1] == '/' || here[1] == '\\')) {
            *ret_point = (unsigned char)here[1];
            return 2;
        }
    }
    size_t length = utf8_decode(here, text.data + text.len, ret_point);
    if (length > 0)
        return length;
    *ret_point = 0xFFFD;
    return 1;
}

static bool is_word_point(uint32_t point)
{
    if (point < 0x80)
        return redact_is_word((unsigned char)point);
    return point != 0xFFFD && !(point >= 0x2000 && point <= 0x206F) && point >= 0xC0;
}

/* A word may begin at `at`: what stands before belongs to none. The letter of an escape such as "\n" is no letter. */
static bool word_begins(struct str text, size_t at)
{
    if (at == 0)
        return true;
    unsigned char before = (unsigned char)text.data[at - 1];
    if (before >= 0x80)
        return (at >= 2 && (unsigned char)text.data[at - 2] == 0xC2) ||
               (at >= 3 && (unsigned char)text.data[at - 3] == 0xE2 && (unsigned char)text.data[at - 2] <= 0x81);
    if (!redact_is_word(before))
        return true;
    return at >= 2 && text.data[at - 2] == '\\' && memchr("nrtbf", before, 5) != NULL;
}

static bool word_ends(struct str text, size_t at)
{
    uint32_t point = 0;
    if (at >= text.len)
        return true;
    (void)redact_point(text, at, &point);
    return !is_word_point(point);
}

static uint32_t fold(uint32_t point, enum private_kind kind)
{
    if (kind == PRIVATE_ADDRESS && point == '-')
        return ':'; /* a MAC is written with either */
    return point >= 'A' && point <= 'Z' ? point + 32 : point;
}

/* Length in the text of the identity's characters at `at`; 0 = it does not stand there. */
static size_t match(struct str text, size_t at, struct str wanted, enum private_kind kind)
{
    size_t from = at;
    for (size_t i = 0; i < wanted.len;) {
        uint32_t expected = 0, found = 0;
        size_t step = utf8_decode(wanted.data + i, wanted.data + wanted.len, &expected);
        if (at >= text.len)
            return 0;
        at += redact_point(text, at, &found);
        if (step == 0 || fold(expected, kind) != fold(found, kind))
            return 0;
        i += step;
    }
    return at - from;
}

/* The next quote closes a member name of JSON. */
static bool in_member_name(struct str text, size_t at)
{
    size_t limit = at + 256 < text.len ? at + 256 : text.len;
    while (at < limit && text.data[at] != '"' && text.data[at] != '\n')
        at += text.data[at] == '\\' ? 2 : 1;
    if (at >= limit || text.data[at] != '"')
        return false;
    at++;
    while (at < limit && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at < limit && text.data[at] == ':';
}

/* Long, or with characters that a plain word of a file format has not. */
static bool is_distinctive(struct str text)
{
    if (text.len >= 10)
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 'a' || text.data[i] > 'z')
            return true;
    return false;
}

static bool is_all(struct str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(set, text.data[i]) == NULL || text.data[i] == '\0')
            return false;
    return true;
}

/* Digits alone may as well be a figure of the benchmark: a bare value of JSON stays. */
static bool is_figure(struct str text, size_t from, size_t to, struct str identity)
{
    if (is_all(identity, "0123456789.") && ((from > 0 && text.data[from - 1] == '.') ||
                                            (to + 1 < text.len && text.data[to] == '.' && is_digit(text.data[to + 1]))))
        return true;
    if (!is_all(identity, "0123456789"))
        return false;
    while (from > 0 && (text.data[from - 1] == ' ' || text.data[from - 1] == '\n' || text.data[from - 1] == '\t'))
        from--;
    return from == 0 || strchr(":,[-", text.data[from - 1]) != NULL;
}

enum path_style { PATH_SLASH, PATH_DOUBLE, PATH_SINGLE };

/* Length of a separator at `at` (an escaped one has two characters), 0 = none. */
static size_t separator(struct str text, size_t at, size_t to, enum path_style style)
{
    bool pair = at + 1 < to;
    if (text.data[at] == '/')
        return 1;
    if (text.data[at] != '\\')
        return 0;
    if (pair && text.data[at + 1] == '/')
        return 2;
    if (style == PATH_DOUBLE)
        return pair && text.data[at + 1] == '\\' ? 2 : 0;
    return style == PATH_SINGLE ? 1 : 0;
}

/* How the path is written is seen from its first separator. */
static enum path_style style_of(struct str text, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (text.data[at] == '/')
            return PATH_SLASH;
        if (text.data[at] != '\\')
            continue;
        if (at + 1 < to && text.data[at + 1] == '\\')
            return PATH_DOUBLE;
        if (at + 1 < to && text.data[at + 1] == '/')
            return PATH_SLASH;
        return PATH_SINGLE;
    }
    return PATH_SLASH;
}

static bool is_home_parent(struct str folder)
{
    return str_equal_ignore_case(folder, STR("home")) || str_equal_ignore_case(folder, STR("users"));
}

bool redact_path_cut(struct str text, size_t from, size_t to, struct cut *ret)
{
    enum path_style style = style_of(text, from, to);
    size_t last = SIZE_MAX, last_length = 0, part = from;
    struct str parent = {0};
    for (size_t at = from; at < to;) {
        size_t length = separator(text, at, to, style);
        if (length > 0) {
            parent = str_slice(text.data + part, at - part);
            last = at;
            last_length = length;
            part = at + length;
        }
        at += length > 0 ? length : 1;
    }
    if (last == SIZE_MAX)
        return false;
    bool is_home = is_home_parent(parent) && last + last_length < to;
    *ret = (struct cut){from, is_home ? to : last, PRIVATE_PATH};
    return ret->to > ret->from;
}

static bool ends_path(char byte)
{
    return (unsigned char)byte <= ' ' || strchr("\"'`,;:|<>()[]{}*?", byte) != NULL;
}

/* Where the path that holds [from, to) ends: at a blank, a quote or another character that ends paths in texts. */
static size_t path_end(struct str text, size_t from, size_t to)
{
    enum path_style style = style_of(text, from, to);
    while (to < text.len && !ends_path(text.data[to])) {
        size_t length = separator(text, to, text.len, style);
        if (text.data[to] == '\\' && length == 0)
            break;
        to += length > 0 ? length : 1;
    }
    return to;
}

static size_t path_begin(struct str text, size_t from)
{
    while (from > 0 && !ends_path(text.data[from - 1]) && text.data[from - 1] != '=')
        from--;
    /* The letter of a drive and its colon: not the colon of "name:/path". */
    bool drive = from >= 2 && text.data[from - 1] == ':' && redact_is_word((unsigned char)text.data[from - 2]) &&
                 text.data[from] == '\\' && (from == 2 || !redact_is_word((unsigned char)text.data[from - 3]));
    return drive ? from - 2 : from;
}

/* Windows makes folders of full names: "\Users\Bob Smith\x". Where the name that begins at `at` ends, when a separator
 * follows what stands behind its blanks; else `at`. */
static size_t full_name_end(struct str text, size_t at)
{
    enum { NAME_LONGEST = 40 };
    const size_t limit = text.len - at < NAME_LONGEST ? text.len : at + NAME_LONGEST;
    size_t end = at;
    while (end < limit && (redact_is_word((unsigned char)text.data[end]) || (unsigned char)text.data[end] >= 0x80 ||
                           (text.data[end] != '\0' && strchr(" .-'", text.data[end]) != NULL)))
        end++;
    return end < limit && text.data[end] == '\\' ? end : at;
}

static bool find_home_path(struct str text, size_t at, struct cut *ret)
{
    static const char *const homes[] = {
        "/home/",        "/Users/",       "/root/",     "\\Users\\",   "\\users\\",
        "\\\\Users\\\\", "\\\\users\\\\", "\\/home\\/", "\\/Users\\/", "\\/root\\/",
    };
    struct str rest = str_slice(text.data + at, text.len - at);
    for (size_t i = 0; i < ARRAY_LENGTH(homes); i++) {
        struct str home = str_of(homes[i]);
        if (!str_starts_with(rest, home))
            continue;
        size_t name = text.data[at] == '\\' ? full_name_end(text, at + home.len) : at + home.len;
        size_t begin = path_begin(text, at), end = path_end(text, at, name);
        /* "BenchmarkRouter/home/7" is a name, not a path: those begin with a separator or a drive. */
        bool absolute = begin == at || strchr("/\\", text.data[begin]) != NULL || text.data[begin + 1] == ':';
        return absolute && end > at + home.len && redact_path_cut(text, begin, end, ret);
    }
    return false;
}

static bool is_mail_local(char byte)
{
    return redact_is_word((unsigned char)byte) || strchr("._%+-", byte) != NULL;
}

/* Around an '@' at `at`: a local part, a domain with a dot, and a last label of letters. */
static bool find_mail(struct str text, size_t at, struct cut *ret)
{
    size_t from = at, to = at + 1, label = to;
    bool dot = false;
    while (from > 0 && text.data[from - 1] != '\0' && is_mail_local(text.data[from - 1]))
        from--;
    while (to < text.len &&
           (redact_is_word((unsigned char)text.data[to]) || text.data[to] == '-' ||
            (text.data[to] == '.' && to + 1 < text.len && redact_is_word((unsigned char)text.data[to + 1])))) {
        if (text.data[to] == '.') {
            dot = true;
            label = to + 1;
        }
        to++;
    }
    bool letters = to - label >= 2;
    for (size_t i = label; i < to; i++)
        letters = letters && !is_digit(text.data[i]);
    if (from == at || !dot || !letters)
        return false;
    *ret = (struct cut){from, to, PRIVATE_USER};
    return true;
}

/* Digits in groups of these lengths with `between` after each but the last: the end of them, or 0. */
static size_t hex_groups(struct str text, size_t at, const unsigned char *lengths, size_t count, const char *between)
{
    for (size_t i = 0; i < count; i++) {
        for (unsigned char j = 0; j < lengths[i]; j++, at++)
            if (at >= text.len || hex_value(text.data[at]) < 0)
                return 0;
        if (i + 1 == count)
            break;
        if (at >= text.len || text.data[at] == '\0' || strchr(between, text.data[at]) == NULL)
            return 0;
        at++;
    }
    return at;
}

static bool find_uuid(struct str text, size_t at, struct cut *ret)
{
    static const unsigned char groups[] = {8, 4, 4, 4, 12};
    size_t end = at + 8 < text.len && text.data[at + 8] == '-' ? hex_groups(text, at, groups, 5, "-") : 0;
    *ret = (struct cut){at, end, PRIVATE_SERIAL};
    /* Benchmarks are called so too: a member of that name is what was measured. */
    return end > 0 && word_ends(text, end) && !in_member_name(text, end);
}

static bool find_mac(struct str text, size_t at, struct cut *ret)
{
    static const unsigned char pairs[] = {2, 2, 2, 2, 2, 2};
    if (at + 2 >= text.len || (text.data[at + 2] != ':' && text.data[at + 2] != '-'))
        return false;
    const char between[] = {text.data[at + 2], '\0'};
    size_t end = hex_groups(text, at, pairs, 6, between);
    *ret = (struct cut){at, end, PRIVATE_ADDRESS};
    return end > 0 && word_ends(text, end) && (end >= text.len || text.data[end] != between[0]) &&
           (at == 0 || text.data[at - 1] != between[0]);
}

/* Four numbers up to 255 in one of the ranges that networks of homes and firms use (RFC 1918, 3927, 6598); other
 * quartets may as well be a version. */
static bool find_private_ip(struct str text, size_t at, struct cut *ret)
{
    unsigned parts[4] = {0};
    size_t end = at;
    for (size_t i = 0; i < 4; i++) {
        size_t from = end;
        while (end < text.len && end - from < 3 && is_digit(text.data[end]))
            parts[i] = parts[i] * 10 + (unsigned)(text.data[end++] - '0');
        if (end == from || parts[i] > 255 || (i < 3 && (end >= text.len || text.data[end] != '.')))
            return false;
        end += i < 3;
    }
    bool inner = parts[0] == 10 || (parts[0] == 192 && parts[1] == 168) || (parts[0] == 169 && parts[1] == 254) ||
                 (parts[0] == 172 && parts[1] >= 16 && parts[1] <= 31) ||
                 (parts[0] == 100 && parts[1] >= 64 && parts[1] <= 127);
    bool longer =
        !word_ends(text, end) || (end + 1 < text.len && text.data[end] == '.' && is_digit(text.data[end + 1]));
    *ret = (struct cut){at, end, PRIVATE_ADDRESS};
    return inner && !longer && (at == 0 || text.data[at - 1] != '.');
}

/* Of one link or one network alone (RFC 4291 section 2.5.6, RFC 4193); the former often holds the MAC address. */
static bool find_private_ipv6(struct str text, size_t at, struct cut *ret)
{
    const struct str begin = str_slice(text.data + at, text.len - at < 4 ? text.len - at : 4);
    bool inner = str_equal_ignore_case(begin, STR("fe80")) ||
                 (begin.len == 4 && (begin.data[0] | 0x20) == 'f' &&
                  ((begin.data[1] | 0x20) == 'c' || (begin.data[1] | 0x20) == 'd') && hex_value(begin.data[2]) >= 0 &&
                  hex_value(begin.data[3]) >= 0);
    size_t end = at, colons = 0, digits = 0;
    while (inner && end < text.len && (hex_value(text.data[end]) >= 0 || text.data[end] == ':')) {
        colons += text.data[end] == ':';
        digits += text.data[end] != ':';
        end++;
    }
    *ret = (struct cut){at, end, PRIVATE_ADDRESS};
    return colons >= 2 && digits >= 8 && text.data[at + 4] == ':' && text.data[end - 1] != ':' && word_ends(text, end);
}

/* Identifiers of machines, whoever's they are. */
static bool find_identifier(struct str text, size_t at, struct cut *ret)
{
    if (!word_begins(text, at))
        return false;
    return find_uuid(text, at, ret) || find_mac(text, at, ret) || find_private_ipv6(text, at, ret) ||
           (text.data[at] == '1' && find_private_ip(text, at, ret));
}

/* "~name/": the home of somebody. */
static bool find_tilde(struct str text, size_t at, struct cut *ret)
{
    size_t end = at + 1;
    while (end < text.len && (redact_is_word((unsigned char)text.data[end]) || strchr("._-", text.data[end]) != NULL) &&
           text.data[end] != '\0')
        end++;
    *ret = (struct cut){at, end, PRIVATE_PATH};
    return end > at + 1 && end < text.len && text.data[end] == '/' && !is_digit(text.data[at + 1]) &&
           (at == 0 || strchr(" \"'=:,(\t\n", text.data[at - 1]) != NULL);
}

bool redact_find_shape(struct str text, size_t at, struct cut *ret)
{
    switch (text.data[at]) {
    case '~':
        return find_tilde(text, at, ret);
    case '/':
    case '\\':
        return find_home_path(text, at, ret);
    case '@':
        return find_mail(text, at, ret);
    default:
        return hex_value(text.data[at]) >= 0 && find_identifier(text, at, ret);
    }
}

bool redact_find_identity(struct str text, size_t at, const struct identity *identity, struct cut *ret)
{
    struct str wanted = str_of(identity->text);
    bool word = is_word_point((unsigned char)wanted.data[0]) || (unsigned char)wanted.data[0] >= 0x80;
    if (word && !word_begins(text, at))
        return false;
    size_t length = match(text, at, wanted, identity->kind);
    if (length == 0 || !word_ends(text, at + length))
        return false;
    if (identity->kind == PRIVATE_PATH) {
        size_t end = path_end(text, at, at + length);
        if (end == at + length || !redact_path_cut(text, at, end, ret) || ret->to < at + length)
            *ret = (struct cut){at, at + length, PRIVATE_PATH};
        return true;
    }
    if (is_figure(text, at, at + length, wanted))
        return false;
    if (!is_distinctive(wanted) && in_member_name(text, at + length))
        return false;
    *ret = (struct cut){at, at + length, identity->kind};
    return true;
}
