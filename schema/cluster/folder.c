#include "schema/cluster/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define NEARLY_FULL ((uint64_t)48 << 20)

int folder_fail(struct err *err, int errno_value, const char *what, const char *path)
{
    const bool denied = errno_value == EACCES || errno_value == EPERM;
    const int code = err_set_errno(err, denied ? ERR_NOT_ALLOWED : ERR_CANNOT_WRITE, errno_value, "%s", what);
    if (err == NULL) {
        return code;
    }
    (void)err_path(err, "%s", path);
    if (errno_value == ENOSPC || errno_value == EDQUOT) {
        return err_hint(err, "make room on this disk, or choose another folder with --data");
    }
    return denied || errno_value == EROFS ? err_hint(err, "choose a folder of your own with --data") : code;
}

bool folder_is_nearly_full(const char *path)
{
    struct statvfs about;
    return statvfs(path, &about) == 0 && (uint64_t)about.f_bavail * about.f_frsize < NEARLY_FULL;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo): a short name for a path, no protection. */
uint64_t folder_hash(const char *path)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *path != '\0'; path++) {
        hash = (hash ^ (unsigned char)*path) * UINT64_C(1099511628211);
    }
    return hash;
}

int cluster_default_folder(char **ret_folder, struct err *err)
{
    const char *data_home = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    char *folder;
    if (geteuid() == 0) {
        folder = mem_strdup(ROOT_FOLDER);
    } else if (data_home != NULL && data_home[0] == '/') {
        folder = mem_printf("%s/crosschip", data_home);
    } else if (home != NULL && home[0] == '/') {
        folder = mem_printf("%s/.local/share/crosschip", home);
    } else {
        (void)err_set(err, ERR_USAGE, "there is no home folder to keep the database in");
        return err == NULL ? -(int)ERR_USAGE : err_hint(err, "name one with --data DIR");
    }
    if (folder == NULL) {
        return mem_error(err);
    }
    *ret_folder = folder;
    return 0;
}

static int give(const struct account *account, const char *path, struct err *err)
{
    if (!account_needs_switch(account)) {
        return 0;
    }
    int descriptor autoclose = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0 || fchown(descriptor, account->user, account->group) != 0) {
        return folder_fail(err, errno, "cannot give the folder to the account of PostgreSQL", path);
    }
    return 0;
}

/* What the account that serves must read in a folder that becomes its own: root may have copied it there. */
static int give_keys(const struct account *account, const char *path, struct err *err)
{
    int folder autoclose = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    static const char *const names[] = {"signing.key", "signing.key.next", "signing.key.head"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        int file autoclose = openat(folder, names[i], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        struct stat about;
        if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 1 &&
            fchown(file, account->user, account->group) != 0) {
            return folder_fail(err, errno, "cannot give the key to the account that serves", path);
        }
    }
    return 0;
}

int folder_make(const struct account *account, const char *path, mode_t mode, bool *ret_exists, struct err *err)
{
    *ret_exists = false;
    if (mkdir(path, mode) != 0) {
        *ret_exists = errno == EEXIST;
        return folder_fail(err, errno, "cannot make the folder", path);
    }
    return give(account, path, err);
}

static int fail_none(const char *folder, struct err *err)
{
    (void)err_set(err, ERR_SERVICE, "there is no database here yet");
    if (err == NULL) {
        return -(int)ERR_SERVICE;
    }
    (void)err_path(err, "%s", folder);
    return err_hint(err, "start crosschip-collector serve first, or name the folder with --data, "
                         "or a server with --database");
}

static int fail_closed(const struct cluster *cluster, const char *closed, struct err *err)
{
    (void)err_set(err, ERR_NOT_ALLOWED, "the account %s may not enter this folder", cluster->account.name);
    if (err == NULL) {
        return -(int)ERR_NOT_ALLOWED;
    }
    (void)err_path(err, "%s", closed);
    return err_hint(err, "choose another folder with --data, or open this one (chmod o+x)");
}

