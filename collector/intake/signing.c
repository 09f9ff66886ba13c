#include "collector/intake/signing.h"

#include <string.h>

#include "collector/intake/statements.h"
#include "schema/base/clock.h"
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
    if (code != 0) {
        return err == NULL || code == -(int)ERR_NOT_ALLOWED
                   ? code
                   : err_hint(err, "bring the signing key back from a backup, or name it with --key FILE");
    }
    sign_pair_of_seed(seed.bytes, &ret->pair);
    client_key_done(&seed);
    (void)sign_key_id(ret->key_id, &ret->pair.public);
    return 0;
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
    if (code != 0) {
        return code;
    }
    if (!text_equal(active, signer.key_id)) {
        (void)err_set(err, ERR_DATA, "the signing key %s is not the one that this database knows, %s", signer.key_id,
                      active[0] != '\0' ? active : "which knows none in use");
        (void)err_path(err, "%s", path);
        return err_hint(err, "name the file of that key with --key FILE, or bring it back from a backup");
    }
    *ret = signer;
    return 0;
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
