#include "schema/formats/command_line.h"

#include <string.h>

#include "schema/base/buf.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

enum token_kind { TOKEN_PLAIN, TOKEN_PATH, TOKEN_ADDRESS };

static bool ends_token(char c)
{
    return c == '\0' || strchr(" \t\r\n'\"`=<>|;&(),", c) != NULL;
}

static size_t backslashes_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.data[end] == '\\')
        end++;
    return end - at;
}

/* Backslashes before a quote (in a literal of JSON) or a bar (in a cell of Markdown) escape it: they stand outside. */
static struct str token_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.len && !ends_token(text.data[end])) {
        size_t behind = end + backslashes_at(text, end);
        if (behind > end && behind < text.len && (text.data[behind] == '"' || text.data[behind] == '|'))
            break;
        end = behind > end ? behind : end + 1;
    }
    return str_slice(text.data + at, end - at);
}

/* With the placeholder that redaction left in the place of each. */
static enum token_kind kind_of(struct str token)
{
    if (str_starts_with(token, STR("[removed:path]")))
        return TOKEN_PATH;
    size_t at = str_find(token, STR("@"), 0);
    bool person = at != SIZE_MAX && at > 0 && at + 1 < token.len;
    if (person || str_starts_with(token, STR("[removed:")) || str_find(token, STR("://"), 0) != SIZE_MAX)
        return TOKEN_ADDRESS;
    return reader_path_is_private(token) ? TOKEN_PATH : TOKEN_PLAIN;
}

const char *command_name(struct reading *reading, const char *command)
{
    struct str text = str_of(command), folder, base;
    autobuf struct buf name = BUF(text.len + 1);
    for (size_t at = 0; at < text.len;) {
        struct str token = token_at(text, at);
        if (token.len == 0) {
            buf_addc(&name, text.data[at++]);
            continue;
        }
        at += token.len;
        enum token_kind kind = kind_of(token);
        if (kind == TOKEN_PATH) {
            reader_split_path(token, &folder, &base);
            buf_add(&name, base.data, base.len);
        } else if (kind == TOKEN_PLAIN) {
            buf_add(&name, token.data, token.len);
        }
    }
    return reader_text(&reading->arena, str_slice(buf_text(&name), name.len));
}

void command_mark_text(struct reading *reading, struct str text, size_t offset)
{
    struct str folder, base;
    for (size_t at = 0; at < text.len;) {
        struct str token = token_at(text, at);
        size_t begin = offset + at;
        at += token.len == 0 ? 1 : token.len;
        bool redacted = str_starts_with(token, STR("[removed:"));
        enum token_kind kind = token.len == 0 || redacted ? TOKEN_PLAIN : kind_of(token);
        if (kind == TOKEN_ADDRESS)
            reading_add_private(reading, begin, token.len, PRIVATE_ADDRESS);
        reader_split_path(token, &folder, &base);
        if (kind == TOKEN_PATH && folder.len > 0)
            reading_add_private(reading, begin, folder.len, PRIVATE_PATH);
    }
}

void command_mark(const struct document *document, struct reading *reading, const struct json *value)
{
    size_t offset = 0, length = 0;
    if (!json_span(document->json, value, &offset, &length))
        return;
    offset += document->base;
    if (offset <= document->input->text.len && length <= document->input->text.len - offset)
        command_mark_text(reading, str_slice(document->input->text.data + offset, length), offset);
}

void command_mark_words(const struct format_input *input, struct reading *reading)
{
    size_t begin = reading->original_offset, kept = 0, at = 0;
    struct str text = str_slice(input->text.data + begin, reading->original_length), literal;
    for (size_t i = 0; i < reading->private_count; i++) {
        struct private_span span = reading->privates[i];
        span.offset += begin;
        if (span.kind != PRIVATE_PATH)
            reading->privates[kept++] = span;
    }
    reading->private_count = kept;
    while (raw_json_next_string(text, &at, &literal))
        command_mark_text(reading, literal, (size_t)(literal.data - input->text.data));
    reader_set_original(reading, begin, begin + text.len);
}
