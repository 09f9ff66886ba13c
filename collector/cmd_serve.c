#include <limits.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "collector/database.h"
#include "collector/disk.h"
#include "collector/follow/followers.h"
#include "collector/follow/published.h"
#include "collector/http/listen.h"
#include "collector/http/server.h"
#include "collector/http/tls.h"
#include "collector/intake/desk.h"
#include "collector/intake/signing.h"
#include "collector/people/book.h"
#include "collector/notify.h"
#include "collector/serve_settings.h"
#include "collector/stop.h"
#include "collector/verbs.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/migrate.h"

enum { LOOK_MS = 1000 };
static const int64_t drain_us = 6000000;

/* The private database is brought to this version; one that belongs to somebody is only checked. */
static int check_database(const struct database *database, struct db *db, bool *ret_roles, struct err *err)
{
    struct db_durability durability;
    int applied = 0;
    int code = db_check_server(db, &durability, err);
    if (code == 0) {
        code = database->cluster != NULL ? db_migrate(db, &applied, err) : db_schema_check(db, err);
    }
    if (code == 0) {
        code = database_roles_usable(db, ret_roles, err);
    }
    /* Also after somebody was interrupted between the two. */
    if (code == 0 && database->cluster != NULL && (applied > 0 || !*ret_roles)) {
        code = database_grant_roles(db, err);
        code = code != 0 ? code : database_roles_usable(db, ret_roles, err);
    }
    if (code == 0 && !*ret_roles) {
        log_info("serving with all rights of the database login: it may not take the roles " ROLE_INGEST ", " ROLE_AUTH
                 ", " ROLE_ANSWER " and " ROLE_FOLLOW);
    }
    if (code == 0 && !durability.data_checksums) {
        log_warning("this PostgreSQL has no data checksums: a disk that lies is not noticed");
    }
    return code;
}

/* A database that is behind what was signed is served all the same, to be read. */
static int open_published(const char *key, const struct signer *signer, struct db *db, struct published **ret,
                          struct err *err)
{
    struct log_head head;
    autofree char *path = published_path(key);
    if (path == NULL) {
        return mem_error(err);
    }
    int code = published_open(path, &signer->pair, ret, err);
    if (code == 0) {
        code = log_read_head(db, &head, err);
    }
    if (code == 0) {
        code = published_check(*ret, db, &head, err);
    }
    if (code != 0 && *ret != NULL && published_behind(*ret)) {
        log_error(err);
        log_warning("nothing is taken: the database is served to be read only");
        return 0;
    }
    return code;
}

static int open_keys(const struct invocation *invocation, const struct database *database, struct db *db,
                     struct signer *ret, struct published **ret_published, struct err *err)
{
    autofree char *path = NULL;
    int code = database_key_path(invocation, database, &path, err);
    if (code == 0) {
        code = signer_open(db, path, clock_wall_us(), ret, err);
    }
    return code != 0 ? code : open_published(path, ret, db, ret_published, err);
}

static int look_at_database(const struct invocation *invocation, struct serve_settings *settings,
                            const struct database *database, struct signer *signer, struct published **published,
                            struct err *err)
{
    autodb struct db *db = NULL;
    signer_done(signer);
    published_close(TAKE_PTR(*published));
    int code = database_connect(database, true, &db, err);
    if (code == 0) {
        code = check_database(database, db, &settings->roles, err);
    }
    return code != 0 ? code : open_keys(invocation, database, db, signer, published, err);
}

static int prepare(const struct invocation *invocation, struct serve_settings *settings,
                   const struct listener *listener, struct database *database, struct signer *signer,
                   struct published **published, struct err *err)
{
    int code = database_open(invocation, false, &stop_requested, database, err);
    if (code == 0 && database->cluster != NULL) {
        code = cluster_lock_collector(database->cluster, listener->address, err);
    }
    if (code == 0 && database->cluster != NULL) {
        code = cluster_drop_privileges(cluster_account(database->cluster), err);
    }
    /* As the account that will read it again. */
    if (code == 0 && settings->certificate != NULL) {
        code = tls_load(settings->certificate, settings->key, err);
    }
    if (code == 0) {
        do {
            code = look_at_database(invocation, settings, database, signer, published, err);
        } while (database_is_back(database, code, err));
    }
    return code;
}

/* Says so once when room runs out, and once when there is room again. */
static void look_at_disk(const struct database *database, struct http_server *server, long keep_free_mib, bool *room)
{
    const bool now = database->cluster == NULL || disk_has_room(database->cluster, (uint64_t)keep_free_mib << 20);
    if (now != *room && now) {
        log_info("the disk has room again: submissions are taken");
    } else if (now != *room) {
        log_warning("the disk of the database is nearly full: nothing is taken until there is room");
    }
    *room = now;
    http_server_set_room(server, now);
}

/* Tokens are looked at every second anyway. */
static void reload(const struct serve_settings *settings)
{
    struct err err;
    notify_reloading();
    if (settings->certificate != NULL && tls_load(settings->certificate, settings->key, &err) != 0) {
        log_error(&err);
        log_warning("the certificate is still the one before");
    } else {
        log_info("read again%s", settings->certificate != NULL ? ": the certificate is new" : "");
    }
    notify_manager("READY=1");
}