/* Before anything is made: without PostgreSQL's programs a folder that holds no database stays as it is. */
static int check_programs(const char *given, struct err *err)
{
    autofree char *pgdata = mem_printf("%s/pgdata", given);
    autofree char *address = mem_printf("%s/cluster", given);
    autofree char *programs = NULL;
    int major = 0;
    if (pgdata == NULL || address == NULL) {
        return mem_error(err);
    }
    return file_exists(pgdata) || file_exists(address) ? 0 : programs_find(0, &programs, &major, err);
}

/* Parents are made as usual; DIR itself is closed to others where it is made here. */
static int make_itself(struct cluster *cluster, const char *given, bool *ret_made, struct err *err)
{
    struct stat about;
    *ret_made = false;
    if (stat(given, &about) == 0) {
        const int code = S_ISDIR(about.st_mode) ? 0 : folder_fail(err, ENOTDIR, "cannot keep a database here", given);
        if (code == 0) {
            return cluster->options.existing_only ? 0 : check_programs(given, err);
        }
        return err == NULL ? code : err_hint(err, "name a folder with --data");
    }
    char closed[PATH_MAX];
    if (errno == EACCES && find_closed_folder(given, closed)) {
        return fail_closed(cluster, closed, err);
    }
    if (cluster->options.existing_only) {
        return fail_none(given, err);
    }
    const int found = check_programs(given, err);
    if (found < 0) {
        return found;
    }
    autofree char *parent = mem_strdup(given);
    if (parent == NULL) {
        return mem_error(err);
    }
    size_t length = strlen(parent);
    while (length > 1 && parent[length - 1] == '/') {
        parent[--length] = '\0';
    }
    char *slash = strrchr(parent, '/');
    if (slash != NULL && slash != parent) {
        *slash = '\0';
        const int code = file_make_folders(parent, 0755, err);
        if (code < 0) {
            return code;
        }
    }
    if (mkdir(given, 0711) != 0 && errno != EEXIST) {
        return folder_fail(err, errno, "cannot make the data folder", given);
    }
    *ret_made = true;
    return 0;
}

static int fail_owner(const char *path, uid_t owner, struct err *err)
{
    char name[64];
    account_name_of(owner, name, sizeof name);
    (void)err_set(err, ERR_NOT_ALLOWED, "this database belongs to %s", name);
    if (err == NULL) {
        return -(int)ERR_NOT_ALLOWED;
    }
    (void)err_path(err, "%s", path);
    if (owner == 0) {
        return err_hint(err,
                        "PostgreSQL refuses to run as root: give the folder to another account (chown -R), or choose "
                        "another one with --data");
    }
    return geteuid() == 0 ? err_hint(err, "add --user %s, or choose another folder with --data", name)
                          : err_hint(err, "run this as %s or as root, or choose another folder with --data", name);
}

int folder_check_owner(const struct cluster *cluster, const char *path, struct err *err)
{
    struct stat about;
    if (lstat(path, &about) != 0) {
        return folder_fail(err, errno, "cannot look at the folder of the database", path);
    }
    if (!S_ISDIR(about.st_mode)) {
        return folder_fail(err, ENOTDIR, "this is not the folder of a database", path);
    }
    return about.st_uid == cluster->account.user ? 0 : fail_owner(path, about.st_uid, err);
}

/* DIR/cluster: root takes from it only what it may have written itself. */
static int read_address(struct cluster *cluster, char **ret_home, struct err *err)
{
    autofree char *path = mem_printf("%s/cluster", cluster->folder);
    if (path == NULL) {
        return mem_error(err);
    }
    *ret_home = NULL;
    if (!file_exists(path)) {
        return 0;
    }
    struct buf text autobuf = BUF(PATH_MAX);
    int code = file_read(path, &text, err);
    if (code < 0) {
        return code;
    }
    const struct str home = str_trim(str_of(buf_text(&text)));
    if (!str_starts_with(home, STR(ROOT_FOLDER "/")) || str_find(home, STR("/../"), 0) != SIZE_MAX) {
        (void)err_set(err, ERR_DATA, "this file does not name the folder of a database");
        return err == NULL ? -(int)ERR_DATA : err_path(err, "%s", path);
    }
    autofree char *found = mem_strndup(home.data, home.len);
    if (found == NULL) {
        return mem_error(err);
    }
    struct stat about;
    if (lstat(found, &about) != 0 && errno == ENOENT) {
        (void)err_set(err, ERR_SERVICE, "the database of this folder was in %s and is gone", found);
        if (err == NULL) {
            return -(int)ERR_SERVICE;
        }
        (void)err_path(err, "%s", cluster->folder);
        return err_hint(err, "put it back, or delete %s to begin with an empty one", path);
    }
    code = folder_check_owner(cluster, found, err);
    if (code == 0) {
        *ret_home = TAKE_PTR(found);
    }
    return code;
}

