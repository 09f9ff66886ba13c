/* Quantisations inside the texts that tools print: "llama 7B mostly Q4_0", "Q4_K - Medium", "model-UD-Q4_K_XL.gguf". */
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/catalog/names.h"

struct quantization {
    const char *name;
};

static const struct quantization quantizations[] = {
#include "gen/schema/catalog/quantizations.inc"
};

/* Spellings that are not the name itself; '-' stands for '-', '_', a blank or nothing. */
static const struct {
    const char *spelling, *name;
} spellings[] = {
    {"fp16", "F16"},      {"float16", "F16"}, {"f16", "F16"},     {"half", "F16"},    {"bf16", "BF16"},
    {"bfloat16", "BF16"}, {"fp32", "F32"},    {"float32", "F32"}, {"f32", "F32"},     {"float", "F32"},
    {"fp64", "F64"},      {"float64", "F64"}, {"double", "F64"},  {"fp8", "FP8"},     {"float8", "FP8"},
    {"int8", "INT8"},     {"int4", "INT4"},   {"mxfp4", "MXFP4"}, {"nvfp4", "NVFP4"}, {"nf4", "NF4"},
    {"2-bit", "2-bit"},   {"3-bit", "3-bit"}, {"4-bit", "4-bit"}, {"5-bit", "5-bit"}, {"6-bit", "6-bit"},
    {"8-bit", "8-bit"},   {"lut4", "LUT4"},   {"lut6", "LUT6"},   {"lut8", "LUT8"},
};
/* Methods say more than a width beside them ("GPTQ 4bit"). */
static const char *const methods[] = {"awq", "gptq"};

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static bool is_alnum(char byte)
{
    byte = lower(byte);
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool begins_word(struct str text, size_t at)
{
    return at == 0 || !is_alnum(text.data[at - 1]);
}

/* Length of `name` at `at`, with '-' or a blank where it has '_' and the end of a word behind it; 0 = not there. */
static size_t match_name(struct str text, size_t at, const char *name)
{
    size_t length = 0;

    for (; name[length]; length++) {
        if (at + length >= text.len)
            return 0;
        const char byte = text.data[at + length];
        if (name[length] == '_' ? byte != '_' && byte != '-' : lower(name[length]) != lower(byte))
            return 0;
    }
    return at + length < text.len && is_alnum(text.data[at + length]) ? 0 : length;
}

static size_t match_spelling(struct str text, size_t at, const char *spelling)
{
    size_t end = at;

    for (; *spelling; spelling++) {
        if (*spelling == '-') {
            end += end < text.len && strchr("-_ ", text.data[end]) != NULL;
            continue;
        }
        if (end >= text.len || lower(text.data[end]) != *spelling)
            return 0;
        end++;
    }
    return end < text.len && is_alnum(text.data[end]) ? 0 : end - at;
}

static const char *canonical(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(quantizations); i++)
        if (text_equal_ignore_case(quantizations[i].name, name))
            return quantizations[i].name;
    return NULL;
}

/* Length of `word` in any case at the start of `text`; 0 = not there. */
static size_t starts(struct str text, const char *word)
{
    const size_t length = strlen(word);

    return text.len >= length && str_equal_ignore_case(str_slice(text.data, length), str_of(word)) ? length : 0;
}

