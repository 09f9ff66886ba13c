#include "collector/people/token.h"

#include <string.h>

#include "schema/base/str.h"
#include "schema/wire/names.h"

static const char id_alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789"; /* 32, without look-alikes */
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
enum { ID_AT = 4, SECRET_AT = 13, SECRET_BYTES = 32 };

static const struct {
    const char *word;
    enum token_scope scope;
} scopes_known[] = {
    {"submit", TOKEN_MAY_SUBMIT},
    {"withdraw", TOKEN_MAY_WITHDRAW},
    {"moderate", TOKEN_MAY_MODERATE},
    {"admin", TOKEN_MAY_ADMIN},
};

/* RFC 4648, section 5, without padding: 32 bytes are 43 characters. */
static void encode(const unsigned char bytes[SECRET_BYTES], char *target)
{
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < SECRET_BYTES; i++) {
        held = held << 8 | bytes[i];
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            *target++ = base64url[held >> bits & 63];
        }
        held &= (1U << bits) - 1;
    }
    *target++ = base64url[held << (6 - bits) & 63];
    *target = '\0';
}

int token_make(char ret[TOKEN_SIZE], struct err *err)
{
    unsigned char name[TOKEN_ID_SIZE - 1], secret[SECRET_BYTES];
    int code = random_bytes(name, sizeof name, err);
    if (code == 0) {
        code = random_bytes(secret, sizeof secret, err);
    }
    if (code != 0) {
        return code;
    }
    memcpy(ret, "cc1_", ID_AT);
    for (size_t i = 0; i < sizeof name; i++) {
        ret[ID_AT + i] = id_alphabet[name[i] % (sizeof id_alphabet - 1)];
    }
    ret[SECRET_AT - 1] = '_';
    encode(secret, ret + SECRET_AT);
    proof_wipe(secret, sizeof secret);
    return 0;
}

bool token_id_of(struct str token, char ret[TOKEN_ID_SIZE])
{
    if (!token_is_valid(token)) {
        return false;
    }
    str_copy(ret, TOKEN_ID_SIZE, str_slice(token.data + ID_AT, TOKEN_ID_SIZE - 1));
    return true;
}

struct sha256 token_hash(struct str token)
{
    return sha256_of(token.data, token.len);
}

unsigned token_scope_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(scopes_known); i++) {
        if (str_equal(word, str_of(scopes_known[i].word))) {
            return scopes_known[i].scope;
        }
    }
    return 0;
}

void token_scope_words(unsigned scopes, char *target, size_t size)
{
    struct str word = str_of("");
    size_t at = 0;
    target[0] = '\0';
    for (size_t i = 0; i < ARRAY_LENGTH(scopes_known); i++) {
        word = str_of(scopes_known[i].word);
        if ((scopes & scopes_known[i].scope) != 0 && at + word.len + 2 <= size) {
            if (at > 0) {
                target[at++] = ' ';
            }
            memcpy(target + at, word.data, word.len + 1);
            at += word.len;
        }
    }
}

int token_name_check(const char *name, struct err *err)
{
    const char *at = name, *end = name + strlen(name);
    if (at == end || end - at > WIRE_CONTRIBUTOR_MAX) {
        return err_set(err, ERR_USAGE, "a name has 1 to %d bytes", WIRE_CONTRIBUTOR_MAX);
    }
    while (at < end) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(at, end, &code_point);
        if (length == 0 || utf8_is_unsafe(code_point)) {
            return err_set(err, ERR_USAGE, "the name holds a character that has no place in a name");
        }
        at += length;
    }
    return 0;
}
