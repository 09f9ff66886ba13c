/* Models: exact names, the spellings of tools and files, and the sizes that a source states. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/catalog/names.h"

#define MODEL_TEXT_SIZE 256

static const struct model models[] = {
#include "gen/schema/catalog/models.inc"
};
static const unsigned short rows_by_name[] = {
#include "gen/schema/catalog/model_names.inc"
};

/* What a key says: see model_keys.awk. */
enum { KEY_NAME, KEY_TYPE, KEY_TYPE_DEFAULT };

struct model_key {
    const char *key;
    unsigned short row;
    unsigned char kind;
};

static const struct model_key keys[] = {
#include "gen/schema/catalog/model_keys.inc"
};

struct model_size {
    const char *model, *quantization;
    double bytes;
};

static const struct model_size sizes[] = {
#include "gen/schema/catalog/model_sizes.inc"
};

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, models[*(const unsigned short *)row].name);
}

const struct model *catalog_model(const char *name)
{
    const unsigned short *row =
        name ? bsearch(name, rows_by_name, ARRAY_LENGTH(rows_by_name), sizeof rows_by_name[0], compare_name) : NULL;

    return row ? &models[*row] : NULL;
}

double catalog_model_bytes(const char *model, const char *quantization)
{
    double only = (double)NAN;
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        if (!text_equal(sizes[i].model, model))
            continue;
        if (text_equal(sizes[i].quantization, quantization))
            return sizes[i].bytes;
        only = sizes[i].bytes;
        count++;
    }
    /* A file that is a model of its own ("llama_lm_head") has one size and often no stated quantisation. */
    return count == 1 && text_is_empty(quantization) ? only : (double)NAN;
}

/* ---------------------------------------------------------------- cleaning */

static void blank(char *text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        text[i] = ' ';
}

/* The last part of a path or repository, without what stands in brackets. */
static void copy_name(const char *raw, char target[MODEL_TEXT_SIZE])
{
    const char *start = raw;
    size_t length = 0;
    int depth = 0;

    for (const char *at = raw; *at; at++)
        if ((*at == '/' || *at == '\\') && at[1] != ' ' && at[1] != '\0')
            start = at + 1;
    for (const char *at = start; *at && length + 1 < MODEL_TEXT_SIZE; at++) {
        depth += (*at == '(') - (*at == ')' && depth > 0);
        if (depth > 0 || *at == ')')
            continue;
        target[length++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    }
    target[length] = '\0';
}

static void drop_ending(char *text)
{
    static const char *const endings[] = {".gguf",     ".ggml",      ".bin",  ".safetensors",
                                          ".mlmodelc", ".mlpackage", ".onnx", ".llamafile"};
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
            if (text_ends_with(text, endings[i])) {
                text[strlen(text) - strlen(endings[i])] = '\0';
                again = true;
            }
        /* One of several files: "-00001-of-00003". */
        const size_t length = strlen(text);
        if (length > 15 && text[length - 15] == '-' && strncmp(text + length - 9, "-of-", 4) == 0 &&
            strspn(text + length - 14, "0123456789") == 5 && strspn(text + length - 5, "0123456789") == 5) {
            text[length - 15] = '\0';
            again = true;
        }
    }
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_word_byte(const char *text, size_t at)
{
    const char byte = text[at];

    if (byte == '.')
        return at > 0 && is_digit(text[at - 1]) && is_digit(text[at + 1]);
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || byte == ':' || byte == '?' || (unsigned char)byte >= 0x80;
}

/* Words of file names and repositories that say nothing about the model. */
static bool is_silent(const char *word)
{
    static const char *const words[] = {"meta", "hf",        "moe",       "mostly",  "gguf", "ggml",
                                        "mlx",  "ud",        "guessed",   "imatrix", "imat", "i1",
                                        "bnb",  "quantized", "llamafile", "mlc",     "ct2",  "bpw"};

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    /* "ctx8192" and a day such as 20251205 in the names of RWKV files. */
    const size_t length = strlen(word);
    return (strncmp(word, "ctx", 3) == 0 && length > 3 && strspn(word + 3, "0123456789") == length - 3) ||
           (length == 8 && strspn(word, "0123456789") == 8 && strncmp(word, "20", 2) == 0);
}

static void join_words(const char *text, char key[MODEL_TEXT_SIZE])
{
    size_t length = 0;

    for (size_t at = 0; text[at];) {
        char word[MODEL_TEXT_SIZE];
        size_t end = at;
        while (text[end] && is_word_byte(text, end))
            end++;
        text_copy(word, end - at + 1, text + at);
        if (end > at && !is_silent(word)) {
            text_copy(key + length, MODEL_TEXT_SIZE - length, strcmp(word, "it") == 0 ? "instruct" : word);
            length += strlen(key + length);
        }
        at = end > at ? end : at + 1;
    }
    key[length] = '\0';
}

/* Key of a raw name: the quantisations inside are no part of it. */
static void make_key(const char *raw, bool keep_quantization, char key[MODEL_TEXT_SIZE])
{
    char text[MODEL_TEXT_SIZE];
    size_t start, end;

    copy_name(raw, text);
    drop_ending(text);
    for (int i = 0; i < 4 && !keep_quantization && quantization_find(str_of(text), &start, &end); i++)
        blank(text, start, end);
    join_words(text, key);
}

/* ---------------------------------------------------------------- matching */

static int compare_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct model_key *)row)->key);
}

