#include "schema/cluster/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define LOOK_AGAIN_US 10000
#define TELL_AFTER_US 1000000

/* Only a file made here is given to the account: one that is there may be anything. */
int lock_open(const struct cluster *cluster, const char *name, int *ret_descriptor, struct err *err)
{
    autofree char *path = mem_printf("%s/%s", cluster->home, name);
    if (path == NULL) {
        return mem_error(err);
    }
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    int descriptor = open(path, flags | O_CREAT | O_EXCL, 0600);
    if (descriptor >= 0 && account_needs_switch(&cluster->account) &&
        fchown(descriptor, cluster->account.user, cluster->account.group) != 0) {
        const int why = errno;
        (void)close(descriptor);
        return folder_fail(err, why, "cannot give away", path);
    }
    if (descriptor < 0 && errno == EEXIST) {
        descriptor = open(path, flags);
    }
    if (descriptor < 0) {
        return folder_fail(err, errno, "cannot write", path);
    }
    *ret_descriptor = descriptor;
    return 0;
}

bool lock_try(int descriptor, int operation)
{
    int result;
    do {
        result = flock(descriptor, operation | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

int lock_lifecycle(struct cluster *cluster, struct err *err)
{
    const int64_t began_us = clock_monotonic_us();
    bool told = false;
    while (!lock_try(cluster->lifecycle, LOCK_EX)) {
        if (cluster_is_stopped(cluster)) {
            return err_set(err, ERR_SERVICE, "interrupted while another program starts or stops PostgreSQL");
        }
        if (!told && clock_monotonic_us() - began_us > TELL_AFTER_US) {
            cluster_progress(cluster, "waiting for another program that starts or stops PostgreSQL");
            told = true;
        }
        clock_sleep_us(LOOK_AGAIN_US);
    }
    return 0;
}

void lock_release_lifecycle(const struct cluster *cluster)
{
    (void)lock_try(cluster->lifecycle, LOCK_UN);
}

/* "PID\nADDRESS\n" */
static bool read_holder(int descriptor, int *ret_pid, char *address, size_t address_size)
{
    char text[400];
    const ssize_t got = pread(descriptor, text, sizeof text - 1, 0);
    if (got <= 0) {
        return false;
    }
    text[got] = '\0';
    struct str rest = str_slice(text, (size_t)got);
    struct str line;
    *ret_pid = str_next_line(&rest, &line) ? (int)strtol(line.data, NULL, 10) : 0;
    if (str_next_line(&rest, &line)) {
        text[(size_t)(line.data - text) + line.len] = '\0';
        text_copy(address, address_size, line.data);
    } else if (address_size > 0) {
        address[0] = '\0';
    }
    return true;
}

static int fail_second(const struct cluster *cluster, int descriptor, struct err *err)
{
    int pid = 0;
    char address[200] = "";
    const bool known = read_holder(descriptor, &pid, address, sizeof address);
    (void)err_set(err, ERR_SERVICE, "another collector serves this data folder already");
    if (err == NULL) {
        return -(int)ERR_SERVICE;
    }
    (void)err_path(err, "%s", cluster->folder);
    if (known) {
        (void)err_detail(err, "process %d%s%s", pid, address[0] == '\0' ? "" : ", ", address);
    }
    return err_hint(err, "use that one, stop it first, or give this one another folder with --data");
}

int cluster_lock_collector(struct cluster *cluster, const char *address, struct err *err)
{
    const int descriptor = cluster->collector;
    if (!lock_try(descriptor, LOCK_EX)) {
        return fail_second(cluster, descriptor, err);
    }
    char text[300];
    const int length = snprintf(text, sizeof text, "%ld\n%s\n", (long)getpid(), address == NULL ? "" : address);
    /* Only a help for the reader of the message: the lock itself holds in any case. */
    if (ftruncate(descriptor, 0) == 0 && length > 0) {
        const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
        (void)!pwrite(descriptor, text, size, 0);
    }
    return 0;
}

bool cluster_find_collector(const struct cluster *cluster, int *ret_pid, char *address, size_t address_size)
{
    autofree char *path = mem_printf("%s/collector", cluster->home);
    if (path == NULL) {
        return false;
    }
    /* An open of its own: trying the cluster's would drop a lock that is held through it. */
    int descriptor autoclose = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 || lock_try(descriptor, LOCK_SH)) {
        return false;
    }
    return read_holder(descriptor, ret_pid, address, address_size);
}
