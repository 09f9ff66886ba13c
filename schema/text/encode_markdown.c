/* Untrusted text in GitHub Flavored Markdown.
 *
 * What can act is written as a numeric entity: an entity is text to the parser, and unlike a backslash it also
 * survives the splitting of table rows, which runs before inlines are read ("\" and "|" in the data). What
 * cannot act where it stands stays readable: the underscores of llama_lm_head, the point of 3.5.
 * One sign needs more: the mail autolink of cmark-gfm looks for @ in finished text, where the entity is
 * resolved again; a code span around the sign alone ends the text there, and mentions do not look into code. */
#include "schema/text/encode.h"

#include "schema/text/clean.h"

struct position {
    uint32_t before, after; /* neighbours; 0 at the ends */
    bool cell;              /* of a table: nothing begins a heading or a list there */
    bool first;             /* first character of the text */
    bool leading_digits;    /* only digits stand before it: "1." would begin a list */
    bool after_www;
};

static bool acts_anywhere(uint32_t code_point)
{
    switch (code_point) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '>':
    case '&':
    case '|':
    case '~':
    case '$':
        return true;
    default:
        return false;
    }
}

/* "1. " and "1) " begin a list. */
static bool begins_item(const struct position *position)
{
    return position->leading_digits && !position->cell && (position->after == ' ' || position->after == 0);
}

static bool acts_here(uint32_t code_point, const struct position *position)
{
    switch (code_point) {
    case '_':
        /* Between letters a single underscore neither opens nor closes emphasis. */
        return !clean_is_word(position->before) || !clean_is_word(position->after);
    case ':':
        return position->after != ' ' && position->after != 0;
    case '#':
        return (position->first && !position->cell) || clean_is_word(position->after);
    case '+':
    case '-':
    case '=':
        return position->first && !position->cell;
    case '.':
        return begins_item(position) || position->after_www;
    case ')':
        return begins_item(position);
    case '!':
        return position->after == '[';
    case '@':
        return true;
    default:
        return acts_anywhere(code_point);
    }
}

static void put_markdown(struct buf *into, uint32_t code_point, const struct position *position)
{
    if (!acts_here(code_point, position))
        clean_put(into, code_point);
    else if (code_point == '@')
        buf_adds(into, "`@`");
    else
        buf_addf(into, "&#%u;", (unsigned)code_point);
}

static bool ends_in_www(const uint32_t last[3])
{
    for (int i = 0; i < 3; i++)
        if (last[i] != 'w' && last[i] != 'W')
            return false;
    return true;
}

/* `text` is clean and trimmed. */
static void encode_clean(struct buf *into, struct str text, bool cell)
{
    struct cleaner cleaner = cleaner_of(text);
    struct position position = {.first = true, .cell = cell};
    uint32_t last[3] = {0, 0, 0}, code_point = 0;
    bool digits = true;

    while (cleaner_next(&cleaner, &code_point)) {
        struct cleaner ahead = cleaner;

        position.after = 0;
        if (!cleaner_next(&ahead, &position.after))
            position.after = 0;
        position.before = last[2];
        position.leading_digits = digits && !position.first;
        position.after_www = ends_in_www(last);
        put_markdown(into, code_point, &position);
        digits = digits && code_point >= '0' && code_point <= '9';
        position.first = false;
        last[0] = last[1];
        last[1] = last[2];
        last[2] = code_point;
    }
}

static struct str trimmed(const struct buf *clean)
{
    return str_trim(str_slice(buf_text(clean), clean->len));
}

static void encode_capped(struct buf *into, struct str text, size_t most, bool cell)
{
    autobuf struct buf clean = BUF(text.len * 3 + 16);

    encode_plain_capped(&clean, text, most);
    if (clean.failed != 0 && into->failed == 0)
        into->failed = clean.failed;
    encode_clean(into, trimmed(&clean), cell);
}

void encode_markdown(struct buf *into, struct str text)
{
    encode_capped(into, text, SIZE_MAX, false);
}

void encode_markdown_cell(struct buf *into, struct str text)
{
    encode_capped(into, text, ENCODE_CELL_MAX, true);
}

static size_t longest_run(struct str text, char of)
{
    size_t longest = 0, run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = text.data[i] == of ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void add_repeated(struct buf *into, char byte, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_addc(into, byte);
}

void encode_markdown_code(struct buf *into, struct str text, bool in_table)
{
    autobuf struct buf clean = BUF(text.len * 3 + 16);

    encode_plain(&clean, text);
    const struct str code = trimmed(&clean);
    const size_t fence = longest_run(code, '`') + 1;
    const bool pad = code.len > 0 && (code.data[0] == '`' || code.data[code.len - 1] == '`');

    if (code.len == 0)
        return;
    /* A row is split at "|" also inside code, and "\|" after a backslash of the data is read otherwise: as text then.
     */
    if (in_table && (longest_run(code, '|') > 0 || longest_run(code, '\\') > 0)) {
        encode_clean(into, code, true);
        return;
    }
    add_repeated(into, '`', fence);
    buf_adds(into, pad ? " " : "");
    buf_add(into, code.data, code.len);
    buf_adds(into, pad ? " " : "");
    add_repeated(into, '`', fence);
}
