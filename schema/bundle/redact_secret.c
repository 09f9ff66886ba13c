/* Keys, tokens and passwords in what a tool prints of its own command line or environment. Known by how their makers
 * begin them (GitHub, GitLab, Hugging Face, OpenAI, Amazon, Slack, Google: their documentation of formats), or by the
 * name that stands before them. "tokens" alone says nothing here: that is what is measured. */
#include "schema/bundle/redact_find.h"

#include <string.h>

static bool is_secret_byte(char byte)
{
    return redact_is_word((unsigned char)byte) || (byte != '\0' && strchr("_-.~+/=", byte) != NULL);
}

static size_t secret_end(struct str text, size_t at)
{
    while (at < text.len && is_secret_byte(text.data[at]))
        at++;
    return at;
}

static bool begins_known(struct str text, size_t at, struct cut *ret)
{
    static const struct {
        const char *beginning;
        size_t least; /* bytes behind it */
    } makers[] = {{"ghp_", 30},        {"gho_", 30},   {"ghu_", 30},  {"ghs_", 30},  {"ghr_", 30},
                  {"github_pat_", 30}, {"glpat-", 16}, {"hf_", 24},   {"sk-", 20},   {"AKIA", 16},
                  {"ASIA", 16},        {"AIza", 30},   {"xoxb-", 16}, {"xoxp-", 16}, {"nvapi-", 24}};
    const struct str rest = str_slice(text.data + at, text.len - at);
    for (size_t i = 0; i < ARRAY_LENGTH(makers); i++) {
        const struct str beginning = str_of(makers[i].beginning);
        if (!str_starts_with(rest, beginning))
            continue;
        size_t end = secret_end(text, at + beginning.len);
        *ret = (struct cut){at, end, PRIVATE_SERIAL};
        return end - at - beginning.len >= makers[i].least;
    }
    return false;
}

/* What stands behind a name and how it is parted from it. */
struct value {
    size_t begin, end;
    bool assigned; /* by = or : */
    bool letters;  /* it is no figure */
};

/* Behind "--password", "API_KEY=", "\"api_key\": \"": quotes may be escaped. */
static struct value value_behind(struct str text, size_t at)
{
    struct value value = {0};
    size_t blanks = 0;
    while (at < text.len && text.data[at] != '\0' && strchr(" =:\\\"'", text.data[at]) != NULL) {
        value.assigned = value.assigned || text.data[at] == '=' || text.data[at] == ':';
        blanks += text.data[at] == ' ';
        at++;
    }
    value.begin = at;
    value.end = blanks <= 2 ? secret_end(text, at) : at;
    for (size_t i = value.begin; i < value.end; i++)
        value.letters = value.letters || text.data[i] > '9';
    return value;
}

/* A word behind a blank is a value only where the name is an option: benchmarks hash passwords, too. */
static bool is_secret(const struct value *value, bool option, struct cut *ret)
{
    *ret = (struct cut){value->begin, value->end, PRIVATE_SERIAL};
    return value->end >= value->begin + 6 && (option || (value->assigned && value->letters));
}

static bool is_named(struct str text, size_t at, struct cut *ret)
{
    static const char *const names[] = {"api_key",    "api-key",       "apikey",       "password",     "passwd",
                                        "secret_key", "secret-key",    "access_key",   "access-key",   "auth_token",
                                        "auth-token", "hf_token",      "access_token", "access-token", "hf-token",
                                        "bearer",     "client_secret", "client-secret"};
    const struct str rest = str_slice(text.data + at, text.len - at);
    const bool option = at > 0 && text.data[at - 1] == '-';
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct str name = str_of(names[i]);
        if (rest.len > name.len && str_equal_ignore_case(str_slice(rest.data, name.len), name) &&
            !redact_is_word((unsigned char)rest.data[name.len])) {
            const struct value value = value_behind(text, at + name.len);
            return is_secret(&value, option || text_equal(names[i], "bearer"), ret);
        }
    }
    return false;
}

/* "--token VALUE": only the option itself, because tokens are what is counted elsewhere. */
static bool is_token_option(struct str text, size_t at, struct cut *ret)
{
    static const struct str option = {"--token", 7};
    if (!str_starts_with(str_slice(text.data + at, text.len - at), option) || at + option.len >= text.len ||
        (text.data[at + option.len] != '=' && text.data[at + option.len] != ' '))
        return false;
    const struct value value = value_behind(text, at + option.len);
    return is_secret(&value, true, ret);
}

bool redact_find_secret(struct str text, size_t at, struct cut *ret)
{
    if (at > 0 && redact_is_word((unsigned char)text.data[at - 1]) && !(at >= 2 && text.data[at - 2] == '\\'))
        return false;
    if (text.data[at] == '-')
        return is_token_option(text, at, ret);
    return begins_known(text, at, ret) || is_named(text, at, ret);
}