/* A name that was never used: what an earlier folder of this path left is not taken over. */
static int make_relocated(struct cluster *cluster, char **ret_home, struct err *err)
{
    int code = file_make_folders(ROOT_FOLDER, 0711, err);
    char closed[PATH_MAX];
    if (code == 0 && account_is_shut_out(&cluster->account, ROOT_FOLDER, closed)) {
        code = fail_closed(cluster, closed, err);
    }
    for (int number = 1; code == 0; number++) {
        char suffix[16] = "";
        if (number > 1) {
            (void)snprintf(suffix, sizeof suffix, "-%d", number);
        }
        autofree char *home =
            mem_printf(ROOT_FOLDER "/%016llx%s", (unsigned long long)folder_hash(cluster->folder), suffix);
        if (home == NULL) {
            return mem_error(err);
        }
        bool exists = false;
        code = folder_make(&cluster->account, home, 0700, &exists, err);
        if (code == 0) {
            *ret_home = TAKE_PTR(home);
            return 0;
        }
        code = exists ? 0 : code;
        if (exists && number == 1) {
            cluster_progress(cluster,
                             "an earlier database of this folder is still in %s: `echo %s > %s/cluster` takes it back, "
                             "`rm -r %s` removes it",
                             home, home, cluster->folder, home);
        }
    }
    return code;
}

/* Root stands in a folder that the account may not enter: the cluster goes where the account
 * may, and DIR/cluster says where. */
static int relocate(struct cluster *cluster, char **ret_home, struct err *err)
{
    int code = make_relocated(cluster, ret_home, err);
    autofree char *path = mem_printf("%s/cluster", cluster->folder);
    autofree char *text = code < 0 ? NULL : mem_printf("%s\n", *ret_home);
    if (code < 0) {
        return code;
    }
    if (path == NULL || text == NULL) {
        return mem_error(err);
    }
    cluster_progress(cluster, "%s may not enter %s: the database is kept in %s", cluster->account.name, cluster->folder,
                     *ret_home);
    return file_replace(path, 0644, text, strlen(text), err);
}

