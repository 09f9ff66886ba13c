#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/action.h"
#include "collector/intake/statements.h"
#include "collector/people/list.h"
#include "collector/people/token.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"

const struct option token_options[] = {
    DATABASE_OPTIONS,
    {"scope", 0, OPTION_LIST_ONCE, "WORD", NULL,
     "what it may do: submit, withdraw, moderate, admin (default: submit and withdraw)"},
    {"days", 0, OPTION_TEXT_ONCE, "N", "365", "how long it holds, at most 365 days"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

enum { DAYS_MOST = 365 };
static const int64_t day_us = INT64_C(86400000000);

static int read_scopes(const struct invocation *invocation, unsigned *ret, struct err *err)
{
    *ret = 0;
    for (size_t i = 0; i < option_count(invocation, "scope"); i++) {
        const char *word = option_item(invocation, "scope", i);
        unsigned scope = token_scope_of(str_of(word));
        if (scope == 0) {
            err_set(err, ERR_USAGE, "--scope does not know %s", word);
            return err_hint(err, "submit, withdraw, moderate or admin");
        }
        *ret |= scope;
    }
    if (*ret == 0) {
        *ret = TOKEN_MAY_SUBMIT | TOKEN_MAY_WITHDRAW;
    }
    return 0;
}

static void put_scopes(struct db_values *values, unsigned scopes)
{
    char words[64];
    token_scope_words(scopes, words, sizeof words);
    struct str rest = str_of(words), word;
    db_array_begin(values, DB_TEXT);
    while (str_next_field(&rest, ' ', &word)) {
        db_put_str(values, word);
    }
    db_array_end(values);
}

static int store_token(struct db *db, const char *name, const char *token, unsigned scopes, int64_t now_us,
                       int64_t expires_us, struct err *err)
{
    char id[TOKEN_ID_SIZE];
    unsigned char key[16];
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct sha256 hash = token_hash(str_of(token));
    int code = random_bytes(key, sizeof key, err);
    if (code != 0 || !token_id_of(str_of(token), id)) {
        return code != 0 ? code : err_set(err, ERR_INTERNAL, "a token that is none was made");
    }
    db_put_text(&values, name);
    db_put_uuid(&values, key);
    db_put_text(&values, id);
    db_put_bytea(&values, hash.bytes, sizeof hash.bytes);
    put_scopes(&values, scopes);
    db_put_timestamptz(&values, now_us);
    db_put_timestamptz(&values, expires_us);
    return db_query(db, statement("token_add"), &values, NULL, err);
}

/* A token that nobody saw must not hold. */
static int take_back(struct db *db, const char *token, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    char id[TOKEN_ID_SIZE] = "";
    const int reason = errno;
    (void)token_id_of(str_of(token), id);
    db_put_text(&values, id);
    db_put_timestamptz(&values, clock_wall_us());
    const int code = db_query(db, statement("token_revoke"), &values, NULL, err);
    if (code != 0) {
        return err_hint(err, "the token %s could not be shown and still holds: crosschip-collector token revoke %s", id,
                        id);
    }
    (void)err_set_errno(err, ERR_IO, reason, "the token %s could not be shown and is revoked", id);
    return err_hint(err, "add it again where it can be printed");
}

static int add(const struct invocation *invocation, struct db *db, struct err *err)
{
    char token[TOKEN_SIZE], words[64], until[CLOCK_TEXT_SIZE];
    const char *name = argument_at(invocation, 1);
    unsigned scopes = 0;
    long days = DAYS_MOST;
    int64_t now_us = clock_wall_us();
    int code = argument_count(invocation) == 2 ? token_name_check(name, err)
                                               : err_set(err, ERR_USAGE, "token add takes one NAME");
    if (code == 0) {
        code = read_scopes(invocation, &scopes, err);
    }
    if (code == 0) {
        code = option_int(invocation, "days", 1, DAYS_MOST, &days, err);
    }
    if (code == 0) {
        code = token_make(token, err);
    }
    if (code == 0) {
        code = store_token(db, name, token, scopes, now_us, now_us + days * day_us, err);
    }
    if (code != 0) {
        return code;
    }
    token_scope_words(scopes, words, sizeof words);
    (void)clock_format(until, (now_us + days * day_us) / 1000000 * 1000000);
    if (option_flag(invocation, "json")) {
        printf("{\"token\":\"%s\",\"scopes\":\"%s\",\"expires_at\":\"%s\"}\n", token, words, until);
    } else {
        char id[TOKEN_ID_SIZE] = "";
        (void)token_id_of(str_of(token), id);
        printf("token %s for %s\nIt is shown once, allows: %s, holds until %s.\n"
               "A running collector knows it within two seconds. On the machine that sends, paste the token\n"
               "\n  %s\n\nwhere this asks for it (with the address of this collector):\n\n"
               "  crosschip-submit login --server https://ADDRESS\n",
               id, name, words, until, token);
    }
    code = fflush(stdout) == 0 ? 0 : take_back(db, token, err);
    proof_wipe(token, sizeof token);
    return code;
}

static int list(const struct invocation *invocation, struct db *db, struct err *err)
{
    static const struct list_column columns[] = {
        {"token_id", "token", 0, LIST_TEXT},      {"name", "name", 1, LIST_TEXT},
        {"scopes", "may", 2, LIST_TEXT},          {"created_at", "made", 3, LIST_TIME},
        {"expires_at", "until", 4, LIST_TIME},    {"revoked_at", "revoked", 5, LIST_TIME},
        {"last_used", "last used", 6, LIST_TEXT},
    };
    autoresult struct db_result *rows = NULL;
    autotable struct table table;
    autobuf struct buf out = BUF(64 * BUF_MIB);
    table_init(&table, NULL);
    int code = db_query(db, statement("token_list"), NULL, &rows, err);
    if (code == 0) {
        list_fill(&table, columns, ARRAY_LENGTH(columns), rows);
        code = list_print(&table, option_flag(invocation, "json"), NULL, &out, err);
    }
    return code != 0 ? code : list_show(&out, err);
}

static int end(const struct invocation *invocation, struct db *db, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    if (argument_count(invocation) != 2) {
        return err_set(err, ERR_USAGE, "token revoke takes one TOKEN or NAME");
    }
    db_put_text(&values, argument_at(invocation, 1));
    db_put_timestamptz(&values, clock_wall_us());
    int code = db_query(db, statement("token_revoke"), &values, &rows, err);
    if (code == 0 && db_rows(rows) == 0) {
        err_set(err, ERR_NOT_FOUND, "no token that holds has this name");
        return err_hint(err, "crosschip-collector token list shows them; only the 8 characters name a token");
    }
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        printf("revoked %s\n", db_text(rows, row, 0));
    }
    return code;
}

/* Names stand in no bundle and in no log, so that they can go. */
static int set_name(const struct invocation *invocation, struct db *db, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    const bool removes = text_equal(argument_at(invocation, 0), "forget");
    const char *name = removes ? NULL : argument_at(invocation, 2);
    if (argument_count(invocation) != (removes ? 2 : 3)) {
        return err_set(err, ERR_USAGE, removes ? "token forget takes one NAME" : "token rename takes NAME and NEWNAME");
    }
    int code = removes ? 0 : token_name_check(name, err);
    if (code != 0) {
        return code;
    }
    db_put_text(&values, argument_at(invocation, 1));
    db_put_text(&values, name);
    code = db_query(db, statement("contributor_rename"), &values, &rows, err);
    if (code == 0 && db_rows(rows) == 0) {
        err_set(err, ERR_NOT_FOUND, "no contributor has the name %s", argument_at(invocation, 1));
        return err_hint(err, "crosschip-collector token list shows the names");
    }
    if (code == 0 && db_is_null(rows, 0, 0)) {
        err_set(err, ERR_DATA, "another contributor has the name %s", name);
        return err_hint(err, "crosschip-collector token list shows the names; one name is one contributor's");
    }
    if (code == 0) {
        printf("%s is now %s\n", argument_at(invocation, 1), db_text(rows, 0, 0));
    }
    return code;
}

int cmd_token(const struct invocation *invocation, struct err *err)
{
    static const struct action actions[] = {{"add", add},         {"list", list},       {"revoke", end},
                                            {"rename", set_name}, {"forget", set_name}, {0}};
    return action_run(invocation, "token", actions, err);
}
