#include "collector/people/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/intake/rows.h"
#include "collector/intake/statements.h"
#include "collector/people/list.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"
#include "schema/catalog/catalog.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"

enum { UNUSUAL_MOST = 8 };

static const char *word_of(enum named named)
{
    return named == NAMED_CHIP ? "chip" : "model";
}

void names_unusual(const char *name, struct buf *into)
{
    const char *at = name, *end = name + strlen(name);
    uint32_t seen[UNUSUAL_MOST];
    size_t count = 0;
    while (at < end) {
        uint32_t point = 0;
        const size_t size = utf8_decode(at, end, &point);
        bool known = size > 0 && point >= ' ' && point < 0x7f;
        for (size_t i = 0; !known && i < count; i++) {
            known = seen[i] == point;
        }
        at += size > 0 ? size : 1;
        if (known) {
            continue;
        }
        if (count == UNUSUAL_MOST) {
            buf_adds(into, " …");
            return;
        }
        seen[count++] = point;
        buf_addf(into, "%sU+%04X", count > 1 ? " " : "", (unsigned)point);
    }
}

/* The catalogue's name; NULL when it knows none. `ret` has the nearest ones of a chip. */
static const char *known_name(enum named named, const char *name, struct chip_match *ret)
{
    *ret = (struct chip_match){0};
    if (named == NAMED_CHIP) {
        catalog_match_chip(name, NULL, ret);
        return ret->chip;
    }
    const struct model *model = catalog_match_model(name, (double)NAN, (double)NAN);
    return model != NULL ? model->name : NULL;
}

/* ---------------------------------------------------------------- lists */

static void put_name(struct table *table, const struct db_result *rows, size_t row, const struct chip_match *match)
{
    autobuf struct buf unusual = BUF(BUF_MIB);
    const char *name = db_text(rows, row, 0);
    names_unusual(name, &unusual);
    table_row(table);
    table_put_text(table, name);
    table_put_integer(table, db_int64(rows, row, 1));
    table_put_integer(table, db_int64(rows, row, 2));
    table_put_text(table, match->candidate_count > 0 ? match->candidates[0] : NULL);
    table_put_text(table, unusual.len > 0 ? buf_text(&unusual) : NULL);
}

int names_unmatched(struct db *db, enum named named, int limit, bool json, struct buf *into, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    autotable struct table table;
    char nothing[64];
    int code = db_query(db, statement(named == NAMED_CHIP ? "names_of_chips" : "names_of_models"), NULL, &rows, err);
    if (code != 0) {
        return code;
    }
    table_init(&table, NULL);
    table_column(&table, "name", word_of(named), ALIGN_LEFT);
    table_column(&table, "contributors", "contributors", ALIGN_RIGHT);
    table_column(&table, "submissions", "submissions", ALIGN_RIGHT);
    table_column(&table, "nearest", "nearest in the catalogue", ALIGN_LEFT);
    table_column(&table, "unusual", "characters beside ASCII", ALIGN_LEFT);
    for (size_t row = 0; row < db_rows(rows) && table.row_count < (size_t)limit; row++) {
        struct chip_match match;
        if (!text_equal(db_text(rows, row, 0), ROWS_CHIP_UNSTATED) &&
            known_name(named, db_text(rows, row, 0), &match) == NULL) {
            put_name(&table, rows, row, &match);
        }
    }
    (void)snprintf(nothing, sizeof nothing, "every %s has a name that is known", word_of(named));
    return list_print(&table, json, nothing, into, err);
}

