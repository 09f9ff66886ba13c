#include "collector/people/look.h"

#include <stdio.h>
#include <string.h>

#include "collector/intake/statements.h"
#include "collector/people/beside.h"
#include "collector/people/list.h"
#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"

enum { RULE_SHOWN = 64 };

static void put_filter(struct db_values *values, const struct look_filter *filter)
{
    db_put_text(values, filter->state);
    db_put_text(values, filter->rule);
    db_put_int32(values, filter->limit);
    if (filter->after != NULL) {
        db_put_uuid(values, filter->after->bytes);
    } else {
        db_put_null(values, DB_UUID);
    }
    if (filter->until_us != 0) {
        db_put_timestamptz(values, filter->until_us);
    } else {
        db_put_null(values, DB_TIMESTAMPTZ);
    }
}

/* In the place of an empty list: what was asked for. */
static const char *say_nothing(const struct look_filter *filter, struct buf *into)
{
    buf_addf(into, "nothing%s is %s", filter->after != NULL ? " more" : "", filter->state);
    if (filter->rule != NULL) {
        buf_adds(into, " that the rule ");
        encode_plain_capped(into, str_of(filter->rule), RULE_SHOWN);
        buf_adds(into, " found");
    }
    buf_adds(into, filter->until_us != 0 ? " and so old" : "");
    return buf_text(into);
}

int look_list(struct db *db, const struct look_filter *filter, bool json, struct buf *into, int64_t *ret_left,
              struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    autotable struct table table;
    autobuf struct buf nothing = BUF(1024);
    static const struct list_column columns[] = {
        {"id", "id", 0, LIST_ID},
        {"received_at", "received", 2, LIST_TIME},
        {"contributor", "from", 3, LIST_TEXT},
        {"format", "format", 4, LIST_TEXT},
        {"chip", "chip", 7, LIST_TEXT},
        {"runs", "runs", 6, LIST_INTEGER},
        {"flags", "rules", 5, LIST_TEXT},
    };
    table_init(&table, NULL);
    put_filter(&values, filter);
    int code = db_query(db, statement("moderate_list"), &values, &rows, err);
    if (code != 0) {
        return code;
    }
    *ret_left = db_rows(rows) > 0 ? db_int64(rows, 0, 8) - (int64_t)db_rows(rows) : 0;
    list_fill(&table, columns, ARRAY_LENGTH(columns), rows);
    return list_print(&table, json, say_nothing(filter, &nothing), into, err);
}

static const struct list_column finding_columns[] = {
    {"rule", "rule", 0, LIST_TEXT},     {"severity", "severity", 1, LIST_TEXT}, {"path", "where", 2, LIST_TEXT},
    {"metric", "metric", 3, LIST_TEXT}, {"message", "what", 4, LIST_TEXT},
};
static const struct list_column history_columns[] = {
    {"revision", "revision", 0, LIST_INTEGER}, {"at", "at", 1, LIST_TIME},    {"kind", "event", 2, LIST_TEXT},
    {"state", "state", 3, LIST_TEXT},          {"actor", "by", 4, LIST_TEXT}, {"rule", "rule", 5, LIST_TEXT},
    {"reason", "reason", 6, LIST_TEXT},
};
/* Another collector's word only tells: nothing here follows from it. */
static const struct list_column peer_columns[] = {
    {"url", "another collector", 0, LIST_TEXT},
    {"kind", "decided", 1, LIST_TEXT},
    {"at", "at", 2, LIST_TIME},
};

/* Everything about one submission, as it was read. */
struct sight {
    char id[SHA256_ID_SIZE], received_at[CLOCK_TEXT_SIZE];
    struct db_result *facts;
    struct table findings, repeats, history, peers;
};

static void sight_done(struct sight *sight)
{
    db_result_free(sight->facts);
    table_done(&sight->findings);
    table_done(&sight->repeats);
    table_done(&sight->history);
    table_done(&sight->peers);
}
#define autosight cleanup(sight_done)

static void print_text(const struct sight *sight, struct buf *into)
{
    const size_t width = list_width();
    const struct db_result *facts = sight->facts;
    const char *contributor = db_text(facts, 0, 2);
    char name[300], erased_at[CLOCK_TEXT_SIZE];
    text_make_printable(name, sizeof name, contributor != NULL ? contributor : "nobody proved who sent it");
    buf_addf(into, "%s %s\nreceived  %s by %s\nfrom      %s\nformat    %s, %lld bytes\nrules     %s\n", sight->id,
             db_text(facts, 0, 0), sight->received_at, db_text(facts, 0, 4), name, db_text(facts, 0, 5),
             (long long)db_int64(facts, 0, 7), db_text(facts, 0, 6)[0] != '\0' ? db_text(facts, 0, 6) : "none");
    if (!db_is_null(facts, 0, 8)) {
        buf_addf(into, "erased    %s\n", clock_format(erased_at, db_timestamptz(facts, 0, 8)));
    }
    buf_addc(into, '\n');
    if (sight->findings.row_count > 0) {
        list_put(&sight->findings, width, into);
        buf_addc(into, '\n');
    }
    if (sight->repeats.row_count > 0) {
        list_put(&sight->repeats, width, into);
        buf_addc(into, '\n');
    }
    if (sight->history.row_count > 0) {
        list_put(&sight->history, width, into);
    }
    if (sight->peers.row_count > 0) {
        buf_addc(into, '\n');
        list_put(&sight->peers, width, into);
    }
}

