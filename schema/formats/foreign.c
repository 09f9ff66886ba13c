#include "schema/formats/foreign.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/formats/raw_json.h"
#include "schema/json/json.h"

#define HEADER_MAX ((size_t)280)
#define FIRST_BYTES_MAX ((size_t)1 << 20)

static void explain(struct err *err, bool csv, const char *names)
{
    err_set(err, ERR_DATA, "no known benchmark output was recognised; %s: %s",
            csv ? "the header of this CSV is" : "the members of this JSON are", names);
    err_hint(err,
             "say which %s hold what, for example crosschip-submit send FILE --map model=NAME --map "
             "generation_throughput:tok/s=NAME "
             "--set chip=\"Apple M4\" (schema/formats/OWN_FORMATS.md)",
             csv ? "columns" : "members");
    (void)err_at(err, 1, 0);
}

static size_t count_of(struct str line, char separator)
{
    size_t count = 0;
    for (size_t i = 0; i < line.len; i++)
        count += line.data[i] == separator;
    return count;
}

/* A header of words, and a second line with as many separators. */
static bool explain_csv(struct str text, struct err *err)
{
    struct str rest = text, header = {0}, row = {0};
    while (str_trim(header).len == 0)
        if (!str_next_line(&rest, &header))
            return false;
    if (!str_next_line(&rest, &row) || header.len > 65536)
        return false;
    size_t commas = count_of(header, ','), tabs = count_of(header, '\t'), semicolons = count_of(header, ';');
    size_t most = commas > tabs ? commas : tabs;
    char separator = semicolons > most ? ';' : most == commas ? ',' : '\t';
    size_t count = count_of(header, separator);
    bool letter = false;
    for (size_t i = 0; i < header.len; i++)
        letter = letter || (header.data[i] >= 'a' && header.data[i] <= 'z');
    if (count < 2 || !letter || count_of(row, separator) < count || strchr("{[<", str_trim(header).data[0]) != NULL)
        return false;
    autobuf struct buf names = BUF(HEADER_MAX + 1);
    buf_add(&names, header.data, header.len < HEADER_MAX ? header.len : HEADER_MAX);
    explain(err, true, buf_text(&names));
    return true;
}

static bool explain_json(struct str text, struct err *err)
{
    struct str trimmed = str_trim(text);
    if (trimmed.len == 0 || (trimmed.data[0] != '{' && trimmed.data[0] != '['))
        return false;
    size_t at = raw_json_find_object(text, 0), end = at == SIZE_MAX ? SIZE_MAX : raw_json_end(text, at), offset = 0;
    if (end == SIZE_MAX || end - at > FIRST_BYTES_MAX)
        return false;
    autojson struct json_document *json = NULL;
    struct str first = str_slice(text.data + at, end - at);
    if (json_read_tolerant(first, &offset, &json_limits_tool, &json, NULL) <= 0)
        return false;
    autobuf struct buf names = BUF(BUF_MIB);
    for (const struct json *member = json_first(json_root(json)); member != NULL && names.len < HEADER_MAX;
         member = json_next(member))
        buf_addf(&names, "%s%.60s", names.len > 0 ? ", " : "", json_key(member));
    if (names.len == 0)
        return false;
    explain(err, false, buf_text(&names));
    return true;
}

bool foreign_explain(struct str text, struct err *err)
{
    return explain_json(text, err) || explain_csv(text, err);
}