/* llama-bench spells mixtures out: "Q4_K - Medium", "IQ3_S mix - 3.66 bpw". Takes what follows a name into account. */
static const char *mixture(struct str text, const char *name, size_t *end)
{
    static const struct {
        const char *word, *letter;
    } sizes[] = {{" - medium", "_M"}, {" - small", "_S"}, {" - large", "_L"}};
    struct str rest = str_slice(text.data + *end, text.len - *end);
    size_t taken = starts(rest, " mix");
    const char *found = name;

    if (taken > 0 && strcmp(name, "IQ3_S") == 0)
        found = "IQ3_M";
    for (size_t i = 0; taken == 0 && i < ARRAY_LENGTH(sizes); i++) {
        char full[24];
        taken = starts(rest, sizes[i].word);
        if (taken == 0)
            continue;
        text_copy(full, sizeof full, name);
        text_copy(full + strlen(full), sizeof full - strlen(full), sizes[i].letter);
        const char *known = canonical(full);
        found = known ? known : name;
    }
    rest = str_slice(rest.data + taken, rest.len - taken);
    size_t width = starts(rest, " - ");
    while (width > 0 && width < rest.len && strchr("0123456789.", rest.data[width]) != NULL)
        width++;
    const size_t unit = width > 0 ? starts(str_slice(rest.data + width, rest.len - width), " bpw") : 0;
    *end += taken + (unit > 0 ? width + unit : 0);
    const struct str tail = str_slice(text.data + *end, text.len - *end);
    *end += strcmp(found, "MXFP4") == 0 ? starts(tail, " moe") : starts(tail, " ternary");
    return canonical(found);
}

/* The longest name of the table at `at`. */
static const char *longest(struct str text, size_t at, size_t *ret_end)
{
    const char *best = NULL;
    size_t best_length = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(quantizations); i++) {
        const size_t length = match_name(text, at, quantizations[i].name);
        if (length > best_length) {
            best = quantizations[i].name;
            best_length = length;
        }
    }
    *ret_end = at + best_length;
    return best;
}

static const char *by_spelling(struct str text, size_t at, size_t *ret_end)
{
    for (size_t i = 0; i < ARRAY_LENGTH(spellings); i++) {
        const size_t length = match_spelling(text, at, spellings[i].spelling);
        if (length > 0) {
            *ret_end = at + length;
            return canonical(spellings[i].name);
        }
    }
    return NULL;
}

static const char *by_method(struct str text, size_t *ret_start, size_t *ret_end)
{
    for (size_t i = 0; i < ARRAY_LENGTH(methods); i++)
        for (size_t at = 0; at < text.len; at++) {
            const size_t length = begins_word(text, at) ? match_spelling(text, at, methods[i]) : 0;
            if (length == 0)
                continue;
            *ret_start = at;
            *ret_end = at + length;
            return canonical(methods[i]);
        }
    return NULL;
}

/* True for the names of ggml's and llama.cpp's types: they count before any other word of the text. */
static bool is_block_type(const char *name)
{
    return strchr("QT", name[0]) != NULL || strncmp(name, "IQ", 2) == 0;
}

const char *quantization_find(struct str text, size_t *ret_start, size_t *ret_end)
{
    const char *word = NULL;

    for (size_t at = 0; at < text.len; at++) {
        size_t end = 0;
        if (!begins_word(text, at))
            continue;
        const char *name = longest(text, at, &end);
        const bool block = name && is_block_type(name);
        if (name)
            name = mixture(text, name, &end);
        else
            name = by_spelling(text, at, &end);
        if (!name || (!block && word))
            continue;
        *ret_start = at;
        *ret_end = end;
        word = name;
        if (block)
            return name;
    }
    const char *method = by_method(text, ret_start, ret_end);
    return method ? method : word;
}

const char *catalog_match_quantization(const char *raw)
{
    static _Thread_local struct {
        char raw[RECENT_TEXT_SIZE];
        const char *name;
    } recent[RECENT_COUNT];
    static _Thread_local size_t next;
    size_t start, end;

    if (!raw)
        raw = "";
    for (size_t i = 0; i < RECENT_COUNT; i++)
        if (strcmp(recent[i].raw, raw) == 0)
            return recent[i].name;
    const char *name = quantization_find(str_of(raw), &start, &end);
    if (strlen(raw) < RECENT_TEXT_SIZE) {
        const size_t slot = next++ % RECENT_COUNT;
        memcpy(recent[slot].raw, raw, strlen(raw) + 1);
        recent[slot].name = name;
    }
    return name;
}