static void print_json(const struct sight *sight, struct buf *into)
{
    const struct db_result *facts = sight->facts;
    struct json_writer writer = json_writer(into, 2);
    json_begin_object(&writer);
    json_pair_string(&writer, "id", sight->id);
    json_pair_string(&writer, "state", db_text(facts, 0, 0));
    json_pair_string(&writer, "received_at", sight->received_at);
    json_pair_string(&writer, "contributor", db_text(facts, 0, 2));
    json_pair_string(&writer, "origin", db_text(facts, 0, 4));
    json_pair_string(&writer, "format", db_text(facts, 0, 5));
    json_pair_string(&writer, "flags", db_text(facts, 0, 6));
    json_write_key(&writer, "findings");
    table_write_json(&sight->findings, &writer);
    json_write_key(&writer, "figures");
    table_write_json(&sight->repeats, &writer);
    json_write_key(&writer, "history");
    table_write_json(&sight->history, &writer);
    json_write_key(&writer, "peers");
    table_write_json(&sight->peers, &writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
}

static int read_sight(struct db *db, const struct sha256 *id, struct sight *sight, struct err *err)
{
    autovalues struct db_values both = DB_VALUES(DB_PARAMETERS), one = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *findings = NULL, *figures = NULL, *shown = NULL, *history = NULL, *peers = NULL;
    db_put_uuid(&both, id->bytes);
    db_put_bytea(&both, id->bytes, sizeof id->bytes);
    db_put_uuid(&one, id->bytes);
    int code = db_query(db, statement("moderate_show"), &both, &sight->facts, err);
    if (code == 0 && db_rows(sight->facts) == 0) {
        return err_set(err, ERR_NOT_FOUND, "no submission has the id %s", sight->id);
    }
    if (code == 0) {
        code = db_query(db, statement("moderate_findings"), &one, &findings, err);
    }
    if (code == 0) {
        code = db_query(db, statement("moderate_repeats"), &one, &figures, err);
    }
    if (code == 0) {
        code = db_query(db, statement("moderate_shown"), &one, &shown, err);
    }
    if (code == 0) {
        code = db_query(db, statement("moderate_history"), &one, &history, err);
    }
    if (code == 0) {
        code = db_query(db, statement("moderate_peers"), &one, &peers, err);
    }
    if (code == 0) {
        (void)clock_format(sight->received_at, db_timestamptz(sight->facts, 0, 1));
        list_fill(&sight->findings, finding_columns, ARRAY_LENGTH(finding_columns), findings);
        list_fill(&sight->history, history_columns, ARRAY_LENGTH(history_columns), history);
        list_fill(&sight->peers, peer_columns, ARRAY_LENGTH(peer_columns), peers);
        code = table_check(&sight->findings, err);
    }
    if (code == 0) {
        code = beside_fill(&sight->repeats, figures, shown, err);
    }
    if (code == 0) {
        code = table_check(&sight->peers, err);
    }
    return code != 0 ? code : table_check(&sight->history, err);
}

int look_show(struct db *db, const struct sha256 *id, bool json, struct buf *into, struct err *err)
{
    autosight struct sight sight = {0};
    (void)sha256_id(sight.id, id);
    table_init(&sight.findings, NULL);
    table_init(&sight.repeats, NULL);
    table_init(&sight.history, NULL);
    table_init(&sight.peers, NULL);
    int code = read_sight(db, id, &sight, err);
    if (code == 0 && json) {
        print_json(&sight, into);
    } else if (code == 0) {
        print_text(&sight, into);
    }
    return code;
}

int look_undone(struct db *db, const struct sha256 *id, int revision, struct buf *into, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    db_put_uuid(&values, id->bytes);
    const int code = db_query(db, statement("moderate_history"), &values, &rows, err);
    for (size_t row = code == 0 ? db_rows(rows) : 0; row-- > 0;) {
        const char *kind = db_text(rows, row, 2);
        if (db_int64(rows, row, 0) < revision && !text_equal(kind, "reparsed") && !text_equal(kind, "claimed")) {
            buf_addf(into, "%s by ", kind);
            encode_terminal(into, str_of(db_text(rows, row, 4)));
            buf_adds(into, " (");
            encode_terminal(into, str_of(db_text(rows, row, 6)));
            buf_addc(into, ')');
            return buf_check(into, err);
        }
    }
    return code;
}
