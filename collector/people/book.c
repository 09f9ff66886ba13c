#include "collector/people/book.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/db/db.h"

enum { LOOK_MS = 1000, STATEMENT_LIMIT_MS = 2000, ANSWER_LIMIT_MS = 2500, CONNECT_S = 2 };

struct entry {
    struct token_facts facts;
    struct sha256 hash;
    int64_t expires_us;
    bool used; /* since the day was last noted */
};

struct token_book {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t thread;
    bool stopping, failing;
    struct db *db;
    struct entry *entries; /* sorted by id */
    size_t count;
    int64_t added, revoked; /* version of the entries; -1 = none yet */
    int64_t fresh_us;       /* monotonic: when they were last known to be right */
};

static unsigned read_scopes(const char *words)
{
    struct str rest = str_of(words), word;
    unsigned scopes = 0;
    while (str_next_field(&rest, ' ', &word)) {
        scopes |= token_scope_of(word);
    }
    return scopes;
}

static int read_entries(struct db *db, struct entry **ret, size_t *ret_count, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    int code = db_query(db, statement("token_read"), NULL, &rows, err);
    if (code != 0) {
        return code;
    }
    size_t count = db_rows(rows);
    struct entry *entries = mem_zalloc(count + 1, sizeof *entries);
    if (entries == NULL) {
        return mem_error(err);
    }
    for (size_t row = 0; row < count; row++) {
        struct entry *entry = &entries[row];
        struct str hash = db_bytes(rows, row, 1);
        text_copy(entry->facts.id, sizeof entry->facts.id, db_text(rows, row, 0));
        memcpy(entry->hash.bytes, hash.data, sizeof entry->hash.bytes); /* its length is a CHECK of the table */
        memcpy(entry->facts.contributor_key, db_uuid(rows, row, 2), sizeof entry->facts.contributor_key);
        entry->facts.scopes = read_scopes(db_text(rows, row, 3));
        entry->expires_us = db_timestamptz(rows, row, 4);
    }
    *ret = entries;
    *ret_count = count;
    return 0;
}

/* What was used goes on a list before the entries are replaced. */
static int note_used(struct token_book *book, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    size_t used = 0;
    db_array_begin(&values, DB_TEXT);
    pthread_mutex_lock(&book->lock);
    for (size_t i = 0; i < book->count; i++) {
        if (book->entries[i].used) {
            db_put_text(&values, book->entries[i].facts.id);
            book->entries[i].used = false;
            used++;
        }
    }
    pthread_mutex_unlock(&book->lock);
    db_array_end(&values);
    db_put_timestamptz(&values, clock_wall_us());
    return used == 0 ? 0 : db_query(book->db, statement("token_used"), &values, NULL, err);
}

/* Brings the book up to date, as of the moment before the first question. */
static int look(struct token_book *book, struct err *err)
{
    autoresult struct db_result *version = NULL;
    int64_t asked_us = clock_monotonic_us();
    int code = db_connection_lost(book->db) ? db_reconnect(book->db, err) : 0;
    if (code == 0) {
        code = db_query(book->db, statement("token_version"), NULL, &version, err);
    }
    if (code != 0) {
        return code;
    }
    int64_t added = db_int64(version, 0, 0), revoked = db_int64(version, 0, 1);
    if (added != book->added || revoked != book->revoked) {
        struct entry *entries = NULL;
        size_t count = 0;
        code = read_entries(book->db, &entries, &count, err);
        if (code != 0) {
            return code;
        }
        pthread_mutex_lock(&book->lock);
        struct entry *old = book->entries;
        book->entries = entries;
        book->count = count;
        pthread_mutex_unlock(&book->lock);
        free(old);
        book->added = added;
        book->revoked = revoked;
    }
    pthread_mutex_lock(&book->lock);
    book->fresh_us = asked_us;
    pthread_mutex_unlock(&book->lock);
    return 0;
}

static void look_and_tell(struct token_book *book)
{
    struct err err;
    int code = look(book, &err);
    if (code == 0) {
        code = note_used(book, &err);
    }
    if (code != 0 && !book->failing) {
        log_warning("the tokens cannot be read: %s", err.text);
    }
    book->failing = code != 0;
}