int names_decisions(struct db *db, enum named named, bool json, struct buf *into, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    autotable struct table table;
    char nothing[64];
    db_put_text(&values, word_of(named));
    int code = db_query(db, statement("alias_list"), &values, &rows, err);
    if (code != 0) {
        return code;
    }
    table_init(&table, NULL);
    table_column(&table, "name", word_of(named), ALIGN_LEFT);
    table_column(&table, "target", "means", ALIGN_LEFT);
    table_column(&table, "variant", "variant", ALIGN_LEFT);
    table_column(&table, "holds", "holds", ALIGN_LEFT);
    table_column(&table, "actor", "by", ALIGN_LEFT);
    table_column(&table, "at", "at", ALIGN_LEFT);
    table_column(&table, "reason", "reason", ALIGN_LEFT);
    for (size_t row = 0; row < db_rows(rows); row++) {
        const char *variant = db_text(rows, row, 3);
        table_row(&table);
        table_put_text(&table, db_text(rows, row, 0));
        table_put_text(&table, db_text(rows, row, 2));
        table_put_text(&table, variant[0] != '\0' ? variant : NULL);
        table_put_text(&table, !db_bool(rows, row, 7) ? "no" : db_is_null(rows, row, 2) ? "taken back" : "yes");
        table_put_text(&table, db_text(rows, row, 4));
        list_put_time(&table, rows, row, 6);
        table_put_text(&table, db_text(rows, row, 5));
    }
    (void)snprintf(nothing, sizeof nothing, "nothing was decided about names of %ss", word_of(named));
    return list_print(&table, json, nothing, into, err);
}

/* ---------------------------------------------------------------- decisions */

/* What the target is called in the catalogue. */
static int find_target(const struct naming *naming, const char **ret, struct err *err)
{
    struct chip_match match;
    const char *known = known_name(naming->named, naming->name, &match);
    if (known != NULL) {
        err_set(err, ERR_DATA, "the catalogue knows this %s: %s", word_of(naming->named), known);
        return err_hint(err, "a name that it knows means what it says there; report it where that is wrong");
    }
    *ret = known_name(naming->named, naming->target, &match);
    if (*ret == NULL) {
        err_set(err, ERR_DATA, "the catalogue knows no %s %s", word_of(naming->named), naming->target);
        return match.candidate_count > 0 ? err_hint(err, "near it: %s", match.candidates[0])
                                         : err_hint(err, "only names of the catalogue can be meant");
    }
    if (naming->variant != NULL && catalog_chip(*ret, naming->variant) == NULL) {
        err_set(err, ERR_DATA, "%s has no variant %s", *ret, naming->variant);
        catalog_match_chip(*ret, NULL, &match);
        return match.candidate_count > 0 ? err_hint(err, "one of its variants: %s", match.candidates[0])
                                         : err_hint(err, "leave --variant out");
    }
    return 0;
}

static int write_decision(struct db *db, const struct naming *naming, const char *target, int64_t now_us,
                          int64_t *ret_revision, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_text(&values, word_of(naming->named));
    db_put_text(&values, naming->name);
    db_put_text(&values, target);
    db_put_text(&values, naming->variant != NULL ? naming->variant : "");
    db_put_text(&values, naming->actor);
    db_put_text(&values, naming->reason);
    db_put_timestamptz(&values, now_us);
    const int code = db_query(db, statement("alias_decide"), &values, &row, err);
    *ret_revision = code == 0 ? db_int64(row, 0, 0) : 0;
    return code;
}

int names_decide(struct db *db, const struct naming *naming, int64_t now_us, struct buf *into, struct err *err)
{
    const char *target = NULL;
    int64_t revision = 0;
    const size_t length = strlen(naming->name);
    if (length == 0 || length > BUNDLE_NAME_BYTES_MAX) {
        return err_set(err, ERR_USAGE, "a name has 1 to %zu bytes", BUNDLE_NAME_BYTES_MAX);
    }
    int code = naming->target != NULL ? find_target(naming, &target, err) : 0;
    if (code == 0) {
        code = write_decision(db, naming, target, now_us, &revision, err);
    }
    if (code == 0 && target == NULL && revision == 0) {
        err_set(err, ERR_NOT_FOUND, "nothing was decided about this name");
        return err_hint(err, "%ss aliases lists what was; a name counts in its exact bytes", word_of(naming->named));
    }
    if (code == 0) {
        encode_terminal(into, str_of(naming->name));
        buf_addf(into, target != NULL ? " means %s" : " means nothing any more", target);
        buf_addf(into, naming->variant != NULL ? " (%s)\n" : "\n", naming->variant);
    }
    return code;
}
