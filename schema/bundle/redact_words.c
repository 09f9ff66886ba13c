/* Words that mean something in benchmark outputs or are everybody's user and host
 * name: looked for as an identity they would shred the data and protect nobody.
 * In paths and mail addresses such names are found by their shape all the same. */
#include "schema/bundle/redact_find.h"

static const char *const common_words[] = {
#include "schema/bundle/redact_words.inc"
};

static bool is_name(enum private_kind kind)
{
    return kind == PRIVATE_USER || kind == PRIVATE_HOST;
}

bool redact_is_common(const struct identity *identity)
{
    struct str text = str_of(identity->text);
    /* Paths need two parts ("/" or "/x" would cut everything), serials and addresses some length. */
    size_t shortest = is_name(identity->kind) ? 3 : 4;
    if (text.len < shortest)
        return true;
    bool letter = false;
    for (size_t i = 0; i < text.len; i++)
        letter = letter || (unsigned char)text.data[i] >= 0x80 || (text.data[i] >= 'a' && text.data[i] <= 'z') ||
                 (text.data[i] >= 'A' && text.data[i] <= 'Z');
    if (is_name(identity->kind) && !letter)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(common_words); i++)
        if (str_equal_ignore_case(text, str_of(common_words[i])))
            return true;
    return false;
}