/* The folder holds nothing but what this room and the collector keep there. */
static bool holds_ours_only(const char *path)
{
    static const char *const ours[] = {".",         "..",    "pgdata",    "postgres.log",
                                       "lifecycle", "users", "collector", "lost+found"};
    DIR *folder = opendir(path);
    bool only = folder != NULL;
    for (const struct dirent *entry = only ? readdir(folder) : NULL; only && entry != NULL; entry = readdir(folder)) {
        size_t i = 0;
        while (i < ARRAY_LENGTH(ours) && !text_equal(entry->d_name, ours[i])) {
            i++;
        }
        only = i < ARRAY_LENGTH(ours) || text_starts_with(entry->d_name, "signing.key");
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return only;
}

/* A folder that root made beforehand is given away when it is empty. One that holds other things stays whose it is:
 * somebody may have named /etc. */
static int take_over(const struct cluster *cluster, bool exists, struct err *err)
{
    struct stat about;
    if (!account_needs_switch(&cluster->account) || stat(cluster->folder, &about) != 0 || about.st_uid != 0 ||
        (about.st_mode & S_IWOTH) != 0) {
        return 0;
    }
    if (holds_ours_only(cluster->folder)) {
        const int code = give_keys(&cluster->account, cluster->folder, err);
        return code < 0 ? code : give(&cluster->account, cluster->folder, err);
    }
    if (exists) {
        return 0;
    }
    (void)err_set(err, ERR_NOT_ALLOWED, "this folder is root's and holds other files, so %s may not write to it",
                  cluster->account.name);
    if (err == NULL) {
        return -(int)ERR_NOT_ALLOWED;
    }
    (void)err_path(err, "%s", cluster->folder);
    return err_hint(err, "name a new or an empty folder with --data");
}

static int choose_home(struct cluster *cluster, bool made, char **ret_home, struct err *err)
{
    int code = read_address(cluster, ret_home, err);
    if (code < 0 || *ret_home != NULL) {
        return code;
    }
    autofree char *pgdata = mem_printf("%s/pgdata", cluster->folder);
    autofree char *home = mem_strdup(cluster->folder);
    if (pgdata == NULL || home == NULL) {
        return mem_error(err);
    }
    const bool exists = file_exists(pgdata);
    if (!exists && cluster->options.existing_only) {
        return fail_none(cluster->folder, err);
    }
    if (exists) {
        code = folder_check_owner(cluster, pgdata, err);
    }
    char closed[PATH_MAX];
    if (code == 0 && account_is_shut_out(&cluster->account, cluster->folder, closed)) {
        return exists || geteuid() != 0 ? fail_closed(cluster, closed, err) : relocate(cluster, ret_home, err);
    }
    if (code == 0) {
        code = made ? give(&cluster->account, cluster->folder, err) : take_over(cluster, exists, err);
    }
    if (code == 0) {
        *ret_home = TAKE_PTR(home);
    }
    return code;
}

/* A second database inside the folder of another one would go when that one is cleaned or moved. */
static int check_outside(const char *given, struct err *err)
{
    char path[PATH_MAX], real[PATH_MAX];
    text_copy(path, sizeof path, given);
    while (realpath(path, real) == NULL) { /* up to the part of it that is there */
        char *slash = strrchr(path, '/');
        if (text_equal(path, ".") || text_equal(path, "/")) {
            return 0;
        }
        if (slash == NULL) {
            text_copy(path, sizeof path, ".");
        } else {
            slash[slash == path ? 1 : 0] = '\0';
        }
    }
    for (char *end = real + strlen(real); end > real; end = strrchr(real, '/')) {
        *end = '\0';
        autofree char *version = mem_printf("%s/PG_VERSION", real);
        if (version == NULL) {
            return mem_error(err);
        }
        if (file_exists(version)) {
            (void)err_set(err, ERR_USAGE, "this lies inside the folder of a PostgreSQL database");
            (void)(err == NULL ? 0 : err_path(err, "%s", given));
            return err == NULL ? -(int)ERR_USAGE : err_hint(err, "name a folder outside of %s with --data", real);
        }
    }
    return 0;
}

int folder_resolve(struct cluster *cluster, const char *data_folder, struct err *err)
{
    autofree char *given = NULL;
    int code = 0;
    if (data_folder == NULL) {
        code = cluster_default_folder(&given, err);
    } else if (data_folder[0] == '\0') {
        (void)err_set(err, ERR_USAGE, "the data folder has an empty name");
        code = err == NULL ? -(int)ERR_USAGE : err_hint(err, "a variable of the shell that is not set?");
    } else {
        given = mem_strdup(data_folder);
        code = given == NULL ? mem_error(err) : 0;
    }
    if (given == NULL) {
        return code;
    }
    bool made = false;
    code = check_outside(given, err);
    if (code == 0) {
        code = make_itself(cluster, given, &made, err);
    }
    if (code < 0) {
        return code;
    }
    cluster->folder = realpath(given, NULL);
    if (cluster->folder == NULL) {
        return folder_fail(err, errno, "cannot enter the data folder", given);
    }
    code = choose_home(cluster, made, &cluster->home, err);
    if (code < 0) {
        return code;
    }
    cluster->pgdata = mem_printf("%s/pgdata", cluster->home);
    cluster->log = mem_printf("%s/postgres.log", cluster->home);
    return cluster->pgdata == NULL || cluster->log == NULL ? mem_error(err) : 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

int folder_remove_tree(const char *path, struct err *err)
{
    if (!file_exists(path)) {
        return 0;
    }
    return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : folder_fail(err, errno, "cannot remove", path);
}
