#include <stdio.h>

#include "schema/catalog/catalog.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"
#include "submit/verbs.h"

const struct option chip_options[] = {
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

static void put_json(struct json_writer *writer, const char *name, const struct chip_match *match)
{
    json_begin_object(writer);
    json_pair_string(writer, "name", name);
    json_pair_string(writer, "chip", match->chip);
    json_pair_string(writer, "variant", match->variant);
    json_pair_int(writer, "count", match->count);
    json_write_key(writer, "candidates");
    json_begin_array(writer);
    for (size_t i = 0; i < match->candidate_count; i++)
        json_write_string(writer, match->candidates[i]);
    json_end_array(writer);
    json_end_object(writer);
}

static void put_text(struct buf *out, const char *name, const struct chip_match *match)
{
    encode_terminal(out, str_of(name));
    buf_adds(out, ": ");
    buf_adds(out, match->chip == NULL ? "not in the catalogue" : match->chip);
    if (!text_is_empty(match->variant))
        buf_addf(out, " %s", match->variant);
    for (size_t i = 0; i < match->candidate_count; i++)
        buf_addf(out, "%s%s", i > 0 ? ", " : match->chip == NULL ? "; nearest: " : "; one of: ", match->candidates[i]);
    buf_addc(out, '\n');
}

int cmd_chip(const struct invocation *invocation, struct err *err)
{
    autobuf struct buf out = BUF(64 * BUF_MIB);
    struct json_writer writer = json_writer(&out, 2);
    bool json = option_flag(invocation, "json");
    if (json)
        json_begin_array(&writer);
    for (size_t i = 0; i < argument_count(invocation); i++) {
        struct chip_match match;
        catalog_match_chip(argument_at(invocation, i), NULL, &match);
        if (json)
            put_json(&writer, argument_at(invocation, i), &match);
        else
            put_text(&out, argument_at(invocation, i), &match);
    }
    if (json) {
        json_end_array(&writer);
        buf_addc(&out, '\n');
    }
    int r = buf_check(&out, err);
    if (r < 0)
        return r;
    (void)fputs(buf_text(&out), stdout);
    return 0;
}
