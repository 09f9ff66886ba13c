#include "collector/http/query.h"

#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/number.h"
#include "schema/wire/answer.h"

/* As forms send it: + is a blank. */
static bool decode(struct str text, char target[QUERY_VALUE_SIZE])
{
    autobuf struct buf plain = BUF(3 * QUERY_VALUE_SIZE);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '+') {
            buf_adds(&plain, "%20");
        } else if (text.data[i] == ':') { /* may stand as it is in a query (RFC 3986, section 3.4) */
            buf_adds(&plain, "%3A");
        } else {
            buf_addc(&plain, text.data[i]);
        }
    }
    if (plain.failed != 0 || !wire_percent_decode(str_slice(buf_text(&plain), plain.len), target, QUERY_VALUE_SIZE)) {
        return false;
    }
    const char *at = target, *end = target + strlen(target);
    while (at < end) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(at, end, &code_point);
        if (length == 0 || utf8_is_unsafe(code_point)) {
            return false;
        }
        at += length;
    }
    return true;
}

static int take(struct str pair, struct query_value *values, struct err *err)
{
    char shown[64];
    struct str name;
    (void)str_next_field(&pair, '=', &name);
    str_copy(shown, sizeof shown, name);
    for (struct query_value *value = values; value->name != NULL; value++) {
        if (!str_equal(name, str_of(value->name))) {
            continue;
        }
        if (value->given) {
            (void)err_set(err, ERR_SYNTAX, "a parameter stands twice");
            return err_path(err, "%s", value->name);
        }
        if (pair.len == 0 || !decode(pair, value->text)) {
            (void)err_set(err, ERR_SYNTAX, "the value is empty, too long or not percent-encoded UTF-8");
            return err_path(err, "%s", value->name);
        }
        value->given = true;
        return 0;
    }
    (void)err_set(err, ERR_SYNTAX, "there is no such parameter");
    return err_path(err, "%s", shown);
}

int query_read(const char *uri, struct query_value *values, struct err *err)
{
    struct str rest = str_of(uri), path, pair;
    int code = 0;
    (void)str_next_field(&rest, '?', &path);
    while (code == 0 && rest.len > 0 && str_next_field(&rest, '&', &pair)) {
        code = take(pair, values, err);
    }
    return code;
}

int query_number(const struct query_value *value, int64_t least, int64_t most, int64_t *ret, struct err *err)
{
    if (!value->given || (number_parse_int64(str_of(value->text), ret) && *ret >= least && *ret <= most)) {
        return 0;
    }
    /* Of what is as large as a number may be only the beginning is told. */
    if (most < INT32_MAX) {
        (void)err_set(err, ERR_SYNTAX, "expected a number from %lld to %lld", (long long)least, (long long)most);
    } else {
        (void)err_set(err, ERR_SYNTAX, "expected a number from %lld on", (long long)least);
    }
    return err_path(err, "%s", value->name);
}
