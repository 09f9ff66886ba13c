#include "schema/db/private.h"

#include "schema/base/str.h"

#define OLDEST_VERSION 150000

/* PostgreSQL keeps what it said it had committed only while these are so. */
static int check_setting(const struct db_result *settings, const char *name, struct err *err)
{
    const char *value = db_text(settings, 0, db_column(settings, name));
    if (text_equal(value, "on")) {
        return 0;
    }
    (void)err_set(err, ERR_SERVICE, "the database may lose what it has accepted: %s is %s", name, value);
    return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "alter system set %s = on; then restart PostgreSQL", name);
}

static int check_version(const struct db *db, struct err *err)
{
    const int version = db_server_version(db);
    if (version >= OLDEST_VERSION) {
        return 0;
    }
    (void)err_set(err, ERR_SERVICE, "PostgreSQL %d is too old, 15 or newer is needed", version / 10000);
    return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "upgrade the server, or leave out --database");
}

static int check_encoding(const struct db_result *settings, struct err *err)
{
    const char *encoding = db_text(settings, 0, db_column(settings, "server_encoding"));
    if (text_equal(encoding, "UTF8")) {
        return 0;
    }
    (void)err_set(err, ERR_SERVICE, "the database's encoding is %s, UTF8 is needed", encoding);
    return err == NULL ? -(int)ERR_SERVICE : err_hint(err, "create database … template template0 encoding 'UTF8'");
}

int db_check_server(struct db *db, struct db_durability *ret, struct err *err)
{
    int code = check_version(db, err);
    if (code < 0) {
        return code;
    }
    struct db_result *settings autoresult = NULL;
    code = db_query(db,
                    "select current_setting('fsync') as fsync, "
                    "current_setting('full_page_writes') as full_page_writes, "
                    "current_setting('synchronous_commit') as synchronous_commit, "
                    "current_setting('data_checksums') = 'on' as data_checksums, "
                    "current_setting('server_encoding') as server_encoding",
                    NULL, &settings, err);
    if (code == 0) {
        code = check_encoding(settings, err);
    }
    if (code == 0) {
        code = check_setting(settings, "fsync", err);
    }
    if (code == 0) {
        code = check_setting(settings, "full_page_writes", err);
    }
    const char *commit = code < 0 ? NULL : db_text(settings, 0, db_column(settings, "synchronous_commit"));
    if (code == 0 && !text_equal(commit, "remote_apply")) {
        code = check_setting(settings, "synchronous_commit", err);
    }
    if (code < 0) {
        return code;
    }
    *ret = (struct db_durability){.data_checksums = db_bool(settings, 0, db_column(settings, "data_checksums"))};
    text_copy(ret->synchronous_commit, sizeof ret->synchronous_commit, commit);
    return 0;
}
