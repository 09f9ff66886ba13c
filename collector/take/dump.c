#include "collector/take/dump.h"

#include <string.h>

#include "schema/base/clock.h"
#include "schema/json/json_write.h"

static const char beginning[] = "{\"id\":\"sha256:";

void dump_write(const struct dump_line *line, struct buf *into)
{
    char received[CLOCK_TEXT_SIZE];
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    json_pair_string(&writer, "id", line->id);
    json_pair_string(&writer, "state", line->state);
    json_pair_string(&writer, "received_at", clock_format(received, line->received_at_us));
    json_pair_string(&writer, "origin", line->origin);
    if (line->bundle.data != NULL) {
        json_write_key(&writer, "bundle");
        json_write_slice(&writer, line->bundle);
    }
    json_end_object(&writer);
    buf_addc(into, '\n');
}

bool dump_begins(struct str text)
{
    return str_starts_with(text, str_of(beginning));
}

int dump_read(struct str text, struct json_document **document, struct dump_line *ret, struct err *err)
{
    size_t offset = 0;
    int code = json_read_tolerant(text, &offset, &json_limits_tool, document, err);
    if (code < 0) {
        return err_set(err, ERR_DATA, "the line of the dump is not whole");
    }
    const struct json *root = json_root(*document);
    const char *bundle = json_string(json_get(root, "bundle"));
    *ret = (struct dump_line){
        .id = json_string(json_get(root, "id")),
        .state = json_string(json_get(root, "state")),
        .bundle = str_of(bundle),
    };
    struct sha256 hash;
    if (code == 0 || !sha256_parse_id(str_of(ret->id), &hash)) {
        return err_set(err, ERR_DATA, "this is no line of a dump: it names no id");
    }
    if (bundle == NULL) {
        ret->bundle = (struct str){0};
    }
    return 0;
}
