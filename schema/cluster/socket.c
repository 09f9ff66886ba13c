/* Where the socket is. A Unix socket's path is short (107 bytes, 103 on macOS), data folders are
 * not: so it is in a folder of its own, named after the account and the data folder. */
#include "schema/cluster/private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define SOCKET_NAME "/.s.PGSQL." CLUSTER_PORT
#define LONGEST (sizeof((struct sockaddr_un *)0)->sun_path - 1)

bool socket_folder_is_safe(const struct account *account, const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == account->user &&
           (about.st_mode & 077) == 0;
}

/* XDG_RUNTIME_DIR counts only where it is the account's own: sudo and su leave others in it. */
static const char *base_folder(const struct account *account)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct stat about;
    if (runtime != NULL && runtime[0] == '/' && stat(runtime, &about) == 0 && S_ISDIR(about.st_mode) &&
        about.st_uid == account->user) {
        return runtime;
    }
    return "/tmp";
}

int socket_choose(struct cluster *cluster, struct err *err)
{
    const char *base = base_folder(&cluster->account);
    const uint64_t hash = folder_hash(cluster->pgdata);
    free(cluster->socket_folder);
    cluster->socket_folder =
        mem_printf("%s/crosschip-%u-%08x", base, (unsigned)cluster->account.user, (unsigned)(hash ^ (hash >> 32)));
    if (cluster->socket_folder == NULL) {
        return mem_error(err);
    }
    const size_t length = strlen(cluster->socket_folder) + strlen(SOCKET_NAME);
    if (length > LONGEST) {
        (void)err_set(err, ERR_CANNOT_WRITE, "the path of PostgreSQL's socket has %zu bytes, this system allows %zu",
                      length, LONGEST);
        if (err == NULL) {
            return -(int)ERR_CANNOT_WRITE;
        }
        (void)err_path(err, "%s%s", cluster->socket_folder, SOCKET_NAME);
        return err_hint(err, "set XDG_RUNTIME_DIR to a shorter folder of your own, or unset it (then /tmp is used)");
    }
    return socket_set_conninfo(cluster, err);
}

/* What a killed server left in the folder. PostgreSQL would look only at the number in the lock file,
 * which may be a zombie's or somebody else's by now. That nobody runs on the data folder is known here
 * (lifecycle lock, postmaster.pid), so a lock of the same data folder means nothing any more. */
static void remove_left_over(const struct cluster *cluster)
{
    autofree char *lock = mem_printf("%s%s.lock", cluster->socket_folder, SOCKET_NAME);
    autofree char *named = mem_printf("%s%s", cluster->socket_folder, SOCKET_NAME);
    struct buf text autobuf = BUF(8192);
    if (lock == NULL || named == NULL || file_read(lock, &text, NULL) < 0) {
        return;
    }
    struct str rest = str_of(buf_text(&text));
    struct str line;
    /* One that was killed while it wrote the file left less than the two lines. */
    const bool whole = str_next_line(&rest, &line) && str_next_line(&rest, &line);
    if (!whole || str_equal(line, str_of(cluster->pgdata))) {
        (void)unlink(named);
        (void)unlink(lock);
    }
}

static int make_folder(void *context, struct err *err)
{
    const struct cluster *cluster = context;
    const char *path = cluster->socket_folder;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return folder_fail(err, errno, "cannot make the folder of PostgreSQL's socket", path);
    }
    struct stat about;
    if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() && (about.st_mode & 077) != 0) {
        (void)chmod(path, 0700);
    }
    if (socket_folder_is_safe(&cluster->account, path)) {
        remove_left_over(cluster);
        return 0;
    }
    (void)err_set(err, ERR_NOT_ALLOWED, "the folder of PostgreSQL's socket is a link or belongs to somebody else");
    if (err == NULL) {
        return -(int)ERR_NOT_ALLOWED;
    }
    (void)err_path(err, "%s", path);
    return err_hint(err, "find out who made it and remove it, or set XDG_RUNTIME_DIR to a folder of your own");
}

int socket_make(const struct cluster *cluster, struct err *err)
{
    return account_run(&cluster->account, make_folder, (void *)(uintptr_t)cluster, err);
}

/* 'value' with quotes and backslashes escaped, as libpq reads it. */
static void add_value(struct buf *text, const char *key, const char *value)
{
    buf_addf(text, "%s='", key);
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\') {
            buf_addc(text, '\\');
        }
        buf_addc(text, *value);
    }
    buf_adds(text, "' ");
}

char *cluster_conninfo_of(const struct cluster *cluster, const char *role, const char *database)
{
    struct buf text autobuf = BUF(8192);
    add_value(&text, "host", cluster->socket_folder);
    add_value(&text, "port", CLUSTER_PORT);
    add_value(&text, "user", role);
    add_value(&text, "dbname", database);
    add_value(&text, "requirepeer", cluster->account.name);
    return buf_check(&text, NULL) < 0 ? NULL : buf_take(&text);
}

int socket_set_conninfo(struct cluster *cluster, struct err *err)
{
    autofree char *conninfo = cluster_conninfo_of(cluster, CLUSTER_OWNER, CLUSTER_DATABASE);
    autofree char *question = cluster_conninfo_of(cluster, CLUSTER_ADMIN, "postgres");
    if (text_equal(cluster->conninfo, conninfo) && conninfo != NULL) {
        return 0;
    }
    cluster->conninfo = arena_strdup(&cluster->texts, conninfo);
    cluster->question = arena_strdup(&cluster->texts, question);
    return cluster->conninfo == NULL || cluster->question == NULL ? mem_error(err) : 0;
}
