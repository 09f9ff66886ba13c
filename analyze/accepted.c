#include "analyze/accepted.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/read/csv.h"
#include "schema/text/encode.h"

#define HEADER "from,to,who,why,date\n"
enum { COLUMN_FROM, COLUMN_TO, COLUMNS = 5 };

struct pairs {
    struct gate_pair *items;
    size_t count, capacity;
};

static int add_pair(struct arena *arena, struct pairs *pairs, struct str from, struct str to, struct err *err)
{
    struct gate_pair *items = arena_grow(arena, pairs->items, &pairs->capacity, pairs->count + 1, sizeof(*items));

    if (items == NULL)
        return arena_check(arena, err);
    pairs->items = items;
    items[pairs->count++] =
        (struct gate_pair){arena_strndup(arena, from.data, from.len), arena_strndup(arena, to.data, to.len)};
    return arena_check(arena, err);
}

static int read_pairs(struct str text, struct arena *arena, struct pairs *pairs, struct err *err)
{
    struct arena scratch cleanup(arena_done) = {.blocks = NULL};
    struct csv_reader reader = csv_reader(text);
    struct csv_record record;
    bool header = true;
    int status;

    reader.width = COLUMNS;
    while ((status = csv_next(&reader, &scratch, &record, err)) > 0) {
        if (header && !str_equal(record.fields[COLUMN_FROM], STR("from"))) {
            (void)err_set(err, ERR_DATA, "a file of accepted hashes begins with from,to,who,why,date");
            return err_at(err, record.line, 0);
        }
        if (!header && (status = add_pair(arena, pairs, record.fields[COLUMN_FROM], record.fields[COLUMN_TO], err)) < 0)
            return status;
        header = false;
    }
    return status;
}

static void add_line(struct buf *text, const char *pair, const char *equals, const struct invocation *invocation)
{
    char date[CLOCK_TEXT_SIZE];

    (void)clock_format(date, clock_wall_us());
    encode_csv_text(text, str_slice(pair, (size_t)(equals - pair)));
    buf_addc(text, ',');
    encode_csv_text(text, str_of(equals + 1));
    buf_addc(text, ',');
    encode_csv_text(text, str_of(option_text(invocation, "who")));
    buf_addc(text, ',');
    encode_csv_text(text, str_of(option_text(invocation, "why")));
    buf_addf(text, ",%.10s\n", date);
}

/* What --accept-hash asks for, into `pairs` and behind `text`. */
static int accept_more(const struct invocation *invocation, struct arena *arena, struct pairs *pairs, struct buf *text,
                       struct err *err)
{
    const size_t count = option_count(invocation, "accept-hash");

    if (count > 0 && (option_text(invocation, "accepted") == NULL || option_text(invocation, "who") == NULL ||
                      option_text(invocation, "why") == NULL)) {
        (void)err_set(err, ERR_USAGE, "--accept-hash needs --accepted FILE, --who NAME and --why TEXT");
        return err_hint(err, "the file keeps who accepted another output, and why");
    }
    if (count > 0 && text->len == 0)
        buf_adds(text, HEADER);
    for (size_t i = 0; i < count; i++) {
        const char *pair = option_item(invocation, "accept-hash", i), *equals = strchr(pair, '=');

        if (equals == NULL || equals == pair || equals[1] == '\0') {
            (void)err_set(err, ERR_USAGE, "\"%s\" names no change of a hash", pair);
            return err_hint(err, "OLD=NEW, both as crosschip-submit check prints them");
        }
        const int status = add_pair(arena, pairs, str_slice(pair, (size_t)(equals - pair)), str_of(equals + 1), err);

        if (status < 0)
            return status;
        add_line(text, pair, equals, invocation);
    }
    return buf_check(text, err);
}

int accepted_read(const struct invocation *invocation, struct arena *arena, struct gate_rules *rules, struct err *err)
{
    const char *path = option_text(invocation, "accepted");
    autobuf struct buf text = BUF(BUF_MIB);
    struct pairs pairs = {.count = 0};
    int status = 0;

    if (path != NULL && access(path, F_OK) == 0) {
        status = file_read(path, &text, err);
        if (status == 0)
            status = read_pairs(str_slice(buf_text(&text), text.len), arena, &pairs, err);
        if (status < 0)
            return err_file(err, path);
    }
    const size_t length = text.len;

    status = accept_more(invocation, arena, &pairs, &text, err);
    if (status == 0 && text.len > length)
        status = file_replace(path, 0644, text.data, text.len, err);
    rules->accepted = pairs.items;
    rules->accepted_count = pairs.count;
    return status;
}