/* Nobody may be asking while it is away. An error is told once. */
static void look_at_postgres(const struct database *database, bool lost, bool *failing)
{
    struct err err;
    if (lost) {
        log_warning("the connection to the database was lost");
    }
    if (database->cluster == NULL || (!lost && cluster_is_running(database->cluster))) {
        return;
    }
    if (!lost && !*failing) {
        log_warning("PostgreSQL is gone: starting it again");
    }
    const bool failed = cluster_revive(database->cluster, &err) != 0;
    if (failed && !*failing) {
        log_error(&err);
    }
    *failing = failed;
}

/* What a rush of clients left in the heaps goes back to the system, before the next one comes. */
static void trim_memory(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}

static void watch(const struct serve_settings *settings, const struct database *database, struct desk *desk,
                  struct http_server *server)
{
    bool room = true, failing = false;
    do {
        if (stop_take_reload()) {
            reload(settings);
        }
        look_at_disk(database, server, settings->keep_free_mib, &room);
        look_at_postgres(database, desk_lost_database(desk), &failing);
        trim_memory();
    } while (!stop_wait(LOOK_MS));
}

static void say_goodbye(struct desk_figures figures)
{
    log_info("stopped: %llu stored, %llu already there, %llu not stored", (unsigned long long)figures.created,
             (unsigned long long)figures.duplicates, (unsigned long long)figures.failed);
}

static int open_desk(const struct serve_settings *settings, struct database *database, struct desk **desk,
                     struct token_book **tokens, struct err *err)
{
    struct desk_options options = {
        .committers = (int)settings->committers,
        .intake_role = settings->roles ? ROLE_INGEST : NULL,
        .clerk_role = settings->roles ? ROLE_AUTH : NULL,
        .reader_role = settings->roles ? ROLE_ANSWER : NULL,
    };
    int code;
    do {
        stop_hold(); /* signals are for the first thread */
        options.database = database->conninfo;
        options.direct = database->cluster != NULL;
        code = *desk != NULL ? 0 : desk_open(&options, desk, err);
        if (code == 0) {
            code = token_book_open(database->conninfo, settings->roles ? ROLE_AUTH : NULL, tokens, err);
        }
        stop_release();
    } while (database_is_back(database, code, err));
    return code;
}

static int serve(const struct serve_settings *settings, const struct listener *listener, struct database *database,
                 const struct signer *signer, struct published *published, struct err *err)
{
    struct desk *desk = NULL;
    struct followers *followers = NULL;
    struct token_book *tokens = NULL;
    struct http_server *server = NULL;
    int code = open_desk(settings, database, &desk, &tokens, err);
    struct http_options options = {
        .descriptor = listener->descriptor,
        .connections = (size_t)settings->connections,
        .policy = settings->policy,
        .desk = desk,
        .tokens = tokens,
        .signer = signer,
        .published = published,
        .limits = settings->limits,
        .site = settings->site,
        .site_parent = settings->site_parent,
        .tls = settings->certificate != NULL,
    };
    stop_hold();
    if (code == 0) {
        code = followers_start(database->conninfo, settings->roles ? ROLE_FOLLOW : NULL, published, &followers, err);
    }
    options.followers = followers;
    if (code == 0) {
        code = http_server_start(&options, &server, err);
    }
    stop_release();
    if (code == 0) {
        printf("listening on %s\n", listener->address);
        code = fflush(stdout) == 0 ? 0 : err_set(err, ERR_CANNOT_WRITE, "cannot write to standard output");
    }
    if (code == 0) {
        notify_manager("READY=1");
        watch(settings, database, desk, server);
        log_info("stopping");
        notify_manager("STOPPING=1");
    }
    if (server != NULL) {
        http_server_stop(server, drain_us);
        say_goodbye(desk_figures(desk));
    }
    token_book_close(tokens);
    desk_free(desk);
    followers_stop(followers);
    return code;
}

/* Many threads that each saw one large document would keep its memory for ever, and what a crowd left free in one heap
 * is of no use to the threads of another. */
static void give_memory_back(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 256 << 10);
    (void)mallopt(M_ARENA_MAX, 2);
#endif
}

int cmd_serve(const struct invocation *invocation, struct err *err)
{
    struct serve_settings settings = {0};
    autolistener struct listener listener = LISTENER_NONE;
    autodatabase struct database database = {0};
    autosigner struct signer signer = {0};
    struct published *published = NULL;
    give_memory_back();
    int code = serve_read_settings(invocation, &settings, err);
    if (code == 0) {
        code = stop_install(err);
    }
    if (code == 0) {
        code = listener_open(option_text(invocation, "listen"), settings.listen, &listener, err);
    }
    if (code == 0) {
        bool local = listener.local && settings.limits.proxies.count == 0 && !settings.limits.proxies.unix_socket;
        code = serve_choose_policy(invocation, local, &settings, err);
    }
    if (code == 0) {
        code = prepare(invocation, &settings, &listener, &database, &signer, &published, err);
    }
    if (code == 0) {
        code = serve(&settings, &listener, &database, &signer, published, err);
        tls_unload();
    }
    published_close(published);
    if (code != 0) {
        return stop_requested != 0 ? 0 : code;
    }
    return database_close(&database, err);
}
