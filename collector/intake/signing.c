#include "collector/intake/signing.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/json/json_write.h"
#include "schema/proof/client_key.h"

void signer_done(struct signer *signer)
{
    sign_pair_done(&signer->pair);
}

static int list_keys(struct db *db, struct db_result **ret, struct err *err)
{
    return db_query(db, statement("signing_keys"), NULL, ret, err);
}

/* The key in use; empty when the database knows none. */
static int find_active(struct db *db, char ret[SIGN_KEY_ID_SIZE], struct err *err)
{
    autoresult struct db_result *keys = NULL;
    ret[0] = '\0';
    int code = list_keys(db, &keys, err);
    for (size_t row = 0; code == 0 && row < db_rows(keys); row++) {
        if (db_is_null(keys, row, 3)) {
            text_copy(ret, SIGN_KEY_ID_SIZE, db_text(keys, row, 0));
        }
    }
    return code;
}

/* One transaction that nobody else's first key can slip into. */
static int register_first(struct db *db, const struct signer *signer, int64_t now_us, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_text(&values, signer->key_id);
    db_put_bytea(&values, signer->pair.public.bytes, sizeof signer->pair.public.bytes);
    db_put_timestamptz(&values, now_us);
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = db_exec(db, "lock table signing_key in share row exclusive mode", err);
    }
    if (code == 0) {
        code = db_query(db, statement("signing_key_first"), &values, NULL, err);
    }
    if (code == 0) {
        code = db_commit(db, err);
    }
    if (code != 0) {
        db_rollback(db);
    }
    return code;
}

static int load(const char *path, bool may_make, struct signer *ret, struct err *err)
{
    struct client_key seed;
    int code = may_make ? client_key_load_or_make(path, &seed, err) : client_key_load(path, &seed, err);
    if (code != 0 && err != NULL && code == -(int)ERR_NOT_ALLOWED && err->hint[0] == '\0') {
        return err_hint(err, "give this file to the account that serves: chown ACCOUNT %s", path);
    }
    if (code != 0) {
        return err == NULL || code == -(int)ERR_NOT_ALLOWED
                   ? code
                   : err_hint(err, "bring the signing key back from a backup, or name it with --signing-key FILE");
    }
    sign_pair_of_seed(seed.bytes, &ret->pair);
    client_key_done(&seed);
    (void)sign_key_id(ret->key_id, &ret->pair.public);
    return 0;
}

/* ---------------------------------------------------------------- the next key */

static char *next_path(const char *path)
{
    return mem_printf("%s.next", path);
}

/* Takes the place of the key before. */
static int put_in_place(const char *next, const char *path, struct err *err)
{
    autofree char *copy = mem_strdup(path);
    if (copy == NULL) {
        return mem_error(err);
    }
    if (rename(next, path) != 0) {
        return err_set_errno(err, ERR_CANNOT_WRITE, errno, "the new key cannot take the place of %s", path);
    }
    return file_sync_folder(dirname(copy), err);
}

/* A rotation that was interrupted after its COMMIT: the key in use still has the name of the next one. */
static int finish_rotation(const char *path, const char *active, struct signer *signer, struct err *err)
{
    autofree char *next = next_path(path);
    autosigner struct signer candidate = {0};
    if (next == NULL) {
        return mem_error(err);
    }
    if (active[0] == '\0' || text_equal(active, signer->key_id) || !file_exists(next)) {
        return 0;
    }
    int code = load(next, false, &candidate, err);
    if (code == 0 && text_equal(candidate.key_id, active)) {
        code = put_in_place(next, path, err);
        *signer = candidate;
    }
    return code;
}

static int fail_other(const char *path, const char *key_id, const char *active, struct err *err)
{
    (void)err_set(err, ERR_DATA, "the signing key %s is not the one that this database knows, %s", key_id,
                  active[0] != '\0' ? active : "which knows none in use");
    (void)err_path(err, "%s", path);
    return err_hint(err, "name the file of that key with --signing-key FILE, or bring it back from a backup");
}

int signer_open(struct db *db, const char *path, int64_t now_us, struct signer *ret, struct err *err)
{
    char active[SIGN_KEY_ID_SIZE];
    autosigner struct signer signer = {0};
    int code = find_active(db, active, err);
    if (code == 0) {
        code = load(path, active[0] == '\0', &signer, err);
    }
    if (code == 0 && active[0] == '\0') {
        code = register_first(db, &signer, now_us, err);
        code = code != 0 ? code : find_active(db, active, err);
    }
    if (code == 0) {
        code = finish_rotation(path, active, &signer, err);
    }
    if (code != 0) {
        return code;
    }
    if (!text_equal(active, signer.key_id)) {
        return fail_other(path, signer.key_id, active, err);
    }
    *ret = signer;
    return 0;
}

