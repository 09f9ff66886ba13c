#include "collector/follow/judge_reader.h"

#include <stdio.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/intake/reread.h"
#include "collector/intake/rows.h"
#include "collector/intake/statements.h"
#include "schema/formats/original.h"

/* What was found in one submission. */
struct difference {
    struct judged judged;
    int reader_version; /* of this program's reader; 0 = the one of the bundle is as new */
    char what[400];
};

struct differences {
    struct difference items[FOLLOW_PIECE_MOST];
    size_t count;
};

/* A row of judge_unread.sql. */
static int look(void *context, const struct db_result *row, struct err *err)
{
    struct differences *found = context;
    autobundle struct bundle bundle = {0};
    struct original_check check;
    struct err why;
    if (bundle_read(db_bytes(row, 0, 3), &bundle, &why) != 0) {
        return why.code == ERR_MEMORY ? mem_error(err) : 0; /* of a program that knew more or less: verify tells */
    }
    const int code = original_check(&bundle, &check, err);
    if (code == 0 && check.verdict == ORIGINAL_DIFFERS && found->count < FOLLOW_PIECE_MOST) {
        struct difference *item = &found->items[found->count++];
        item->judged = judged_of_row(row, 0);
        memcpy(item->what, check.what, sizeof item->what);
        item->reader_version = check.reader_version > bundle.reading->reader_version ? check.reader_version : 0;
    }
    return code;
}

/* One after the other: 64 bundles at once would be half a gigabyte. */
static int look_at_all(struct db *db, const struct piece *piece, struct differences *found, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    piece_put(&values, piece);
    return db_each(db, statement("judge_unread"), &values, look, found, err);
}

static int copy_rows(struct db *db, const char *table, struct db_values *rows, struct err *err)
{
    int code = db_copy_begin(db, table, err);
    if (code == 0 && rows->count > 0) {
        code = db_copy_send(db, rows, err);
    }
    return code != 0 ? code : db_copy_end(db, NULL, err);
}

static int replace_rows(struct db *db, const struct difference *item, struct reread *reread, struct err *err)
{
    static const char *const steps[] = {"reparse_delete_measurements", "reparse_delete_runs"};
    autovalues struct db_values ids = DB_VALUES(DB_PARAMETERS), reader = DB_VALUES(DB_PARAMETERS);
    const int32_t version = reread->reader_version;
    int code = 0;
    db_put_uuid_array(&ids, &item->judged.submission_id, 1);
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(steps); i++) {
        code = db_query(db, statement(steps[i]), &ids, NULL, err);
    }
    if (code == 0) {
        code = copy_rows(db, ROWS_RUN, &reread->run_rows, err);
    }
    if (code == 0) {
        code = copy_rows(db, ROWS_MEASUREMENT, &reread->measurement_rows, err);
    }
    db_put_uuid_array(&reader, &item->judged.submission_id, 1);
    db_array_begin(&reader, DB_INT32);
    db_put_int32(&reader, version);
    db_array_end(&reader);
    return code != 0 ? code : db_query(db, statement("reparse_reader"), &reader, NULL, err);
}

/* What the newer reader of this program finds takes the place of the runs; *ret_done false when they do not correspond.
 */
static int read_anew(struct db *db, const struct difference *item, bool *ret_done, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    autoreread struct reread reread = {0};
    struct err why;
    *ret_done = false;
    db_put_uuid(&values, item->judged.submission_id);
    db_put_int32(&values, item->judged.revision);
    int code = db_query(db, statement("judge_raw"), &values, &row, err);
    if (code != 0 || db_rows(row) == 0) {
        return code;
    }
    if (reread_bundle(db_bytes(row, 0, 1), db_uuid(row, 0, 0), &reread, &why) != 0) {
        return why.code == ERR_MEMORY ? mem_error(err) : 0;
    }
    if (reread.reader_version != item->reader_version) {
        return 0;
    }
    code = replace_rows(db, item, &reread, err);
    *ret_done = code == 0;
    return code;
}

static int decide(struct db *db, const struct difference *item, int64_t now_us, struct err *err)
{
    static const struct verdict reparsed = {"reparsed", NULL, JUDGE_READER_DIFFERS},
                                quarantined = {"quarantined", "quarantined", JUDGE_READER_DIFFERS};
    char reason[500];
    bool anew = false;
    const int code = item->reader_version > 0 ? read_anew(db, item, &anew, err) : 0;
    (void)snprintf(reason, sizeof reason, anew ? "read again from the original: %s" : "%s", item->what);
    return code != 0 ? code : judge_change(db, &item->judged, anew ? &reparsed : &quarantined, reason, now_us, err);
}

int judge_reader(struct db *db, const struct piece *piece, int64_t now_us, struct err *err)
{
    autofree struct differences *found = mem_zalloc(1, sizeof *found);
    if (found == NULL) {
        return mem_error(err);
    }
    int code = look_at_all(db, piece, found, err);
    for (size_t i = 0; code == 0 && i < found->count; i++) {
        code = decide(db, &found->items[i], now_us, err);
    }
    return code;
}