/* Parameters as a file states them, or rounded to three digits as tables print them ("6.74 B"). */
static bool same_parameters(const struct model *model, double parameters, bool exactly)
{
    const double far = fabs(model->parameters - parameters);

    if (exactly)
        return far < 0.5;
    return number_is_integer(parameters / 1e7) ? far <= 0.5e7 : far <= model->parameters * 1e-4;
}

/* Which model a type such as "llama 8B" is: the one with just that many parameters; else the only one that is near. */
static const struct model *by_type(const struct model_key *first, const struct model_key *last, double parameters,
                                   double bytes, const char *quantization)
{
    for (int exactly = 1; exactly >= 0 && parameters > 0; exactly--) {
        const struct model *found = NULL;
        size_t count = 0;
        for (const struct model_key *key = first; key < last; key++)
            if (same_parameters(&models[key->row], parameters, exactly)) {
                found = &models[key->row];
                count++;
            }
        if (count > 0)
            return count == 1 ? found : NULL;
    }
    for (const struct model_key *key = first; key < last && !(parameters > 0); key++) {
        const double known = catalog_model_bytes(models[key->row].name, quantization);
        if (bytes > 0 && known > 0) {
            if (fabs(known - bytes) <= known * 0.01)
                return &models[key->row];
        } else if (key->kind == KEY_TYPE_DEFAULT) {
            return &models[key->row];
        }
    }
    return NULL;
}

static const struct model *by_key(const char *text, const char *quantization, double parameters, double bytes)
{
    const struct model_key *row = bsearch(text, keys, ARRAY_LENGTH(keys), sizeof keys[0], compare_key);
    const struct model_key *first = row, *last = row;

    if (!row)
        return NULL;
    while (first > keys && strcmp(first[-1].key, text) == 0)
        first--;
    while (last < keys + ARRAY_LENGTH(keys) && strcmp(last->key, text) == 0)
        last++;
    for (const struct model_key *key = first; key < last; key++) {
        const struct model *model = &models[key->row];
        if (key->kind != KEY_NAME)
            continue;
        /* A name that its own file contradicts says nothing. */
        const bool contradicts =
            parameters > 0 && model->parameters > 0 && fabs(parameters - model->parameters) > model->parameters * 0.3;
        return contradicts ? NULL : model;
    }
    return by_type(first, last, parameters, bytes, quantization);
}

static const struct model *match_model(const char *raw, double parameters, double bytes)
{
    char key[MODEL_TEXT_SIZE];

    const struct model *exact = catalog_model(raw);
    if (exact)
        return exact;
    make_key(raw, true, key);
    const struct model *whole = by_key(key, catalog_match_quantization(raw), parameters, bytes);
    if (whole)
        return whole;
    make_key(raw, false, key);
    return by_key(key, catalog_match_quantization(raw), parameters, bytes);
}

static bool same_number(double a, double b)
{
    return number_equal(a, b) || (isnan(a) && isnan(b));
}

/* Outputs name the same few models again and again: what this thread has looked up last is kept. */
const struct model *catalog_match_model(const char *raw, double parameters, double bytes)
{
    static _Thread_local struct {
        char raw[MODEL_TEXT_SIZE];
        double parameters, bytes;
        const struct model *model;
    } recent[RECENT_COUNT];
    static _Thread_local size_t next;

    if (text_is_empty(raw) || strlen(raw) >= MODEL_TEXT_SIZE)
        return NULL;
    for (size_t i = 0; i < RECENT_COUNT; i++)
        if (strcmp(recent[i].raw, raw) == 0 && same_number(recent[i].parameters, parameters) &&
            same_number(recent[i].bytes, bytes))
            return recent[i].model;
    const struct model *model = match_model(raw, parameters, bytes);
    const size_t slot = next++ % RECENT_COUNT;
    memcpy(recent[slot].raw, raw, strlen(raw) + 1);
    recent[slot].parameters = parameters;
    recent[slot].bytes = bytes;
    recent[slot].model = model;
    return model;
}
