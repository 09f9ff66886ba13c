#include "schema/cluster/private.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/mem.h"
#include "schema/base/process.h"
#include "schema/base/str.h"

#define LIMIT_MS 10000

/* Where distributions and brew keep PostgreSQL, besides what pg_config and PATH say. */
static const char *const places[] = {
    "/usr/lib/postgresql/*/bin", /* Debian, Ubuntu */
    "/usr/pgsql-*/bin",          /* packages of the PostgreSQL project on Red Hat */
    "/usr/lib64/postgresql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin", /* brew on Apple silicon, on Intel */
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
    "/usr/bin",
};

struct search {
    int wanted; /* major version, 0 = newest */
    int major;  /* of the best so far */
    int others; /* newest other one seen, for the message */
    char *folder;
};

/* First line of a program's output; "" when it cannot be run. */
static void ask(const char *const *argv, char *target, size_t size)
{
    struct buf out autobuf = BUF(4096);
    struct process_result result = {0};
    target[0] = '\0';
    if (process_run(argv, LIMIT_MS, &out, NULL, &result, NULL) < 0 || result.exit_status != 0) {
        return;
    }
    struct str rest = str_of(buf_text(&out));
    struct str line;
    if (str_next_line(&rest, &line) && line.len < size) {
        memcpy(target, line.data, line.len);
        target[line.len] = '\0';
    }
}

/* "postgres (PostgreSQL) 15.20 (Debian …)" gives 15. */
static int major_of(const char *program)
{
    const char *const argv[] = {program, "--version", NULL};
    char line[200];
    ask(argv, line, sizeof line);
    const char *at = strstr(line, "(PostgreSQL) ");
    return at == NULL ? 0 : (int)strtol(at + strlen("(PostgreSQL) "), NULL, 10);
}

static void consider(struct search *search, const char *folder)
{
    autofree char *postgres = mem_printf("%s/postgres", folder);
    autofree char *initdb = mem_printf("%s/initdb", folder);
    if (postgres == NULL || initdb == NULL || access(postgres, X_OK) != 0 || access(initdb, X_OK) != 0) {
        return;
    }
    const int major = major_of(postgres);
    if (major > search->others) {
        search->others = major;
    }
    const bool fits = search->wanted == 0 ? major >= CLUSTER_OLDEST : major == search->wanted;
    if (!fits || major <= search->major) {
        return;
    }
    char *kept = mem_strdup(folder);
    if (kept != NULL) {
        free(search->folder);
        search->folder = kept;
        search->major = major;
    }
}

static void consider_path(struct search *search)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path);
    struct str folder;
    while (search->folder == NULL && str_next_field(&rest, ':', &folder)) {
        autofree char *text = mem_strndup(folder.data, folder.len);
        if (text != NULL && text[0] == '/') {
            consider(search, text);
        }
    }
}

static void consider_places(struct search *search)
{
    for (size_t at = 0; at < ARRAY_LENGTH(places); at++) {
        glob_t found = {0};
        if (glob(places[at], 0, NULL, &found) == 0) {
            for (size_t each = 0; each < found.gl_pathc; each++) {
                consider(search, found.gl_pathv[each]);
            }
        }
        globfree(&found);
    }
}

static int fail_missing(const struct search *search, struct err *err)
{
    if (search->wanted != 0) {
        const int code = err_set(err, ERR_SERVICE, "PostgreSQL %d is not installed", search->wanted);
        return err == NULL ? code : err_hint(err, "install it (Debian and Ubuntu: postgresql-%d)", search->wanted);
    }
    if (search->others > 0) {
        (void)err_set(err, ERR_SERVICE, "PostgreSQL %d is too old, %d or newer is needed", search->others,
                      CLUSTER_OLDEST);
    } else {
        (void)err_set(err, ERR_SERVICE, "PostgreSQL's programs (postgres, initdb) are missing");
    }
    if (err == NULL) {
        return -(int)ERR_SERVICE;
    }
#ifdef __APPLE__
    return err_hint(err, "brew install postgresql@15, or name a server with --database");
#else
    return err_hint(err,
                    "install them (Debian and Ubuntu: apt-get install postgresql-%d), "
                    "or name a server with --database",
                    CLUSTER_OLDEST);
#endif
}

int programs_find(int major, char **ret_folder, int *ret_major, struct err *err)
{
    struct search search = {.wanted = major};
    const char *const argv[] = {"pg_config", "--bindir", NULL};
    char folder[PATH_MAX];
    ask(argv, folder, sizeof folder);
    if (folder[0] == '/') {
        consider(&search, folder);
    }
    if (search.folder == NULL) {
        consider_places(&search);
    }
    if (search.folder == NULL) {
        consider_path(&search);
    }
    if (search.folder == NULL) {
        return fail_missing(&search, err);
    }
    *ret_folder = search.folder;
    *ret_major = search.major;
    return 0;
}

int cluster_programs(int major, char **ret_folder, struct err *err)
{
    int found;
    return programs_find(major, ret_folder, &found, err);
}
