#include "collector/http/tls.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

enum { CHAIN_MAX = 8, FILE_MAX = 1 << 20, KEY_ID_MAX = 64 };

struct identity {
    struct identity *older;
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned chain_length;
    gnutls_privkey_t key;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct identity *current;

static void identity_free(struct identity *identity)
{
    for (unsigned i = 0; i < identity->chain_length; i++) {
        gnutls_pcert_deinit(&identity->chain[i]);
    }
    if (identity->key != NULL) {
        gnutls_privkey_deinit(identity->key);
    }
    free(identity);
}

static int read_pem(const char *path, struct buf *into, gnutls_datum_t *ret, struct err *err)
{
    int code = file_read(path, into, err);
    if (code == 0) {
        *ret = (gnutls_datum_t){.size = (unsigned)into->len};
        /* GnuTLS takes a pointer to non-const, and only reads it. */
        void *data = into->data;
        ret->data = data;
    }
    return code;
}

static int load_chain(const char *path, struct identity *identity, struct err *err)
{
    autobuf struct buf text = BUF(FILE_MAX);
    gnutls_datum_t pem;
    int code = read_pem(path, &text, &pem, err);
    if (code != 0) {
        return code;
    }
    unsigned length = CHAIN_MAX;
    int failure = gnutls_pcert_list_import_x509_raw(identity->chain, &length, &pem, GNUTLS_X509_FMT_PEM, 0);
    if (failure < 0) {
        (void)err_set(err, ERR_DATA, "%s holds no certificate in PEM form", path);
        return err_detail(err, "%s", gnutls_strerror(failure));
    }
    identity->chain_length = length;
    return 0;
}

static int load_key(const char *path, struct identity *identity, struct err *err)
{
    autobuf struct buf text = BUF(FILE_MAX);
    gnutls_datum_t pem;
    struct stat status;
    int code = read_pem(path, &text, &pem, err);
    if (code != 0) {
        return code;
    }
    if (stat(path, &status) == 0 && (status.st_mode & 07) != 0) {
        (void)err_set(err, ERR_NOT_ALLOWED, "every account may read or write the key %s", path);
        return err_hint(err, "chmod o= %s", path);
    }
    int failure = gnutls_privkey_init(&identity->key);
    if (failure >= 0) {
        failure = gnutls_privkey_import_x509_raw(identity->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    }
    for (volatile char *at = text.data; at != NULL && at < text.data + text.len; at++) {
        *at = '\0';
    }
    if (failure < 0) {
        (void)err_set(err, ERR_DATA, "%s holds no private key in PEM form without a password", path);
        return err_detail(err, "%s", gnutls_strerror(failure));
    }
    return 0;
}

/* The key must be that of the first certificate. */
static bool belong_together(const struct identity *identity)
{
    unsigned char ours[KEY_ID_MAX], theirs[KEY_ID_MAX];
    size_t ours_size = sizeof ours, theirs_size = sizeof theirs;
    gnutls_pubkey_t public_key = NULL;
    bool same = gnutls_pubkey_init(&public_key) >= 0 &&
                gnutls_pubkey_import_privkey(public_key, identity->key, 0, 0) >= 0 &&
                gnutls_pubkey_get_key_id(public_key, 0, ours, &ours_size) >= 0 &&
                gnutls_pubkey_get_key_id(identity->chain[0].pubkey, 0, theirs, &theirs_size) >= 0 &&
                ours_size == theirs_size && memcmp(ours, theirs, ours_size) == 0;
    if (public_key != NULL) {
        gnutls_pubkey_deinit(public_key);
    }
    return same;
}

int tls_load(const char *certificate_file, const char *key_file, struct err *err)
{
    struct identity *identity = mem_zalloc(1, sizeof *identity);
    if (identity == NULL) {
        return mem_error(err);
    }
    int code = load_chain(certificate_file, identity, err);
    if (code == 0) {
        code = load_key(key_file, identity, err);
    }
    if (code == 0 && !belong_together(identity)) {
        code = err_set(err, ERR_DATA, "the key %s is not that of the certificate %s", key_file, certificate_file);
    }
    if (code != 0) {
        identity_free(identity);
        return code;
    }
    pthread_mutex_lock(&lock);
    identity->older = current;
    current = identity;
    pthread_mutex_unlock(&lock);
    return 0;
}

bool tls_is_loaded(void)
{
    pthread_mutex_lock(&lock);
    bool loaded = current != NULL;
    pthread_mutex_unlock(&lock);
    return loaded;
}

void tls_unload(void)
{
    while (current != NULL) {
        struct identity *older = current->older;
        identity_free(current);
        current = older;
    }
}

/* The parameters are GnuTLS's. NOLINTNEXTLINE(readability-function-size) */
static int choose(gnutls_session_t session, const gnutls_datum_t *names, int name_count,
                  const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **ret_chain,
                  unsigned *ret_length, gnutls_privkey_t *ret_key)
{
    (void)session;
    (void)names;
    (void)name_count;
    (void)algorithms;
    (void)algorithm_count;
    pthread_mutex_lock(&lock);
    struct identity *identity = current;
    pthread_mutex_unlock(&lock);
    if (identity == NULL) {
        return -1;
    }
    *ret_chain = identity->chain;
    *ret_length = identity->chain_length;
    *ret_key = identity->key;
    return 0;
}

void *tls_callback(void)
{
    /* A function as the pointer that libmicrohttpd's option wants (POSIX allows it). */
    gnutls_certificate_retrieve_function2 *function = choose;
    void *pointer = NULL;
    memcpy(&pointer, &function, sizeof pointer);
    return pointer;
}

void tls_send(void *session, const void *bytes, size_t size)
{
    (void)!gnutls_record_send(session, bytes, size);
}