static void *run(void *context)
{
    struct token_book *book = context;
    pthread_mutex_lock(&book->lock);
    while (!book->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_MS / 1000;
        (void)pthread_cond_timedwait(&book->stop, &book->lock, &until);
        pthread_mutex_unlock(&book->lock);
        look_and_tell(book);
        pthread_mutex_lock(&book->lock);
    }
    pthread_mutex_unlock(&book->lock);
    return NULL;
}

static void book_free(struct token_book *book)
{
    if (book != NULL) {
        db_close(book->db);
        free(book->entries);
        pthread_mutex_destroy(&book->lock);
        pthread_cond_destroy(&book->stop);
        free(book);
    }
}

int token_book_open(const char *database, const char *role, struct token_book **ret, struct err *err)
{
    const struct db_options options = {
        .application_name = "crosschip-collector tokens",
        .role = role,
        .writes = true,
        .connect_timeout_s = CONNECT_S,
        .statement_timeout_ms = STATEMENT_LIMIT_MS,
        .answer_limit_ms = ANSWER_LIMIT_MS,
    };
    struct token_book *book = mem_zalloc(1, sizeof *book);
    if (book == NULL) {
        return mem_error(err);
    }
    pthread_mutex_init(&book->lock, NULL);
    pthread_cond_init(&book->stop, NULL);
    book->added = -1;
    int code = db_connect(database, &options, &book->db, err);
    if (code == 0) {
        code = look(book, err);
    }
    if (code == 0) {
        int failure = pthread_create(&book->thread, NULL, run, book);
        code = failure != 0 ? err_set_errno(err, ERR_SERVICE, failure, "cannot start a thread") : 0;
    }
    if (code != 0) {
        book_free(book);
        return code;
    }
    *ret = book;
    return 0;
}

void token_book_close(struct token_book *book)
{
    if (book != NULL) {
        pthread_mutex_lock(&book->lock);
        book->stopping = true;
        pthread_cond_broadcast(&book->stop);
        pthread_mutex_unlock(&book->lock);
        pthread_join(book->thread, NULL);
        book_free(book);
    }
}

static int compare_entry(const void *key, const void *entry)
{
    return strcmp(key, ((const struct entry *)entry)->facts.id);
}

/* Under the lock. Secrets are compared in a time that does not depend on them. */
static struct entry *find(struct token_book *book, struct str token, const char *id)
{
    struct sha256 hash = token_hash(token);
    struct entry *entry =
        book->count > 0 ? bsearch(id, book->entries, book->count, sizeof *book->entries, compare_entry) : NULL;
    return entry != NULL && sha256_equal(&entry->hash, &hash) && entry->expires_us > clock_wall_us() ? entry : NULL;
}

int token_book_prove(struct token_book *book, struct str token, unsigned scopes, struct token_facts *ret,
                     int *ret_status, struct err *err)
{
    char id[TOKEN_ID_SIZE] = "";
    bool well_formed = token_id_of(token, id);
    pthread_mutex_lock(&book->lock);
    bool stale = clock_monotonic_us() - book->fresh_us > TOKEN_BOOK_STALE_US;
    struct entry *entry = well_formed && !stale ? find(book, token, id) : NULL;
    if (entry != NULL) {
        entry->used = true;
        *ret = entry->facts;
    }
    pthread_mutex_unlock(&book->lock);
    if (well_formed && stale) {
        *ret_status = 503;
        return err_set(err, ERR_RETRY, "the database does not answer, so no token can be checked now");
    }
    if (entry == NULL) {
        *ret_status = 401;
        err_set(err, ERR_NOT_ALLOWED, "this token is not known here, has expired or was revoked");
        return err_hint(err, "send without a token, or ask whoever runs this collector for a new one");
    }
    if ((ret->scopes & (scopes | TOKEN_MAY_ADMIN)) == 0) {
        *ret_status = 403;
        return err_set(err, ERR_NOT_ALLOWED, "this token does not allow it");
    }
    return 0;
}
