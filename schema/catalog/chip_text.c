/* From raw bytes to small ASCII letters, and the cut at brackets. */
#include "schema/catalog/chip_text.h"

#include <string.h>

#include "schema/base/str.h"

struct writer {
    char *target;
    size_t length;
};

static void put(struct writer *writer, char byte)
{
    const bool blank = byte == ' ';

    if (writer->length + 1 >= CHIP_TEXT_SIZE)
        return;
    if (blank && (writer->length == 0 || writer->target[writer->length - 1] == ' '))
        return;
    writer->target[writer->length++] = byte;
}

static void put_text(struct writer *writer, const char *text)
{
    for (; *text; text++)
        put(writer, *text);
}

/* Characters beyond ASCII: what they stand for in a product name. */
static void put_code_point(struct writer *writer, uint32_t code)
{
    if (code == 0xAE || code == 0xA9 || code == 0x2122)
        put(writer, ' ');
    else if (code == 0xD7)
        put(writer, 'x');
    else if (code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000)
        put(writer, ' ');
    else if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212)
        put(writer, '-');
    else if (code == 0x2026)
        put_text(writer, "...");
    else if (code > 0xFF20 && code <= 0xFF3A)
        put(writer, (char)(code - 0xFEE0 + 32));
    else if (code > 0xFF00 && code <= 0xFF5E)
        put(writer, (char)(code - 0xFEE0));
    else if (!utf8_is_unsafe(code))
        put(writer, '?');
}

static void put_ascii(struct writer *writer, char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        put(writer, (char)(byte + 32));
    else if (byte == '_' || byte == 0x7F || (unsigned char)byte < 0x20)
        put(writer, ' ');
    else
        put(writer, byte);
}

/* Length of a control sequence (ESC [ … letter) at `at`; 0 when there is none. */
static size_t control_sequence(const char *at, const char *end)
{
    if (at[0] != 0x1B || end - at < 2 || at[1] != '[')
        return 0;
    const char *stop = at + 2;
    while (stop < end && (*stop < 0x40 || *stop > 0x7E))
        stop++;
    return (size_t)(stop - at) + (stop < end);
}

/* "(R)", "(TM)" and "(C)" are marks, not notes. */
static size_t mark(const char *at)
{
    static const char *const marks[] = {"(r)", "(tm)", "(c)"};

    for (size_t i = 0; i < ARRAY_LENGTH(marks); i++)
        if (strncasecmp(at, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return 0;
}

void chip_clean(const char *raw, char target[CHIP_TEXT_SIZE])
{
    struct writer writer = {target, 0};
    const char *const end = raw + strlen(raw);

    for (const char *at = raw; at < end;) {
        uint32_t code = 0;
        size_t length = control_sequence(at, end);
        if (length > 0) {
            at += length;
            continue;
        }
        length = mark(at);
        if (length > 0) {
            put(&writer, ' ');
            at += length;
            continue;
        }
        length = (unsigned char)*at < 0x80 ? 1 : utf8_decode(at, end, &code);
        if (length == 1 && (unsigned char)*at < 0x80)
            put_ascii(&writer, *at);
        else if (length > 0)
            put_code_point(&writer, code);
        else
            put(&writer, '?');
        at += length > 0 ? length : 1;
    }
    while (writer.length > 0 && target[writer.length - 1] == ' ')
        writer.length--;
    target[writer.length] = '\0';
}

/* Words that stand in front of a name as its label: "Device 0: ", "model name : ", "ggml_vulkan: 0 = ". */
static bool is_label_word(struct str word)
{
    static const char *const labels[] = {
        "ggml", "vulkan",      "cuda",       "metal",      "rocm",    "hip",       "init",   "device",    "gpu",
        "cpu",  "npu",         "model",      "name",       "chip",    "chipset",   "brand",  "processor", "type",
        "vga",  "display",     "compatible", "controller", "3d",      "card",      "series", "product",   "hardware",
        "soc",  "accelerator", "graphics",   "string",     "machine", "marketing", "found",  "sycl",      "opencl"};
    bool hex = word.len <= 2 || (word.len == 4 && word.data[2] == '.');

    for (size_t i = 0; i < word.len; i++)
        hex = hex && strchr("0123456789abcdef.", word.data[i]) != NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(labels); i++)
        hex = hex || str_equal(word, str_of(labels[i]));
    return hex || word.len == 0;
}

static const char *skip_labels(const char *text)
{
    for (;;) {
        const size_t length = strcspn(text, ":=");
        struct str label = str_slice(text, length), word;
        bool all = text[length] != '\0';
        while (all && str_next_field(&label, ' ', &word))
            all = is_label_word(word);
        if (!all)
            return text;
        text += length + 1;
    }
}

static void add_char(char *target, char byte)
{
    const size_t length = strlen(target);

    if (length + 1 < CHIP_TEXT_SIZE) {
        target[length] = byte;
        target[length + 1] = '\0';
    }
}

void chip_split_groups(const char *clean, struct chip_text *ret)
{
    char *into = ret->outer;
    const char *text = skip_labels(clean);
    const size_t length = strcspn(text, "|");

    *ret = (struct chip_text){.outer = ""};
    for (size_t i = 0; i < length; i++) {
        const bool opens = text[i] == '(' || text[i] == '[';
        if (opens && into == ret->outer && ret->group_count < CHIP_GROUPS_MAX) {
            into = ret->groups[ret->group_count++];
            add_char(ret->outer, ' ');
        } else if (text[i] == ')' || text[i] == ']') {
            into = ret->outer;
        } else {
            add_char(into, opens ? ' ' : text[i]);
        }
    }
    const struct str outer = str_trim(str_of(ret->outer));
    ret->cut = outer.len >= 2 && memcmp(outer.data + outer.len - 2, "..", 2) == 0;
}