int signer_check(struct db *db, const char *path, struct err *err)
{
    char active[SIGN_KEY_ID_SIZE];
    autosigner struct signer signer = {0};
    int code = find_active(db, active, err);
    if (code == 0 && active[0] == '\0' && !file_exists(path)) {
        return 0;
    }
    if (code == 0) {
        code = load(path, false, &signer, err);
    }
    const bool other = code == 0 && active[0] != '\0' && !text_equal(active, signer.key_id);
    return other ? fail_other(path, signer.key_id, active, err) : code;
}

/* Later than the key before, whatever the clock says: they are listed by time. */
static int find_created(struct db *db, const char *key_id, int64_t *at_us, struct err *err)
{
    autoresult struct db_result *keys = NULL;
    int code = list_keys(db, &keys, err);
    for (size_t row = 0; code == 0 && row < db_rows(keys); row++) {
        const int64_t created_us = db_timestamptz(keys, row, 2);
        if (text_equal(db_text(keys, row, 0), key_id) && *at_us <= created_us) {
            *at_us = created_us + 1;
        }
    }
    return code;
}

static int register_next(struct db *db, const struct signer *old, const struct signer *next, int64_t at_us,
                         struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    char created_at[CLOCK_TEXT_SIZE];
    const struct signature signature = key_sign(&old->pair, &next->pair.public, clock_format(created_at, at_us));
    db_put_text(&values, old->key_id);
    db_put_text(&values, next->key_id);
    db_put_bytea(&values, next->pair.public.bytes, sizeof next->pair.public.bytes);
    db_put_timestamptz(&values, at_us);
    db_put_bytea(&values, signature.bytes, sizeof signature.bytes);
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = db_query(db, statement("signing_key_next"), &values, NULL, err);
    }
    if (code == 0 && db_affected(db) != 1) {
        code = err_set(err, ERR_RETRY, "another key came into use meanwhile");
    }
    if (code == 0) {
        code = db_commit(db, err);
    }
    db_rollback(db); /* of what was not committed */
    return code;
}

/* Root makes it for the account that serves. */
static int give_as(const char *next, const char *path, struct err *err)
{
    struct stat old;
    if (geteuid() != 0 || stat(path, &old) != 0 || chown(next, old.st_uid, old.st_gid) == 0) {
        return 0;
    }
    return err_set_errno(err, ERR_CANNOT_WRITE, errno, "%s", next);
}

int signer_rotate(struct db *db, const char *path, int64_t now_us, struct signer *ret, struct err *err)
{
    autosigner struct signer old = {0}, next = {0};
    autofree char *next_file = next_path(path);
    int64_t at_us = now_us;
    int code = next_file == NULL ? mem_error(err) : signer_open(db, path, now_us, &old, err);
    if (code == 0) {
        code = load(next_file, true, &next, err);
    }
    if (code == 0) {
        code = give_as(next_file, path, err);
    }
    if (code == 0) {
        code = find_created(db, old.key_id, &at_us, err);
    }
    if (code == 0) {
        code = register_next(db, &old, &next, at_us, err);
    }
    if (code == 0) {
        code = put_in_place(next_file, path, err);
    }
    if (code == 0) {
        *ret = next;
    }
    return code;
}

static void write_hex(struct json_writer *writer, const char *key, struct str bytes)
{
    char hex[SIGN_SIGNATURE_HEX_SIZE];
    const bool fits = bytes.data != NULL && 2 * bytes.len < sizeof hex;
    json_pair_string(writer, key, fits ? hex_encode(hex, bytes.data, bytes.len) : NULL);
}

int signing_keys_write(struct db *db, struct buf *into, struct err *err)
{
    autoresult struct db_result *keys = NULL;
    int code = list_keys(db, &keys, err);
    if (code != 0) {
        return code;
    }
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    json_write_key(&writer, "keys");
    json_begin_array(&writer);
    for (size_t row = 0; row < db_rows(keys); row++) {
        char time[CLOCK_TEXT_SIZE];
        json_begin_object(&writer);
        json_pair_string(&writer, "key_id", db_text(keys, row, 0));
        write_hex(&writer, "public_key", db_bytes(keys, row, 1));
        json_pair_string(&writer, "created_at", clock_format(time, db_timestamptz(keys, row, 2)));
        json_pair_string(&writer, "retired_at",
                         db_is_null(keys, row, 3) ? NULL : clock_format(time, db_timestamptz(keys, row, 3)));
        json_pair_string(&writer, "signed_by", db_text(keys, row, 4));
        write_hex(&writer, "signature", db_bytes(keys, row, 5));
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
    return buf_check(into, err);
}
