#include "schema/cluster/cluster.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/cluster/private.h"

void cluster_progress(const struct cluster *cluster, const char *format, ...)
{
    if (cluster->options.progress == NULL) {
        return;
    }
    char line[600];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    cluster->options.progress(cluster->options.progress_context, line);
}

bool cluster_is_stopped(const struct cluster *cluster)
{
    return cluster->options.stop != NULL && *cluster->options.stop != 0;
}

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
    *descriptor = -1;
}

/* Frees; the kernel lets the locks go with their descriptors. */
static void cluster_free(struct cluster *cluster)
{
    if (cluster == NULL) {
        return;
    }
    close_descriptor(&cluster->collector);
    close_descriptor(&cluster->users);
    close_descriptor(&cluster->lifecycle);
    free(cluster->folder);
    free(cluster->home);
    free(cluster->pgdata);
    free(cluster->log);
    free(cluster->programs);
    free(cluster->socket_folder);
    arena_done(&cluster->texts);
    free(cluster);
}

static void cluster_free_cleanup(struct cluster **cluster)
{
    cluster_free(*cluster);
    *cluster = NULL;
}

/* Who started: sudo says whom it stands for. */
static void find_starter(struct cluster *cluster)
{
    const char *sudo = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
    const bool plain = sudo != NULL && sudo[0] != '\0' && strlen(sudo) < sizeof cluster->starter;
    text_copy(cluster->starter, sizeof cluster->starter, plain ? sudo : cluster->account.name);
}

/* All at once while root is still root: the account may not be able to make files in DIR. */
static int open_files(struct cluster *cluster, struct err *err)
{
    int log = -1;
    int code = lock_open(cluster, "lifecycle", &cluster->lifecycle, err);
    if (code == 0) {
        code = lock_open(cluster, "users", &cluster->users, err);
    }
    if (code == 0) {
        code = lock_open(cluster, "collector", &cluster->collector, err);
    }
    if (code == 0) {
        code = lock_open(cluster, "postgres.log", &log, err);
    }
    close_descriptor(&log);
    return code;
}

static int prepare(const struct cluster_options *options, struct cluster **ret, struct err *err)
{
    struct cluster *cluster cleanup(cluster_free_cleanup) = mem_zalloc(1, sizeof *cluster);
    if (cluster == NULL) {
        return mem_error(err);
    }
    cluster->lifecycle = cluster->users = cluster->collector = -1;
    if (options != NULL) {
        cluster->options = *options;
        cluster->options.data_folder = NULL;
        cluster->options.account = NULL;
    }
    int code = account_find(options == NULL ? NULL : options->account, &cluster->account, err);
    if (code == 0) {
        find_starter(cluster);
        code = folder_resolve(cluster, options == NULL ? NULL : options->data_folder, err);
    }
    if (code == 0) {
        code = open_files(cluster, err);
    }
    if (code == 0) {
        *ret = TAKE_PTR(cluster);
    }
    return code;
}

/* Under the lifecycle lock. Somebody who failed to open leaves as the last user would. */
static int enter(struct cluster *cluster, struct err *err)
{
    int code = socket_choose(cluster, err); /* first: a path that is too long makes nothing */
    if (code == 0) {
        code = create_or_check(cluster, err);
    }
    if (code < 0) {
        return code;
    }
    code = server_start_or_join(cluster, err);
    if (code == 0 && !lock_try(cluster->users, LOCK_SH)) {
        code = err_set(err, ERR_INTERNAL, "the lock of the users cannot be taken");
    }
    if (code < 0 && lock_try(cluster->users, LOCK_EX)) {
        (void)!server_stop(cluster, NULL); /* the first error is the one to tell */
    }
    return code;
}

int cluster_open(const struct cluster_options *options, struct cluster **ret_cluster, struct err *err)
{
    struct cluster *cluster cleanup(cluster_free_cleanup) = NULL;
    int code = prepare(options, &cluster, err);
    if (code == 0) {
        code = lock_lifecycle(cluster, err);
    }
    if (code != 0) {
        return code;
    }
    code = enter(cluster, err);
    lock_release_lifecycle(cluster);
    if (code == 0) {
        *ret_cluster = TAKE_PTR(cluster);
    }
    return code;
}

/* Converting the shared lock gives it up when others hold it too: just right for leaving. */
static int leave(struct cluster *cluster, struct err *err)
{
    cluster->options.stop = NULL; /* leaving is what an interrupt asks for */
    close_descriptor(&cluster->collector);
    int code = lock_lifecycle(cluster, err);
    if (code == 0 && lock_try(cluster->users, LOCK_EX)) {
        code = server_stop(cluster, err);
    }
    return code;
}

int cluster_close(struct cluster *cluster, struct err *err)
{
    if (cluster == NULL) {
        return 0;
    }
    const int code = leave(cluster, err);
    cluster_free(cluster);
    return code;
}

void cluster_close_cleanup(struct cluster **cluster)
{
    (void)cluster_close(*cluster, NULL);
    *cluster = NULL;
}

bool cluster_is_running(const struct cluster *cluster)
{
    struct postmaster found;
    postmaster_look(cluster, &found);
    return found.kind == POSTMASTER_OURS;
}

int cluster_revive(struct cluster *cluster, struct err *err)
{
    int code = lock_lifecycle(cluster, err);
    if (code < 0) {
        return code;
    }
    code = server_start_or_join(cluster, err);
    lock_release_lifecycle(cluster);
    return code;
}

const char *cluster_conninfo(const struct cluster *cluster)
{
    return cluster->conninfo;
}

const char *cluster_folder(const struct cluster *cluster)
{
    return cluster->home;
}

const char *cluster_account(const struct cluster *cluster)
{
    return cluster->account.name;
}

bool cluster_was_created(const struct cluster *cluster)
{
    return cluster->created;
}

static int remove_home(struct cluster *cluster, struct err *err)
{
    static const char *const names[] = {"pgdata",    "pgdata.new", "postgres.log", "postgres.log.1",
                                        "collector", "users",      "lifecycle"};
    for (size_t at = 0; at < ARRAY_LENGTH(names); at++) {
        autofree char *path = mem_printf("%s/%s", cluster->home, names[at]);
        const int code = path == NULL ? mem_error(err) : folder_remove_tree(path, err);
        if (code < 0) {
            return code;
        }
    }
    (void)rmdir(cluster->home); /* stays when something else is in it */
    autofree char *address = mem_printf("%s/cluster", cluster->folder);
    if (address == NULL) {
        return mem_error(err);
    }
    const int code = folder_remove_tree(address, err);
    (void)rmdir(cluster->folder);
    return code;
}

int cluster_remove(const struct cluster_options *options, struct err *err)
{
    struct cluster_options existing = options == NULL ? (struct cluster_options){0} : *options;
    existing.existing_only = true;
    struct cluster *cluster cleanup(cluster_free_cleanup) = NULL;
    int code = prepare(&existing, &cluster, err);
    if (cluster == NULL) {
        return code;
    }
    code = folder_check_owner(cluster, cluster->pgdata, err);
    if (code == 0) {
        code = lock_lifecycle(cluster, err);
    }
    if (code != 0) {
        return code;
    }
    if (!lock_try(cluster->users, LOCK_EX)) {
        return err_set(err, ERR_SERVICE, "the database is in use");
    }
    code = server_stop(cluster, err);
    return code < 0 ? code : remove_home(cluster, err);
}
