#include "schema/bundle/letter.h"

#include <string.h>

#include "schema/bundle/base64.h"
#include "schema/proof/hash.h"

/* Without the dashes, which some programs change. */
#define BEGIN "BEGIN CROSSCHIP BUNDLE"
#define END "END CROSSCHIP BUNDLE"
#define DASHES "-----"
#define ID_KEY "id: "
/* Short enough for every mail program; no "=" is written, so that quoted-printable leaves all as it is. */
#define LINE_LENGTH 64
#define DIGITS_MAX ((BUNDLE_BYTES_MAX + 2) / 3 * 4)

void letter_write(struct str bytes, struct buf *into)
{
    char id[BUNDLE_ID_SIZE];
    autobuf struct buf digits = BUF(DIGITS_MAX);
    base64_encode(bytes, &digits);
    size_t length = digits.len;
    while (length > 0 && digits.data[length - 1] == '=')
        length--;
    buf_addf(into, DASHES BEGIN DASHES "\n" ID_KEY "%s\n", bundle_id(bytes, id));
    for (size_t at = 0; at < length; at += LINE_LENGTH) {
        buf_add(into, digits.data + at, length - at < LINE_LENGTH ? length - at : LINE_LENGTH);
        buf_addc(into, '\n');
    }
    buf_adds(into, DASHES END DASHES "\n");
    if (digits.failed != 0 && into->failed == 0)
        into->failed = digits.failed;
}

bool letter_is(struct str text)
{
    return str_find(text, STR(DASHES BEGIN DASHES), 0) != SIZE_MAX;
}

/* What quoting and indenting put around a line goes. */
static struct str bare(struct str line)
{
    line = str_trim(line);
    while (line.len > 0 && (line.data[0] == '>' || line.data[0] == '|'))
        line = str_trim(str_slice(line.data + 1, line.len - 1));
    return line;
}

static bool is_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '+' || byte == '/';
}

static bool is_digits(struct str line)
{
    while (line.len > 0 && line.data[line.len - 1] == '=')
        line.len--;
    for (size_t i = 0; i < line.len; i++)
        if (!is_digit(line.data[i]))
            return false;
    return true;
}

/* The digits of a block; *ret_id stays "" when no line names one. */
static int collect(struct str block, struct buf *digits, char ret_id[BUNDLE_ID_SIZE], struct err *err)
{
    struct str line;
    struct sha256 hash;
    while (str_next_line(&block, &line)) {
        line = bare(line);
        if (str_starts_with(line, STR(ID_KEY))) {
            const struct str id = str_trim(str_slice(line.data + 4, line.len - 4));
            if (!sha256_parse_id(id, &hash))
                return err_set(err, ERR_DATA, "the bundle in this text has no valid id");
            (void)sha256_id(ret_id, &hash);
            continue;
        }
        if (str_starts_with(line, STR("--")))
            continue;
        if (!is_digits(line)) {
            int r = err_set(err, ERR_DATA, "the bundle %s in this text is damaged", ret_id);
            (void)err_detail(err, "a line is not base64: %.*s", (int)(line.len < 80 ? line.len : 80), line.data);
            return r;
        }
        while (line.len > 0 && line.data[line.len - 1] == '=')
            line.len--;
        buf_add(digits, line.data, line.len);
    }
    while (digits->len % 4 != 0)
        buf_addc(digits, '=');
    return buf_check(digits, err);
}

static int decode(struct str block, struct buf *into, char ret_id[BUNDLE_ID_SIZE], struct err *err)
{
    char id[BUNDLE_ID_SIZE];
    autobuf struct buf digits = BUF(DIGITS_MAX);
    int r = collect(block, &digits, ret_id, err);
    if (r < 0)
        return r;
    if (ret_id[0] == '\0')
        return err_set(err, ERR_DATA, "the bundle in this text has no valid id");
    if (!base64_decode(str_slice(buf_text(&digits), digits.len), into))
        return err_set(err, ERR_DATA, "the bundle %s in this text is damaged: it is no base64", ret_id);
    if (!text_equal(bundle_id(str_slice(buf_text(into), into->len), id), ret_id)) {
        r = err_set(err, ERR_DATA, "the bundle %s in this text is damaged", ret_id);
        (void)err_detail(err, "its %zu bytes have another hash", into->len);
        return r;
    }
    return 1;
}

int letter_next(struct str *rest, struct buf *into, char ret_id[BUNDLE_ID_SIZE], struct err *err)
{
    static const char help[] = "ask for the text as it was written, as an attached file";
    size_t begin = str_find(*rest, STR(BEGIN), 0);
    buf_reset(into);
    ret_id[0] = '\0';
    if (begin == SIZE_MAX) {
        *rest = str_slice(rest->data + rest->len, 0);
        return 0;
    }
    begin += sizeof(BEGIN) - 1;
    size_t end = str_find(*rest, STR(END), begin), next = str_find(*rest, STR(BEGIN), begin);
    if (end == SIZE_MAX || next < end) {
        size_t at = next == SIZE_MAX ? rest->len : next;
        *rest = str_slice(rest->data + at, rest->len - at);
        int r = err_set(err, ERR_DATA, "a bundle in this text is cut off: its end is missing");
        (void)err_hint(err, "%s", help);
        return r;
    }
    /* The rest of the line of the first mark, and the beginning of the line of the last, are no digits. */
    const struct str whole = str_slice(rest->data + begin, end - begin);
    const char *start = memchr(whole.data, '\n', whole.len);
    *rest = str_slice(rest->data + end, rest->len - end);
    struct str block =
        start == NULL ? str_slice(whole.data, 0) : str_slice(start, whole.len - (size_t)(start - whole.data));
    while (block.len > 0 && block.data[block.len - 1] != '\n')
        block.len--;
    int r = decode(block, into, ret_id, err);
    if (r < 0)
        (void)err_hint(err, "%s", help);
    return r;
}
