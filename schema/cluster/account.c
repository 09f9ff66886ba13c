#include "schema/cluster/private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/str.h"

static int fail_unknown(const char *name, struct err *err)
{
    (void)err_set(err, ERR_NOT_ALLOWED, "there is no account %s on this machine", name);
    return err == NULL ? -(int)ERR_NOT_ALLOWED
                       : err_hint(err, "PostgreSQL refuses to run as root: name another account with --user");
}

static int fill(struct account *account, const struct passwd *entry, struct err *err)
{
    text_copy(account->name, sizeof account->name, entry->pw_name);
    account->user = entry->pw_uid;
    account->group = entry->pw_gid;
    account->group_count = (int)ARRAY_LENGTH(account->groups);
#ifdef __APPLE__
    int groups[ARRAY_LENGTH(account->groups)];
    const int found = getgrouplist(entry->pw_name, (int)entry->pw_gid, groups, &account->group_count);
    for (int at = 0; found >= 0 && at < account->group_count; at++) {
        account->groups[at] = (gid_t)groups[at];
    }
#else
    const int found = getgrouplist(entry->pw_name, entry->pw_gid, account->groups, &account->group_count);
#endif
    if (found < 0) { /* more groups than there is room for: its own is enough */
        account->groups[0] = entry->pw_gid;
        account->group_count = 1;
    }
    if (strlen(entry->pw_name) >= sizeof account->name) {
        return err_set(err, ERR_NOT_ALLOWED, "the name of the account is too long");
    }
    return 0;
}

int account_find(const char *name, struct account *ret, struct err *err)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char space[4096];
    if (geteuid() != 0) {
        (void)getpwuid_r(geteuid(), &entry, space, sizeof space, &found);
        if (found == NULL) {
            (void)err_set(err, ERR_NOT_ALLOWED, "user id %u has no name", (unsigned)geteuid());
            return err == NULL ? -(int)ERR_NOT_ALLOWED
                               : err_hint(err, "PostgreSQL needs one: add it to /etc/passwd, or use --database");
        }
        if (name != NULL && !text_equal(name, found->pw_name)) {
            (void)err_set(err, ERR_NOT_ALLOWED, "only root may run PostgreSQL as %s", name);
            return err == NULL ? -(int)ERR_NOT_ALLOWED : err_hint(err, "leave out --user, or start as root");
        }
        return fill(ret, found, err);
    }
    const char *wanted = name == NULL ? "postgres" : name;
    (void)getpwnam_r(wanted, &entry, space, sizeof space, &found);
    if (found == NULL) {
        return fail_unknown(wanted, err);
    }
    if (found->pw_uid == 0) {
        (void)err_set(err, ERR_NOT_ALLOWED, "PostgreSQL refuses to run as %s", wanted);
        return err == NULL ? -(int)ERR_NOT_ALLOWED : err_hint(err, "name an unprivileged account with --user");
    }
    return fill(ret, found, err);
}

bool account_needs_switch(const struct account *account)
{
    return geteuid() == 0 && account->user != 0;
}

bool account_become(const struct account *account)
{
    if (geteuid() != 0) {
        return true;
    }
#ifdef __APPLE__
    const int count = account->group_count;
#else
    const size_t count = (size_t)account->group_count;
#endif
    return setgroups(count, account->groups) == 0 && setgid(account->group) == 0 && setuid(account->user) == 0 &&
           setuid(0) != 0;
}

int cluster_drop_privileges(const char *name, struct err *err)
{
    if (geteuid() != 0) {
        return 0;
    }
    struct account account;
    const int code = account_find(name, &account, err);
    if (code < 0) {
        return code;
    }
    errno = 0;
    if (!account_become(&account)) {
        return err_set_errno(err, ERR_NOT_ALLOWED, errno, "cannot become %s", account.name);
    }
    return 0;
}

bool account_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        return false;
    }
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* What a child tells its parent: the code, and the err. */
struct verdict {
    int code;
    struct err err;
};

static void run_child(const struct account *account, int (*work)(void *context, struct err *err), void *context,
                      int answer)
{
    struct verdict verdict = {0};
    if (account_become(account)) {
        verdict.code = work(context, &verdict.err);
    } else {
        verdict.code = err_set(&verdict.err, ERR_NOT_ALLOWED, "cannot become %s", account->name);
    }
    const bool told = file_write_all(answer, &verdict, sizeof verdict, NULL) == 0;
    _exit(told ? 0 : 1);
}

static bool read_verdict(int descriptor, struct verdict *verdict)
{
    char *at = (char *)verdict;
    size_t missing = sizeof *verdict;
    while (missing > 0) {
        const ssize_t got = read(descriptor, at, missing);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        at += got;
        missing -= (size_t)got;
    }
    return true;
}

int account_run(const struct account *account, int (*work)(void *context, struct err *err), void *context,
                struct err *err)
{
    if (!account_needs_switch(account)) {
        return work(context, err);
    }
    int ends[2];
    if (!account_pipe(ends)) {
        return err_set_errno(err, ERR_IO, errno, "cannot make a pipe");
    }
    int reading autoclose = ends[0];
    const pid_t child = fork();
    if (child == 0) {
        run_child(account, work, context, ends[1]);
    }
    (void)close(ends[1]);
    if (child < 0) {
        return err_set_errno(err, ERR_IO, errno, "cannot start a process");
    }
    struct verdict verdict;
    const bool told = read_verdict(reading, &verdict);
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!told) {
        return err_set(err, ERR_IO, "a process running as %s ended without an answer", account->name);
    }
    if (verdict.code < 0 && err != NULL) {
        *err = verdict.err;
    }
    return verdict.code;
}

/* Walks down: the first folder whose inside cannot be seen. */
bool find_closed_folder(const char *path, char closed[PATH_MAX])
{
    char part[PATH_MAX];
    text_copy(part, sizeof part, path);
    for (size_t at = 1;; at++) {
        if (part[at] != '/' && part[at] != '\0') {
            continue;
        }
        const char kept = part[at];
        part[at] = '\0';
        struct stat about;
        if (stat(part, &about) == 0 && access(part, X_OK) != 0) {
            text_copy(closed, PATH_MAX, part);
            return true;
        }
        if (kept == '\0') {
            return false;
        }
        part[at] = kept;
    }
}

struct closed_question {
    const char *path;
};

/* The answer travels in the err's path: 0 = open. */
static int ask_closed(void *context, struct err *err)
{
    const struct closed_question *question = context;
    char closed[PATH_MAX];
    if (!find_closed_folder(question->path, closed)) {
        return 0;
    }
    (void)err_set(err, ERR_NOT_ALLOWED, "closed");
    return err_detail(err, "%s", closed);
}

bool account_is_shut_out(const struct account *account, const char *path, char closed[PATH_MAX])
{
    struct closed_question question = {path};
    struct err err = {0};
    if (account_run(account, ask_closed, &question, &err) == 0) {
        return false;
    }
    text_copy(closed, PATH_MAX, err.detail[0] == '\0' ? path : err.detail);
    return true;
}

void account_name_of(uid_t user, char *target, size_t size)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char space[4096];
    (void)getpwuid_r(user, &entry, space, sizeof space, &found);
    if (found != NULL) {
        text_copy(target, size, found->pw_name);
    } else {
        (void)snprintf(target, size, "user id %u", (unsigned)user);
    }
}
