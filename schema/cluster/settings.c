/* The cluster's configuration, written anew at each start, so that a newer program's choices
 * take effect. postgresql.conf includes crosschip.conf and is left to its owner. */
#include "schema/cluster/private.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

static const char settings[] =
    "# Written by crosschip at each start. Own settings belong below the include in postgresql.conf.\n"
    "listen_addresses = ''\n"
    "unix_socket_permissions = 0700\n"
    "max_connections = 40\n"
    /* A page is written whole when it changes first after a checkpoint. Keys are hashes: each submission changes other
     * pages, so that rare checkpoints are what keeps its cost flat. */
    "checkpoint_timeout = 15min\n"
    /* /dev/shm is 64 MB in containers, and a parallel plan may need more of it. */
    "max_parallel_workers = 0\n"
    "max_parallel_workers_per_gather = 0\n"
    "max_parallel_maintenance_workers = 0\n"
    "jit = off\n"
    "timezone = 'UTC'\n"
    "log_timezone = 'UTC'\n"
    "lc_messages = 'C'\n"
    "log_destination = 'stderr'\n"
    "logging_collector = off\n"
    "log_line_prefix = '%m [%p] '\n"
    "log_checkpoints = off\n"
    "log_autovacuum_min_duration = -1\n"
    /* Nothing that a contributor sent may reach the log. */
    "log_error_verbosity = terse\n"
    "log_min_error_statement = panic\n"
    "log_parameter_max_length = 0\n"
    "log_parameter_max_length_on_error = 0\n"
    "cluster_name = 'crosschip'\n";

static const char durable[] = "fsync = on\n"
                              "full_page_writes = on\n"
                              "synchronous_commit = on\n"
#ifdef __APPLE__
                              "wal_sync_method = fsync_writethrough\n"
#endif
    ;

static const char unsafe[] = "fsync = off\n"
                             "full_page_writes = off\n"
                             "synchronous_commit = off\n";

static const char access_rules[] =
    "# Written by crosschip at each start: the socket only, and only accounts named in pg_ident.conf.\n"
    "local all all peer map=crosschip\n";

/* Writes only what is not there already: a flush costs more than a look. */
static int write_file(const char *pgdata, const char *name, const struct buf *content, struct err *err)
{
    int code = buf_check(content, err);
    autofree char *path = mem_printf("%s/%s", pgdata, name);
    if (code < 0 || path == NULL) {
        return code < 0 ? code : mem_error(err);
    }
    struct buf old autobuf = BUF(BUF_MIB);
    if (file_read(path, &old, NULL) == 0 && old.len == content->len && memcmp(old.data, content->data, old.len) == 0) {
        return 0;
    }
    return file_replace(path, 0600, content->data, content->len, err);
}

/* "a name" with quotes doubled, as pg_ident.conf reads it. */
static void add_quoted(struct buf *text, const char *name)
{
    buf_addc(text, '"');
    for (; *name != '\0'; name++) {
        buf_addc(text, *name);
        if (*name == '"') {
            buf_addc(text, '"');
        }
    }
    buf_addc(text, '"');
}

static void add_person(struct buf *map, const char *person)
{
    static const char *const roles[] = {CLUSTER_OWNER, CLUSTER_ADMIN};
    for (size_t at = 0; at < ARRAY_LENGTH(roles); at++) {
        buf_adds(map, "crosschip ");
        add_quoted(map, person);
        buf_addf(map, " %s\n", roles[at]);
    }
}

/* What this machine gives to processes, also in a container of its own; 0 = not known. */
static uint64_t memory_bytes(void)
{
    static const char *const limits[] = {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    const long pages = sysconf(_SC_PHYS_PAGES), page_size = sysconf(_SC_PAGESIZE);
    uint64_t most = pages > 0 && page_size > 0 ? (uint64_t)pages * (uint64_t)page_size : 0;
    for (size_t at = 0; at < ARRAY_LENGTH(limits); at++) {
        autobuf struct buf text = BUF(BUF_MIB);
        int64_t limit = 0;
        if (file_read(limits[at], &text, NULL) == 0 &&
            number_parse_int64(str_trim(str_slice(buf_text(&text), text.len)), &limit) && limit > 0 &&
            (most == 0 || (uint64_t)limit < most)) {
            most = (uint64_t)limit;
        }
    }
    return most;
}

static uint64_t between(uint64_t least, uint64_t value, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* What goes by the machine: a share of its memory for the pages of the indexes, of its disk for the log; lz4, where
 * the server has it, because pglz takes as long for the pages of a submission as all else that is done for it. */
static void add_sizes(const struct cluster *cluster, bool lz4, struct buf *text)
{
    struct statvfs disk;
    uint64_t shared_mib = 128, wal_mib = 1024;
    if (!cluster->options.fast_unsafe) {
        shared_mib = between(128, (memory_bytes() >> 20) / 8, 4096);
        if (statvfs(cluster->home, &disk) == 0) {
            wal_mib = between(1024, ((uint64_t)disk.f_blocks * disk.f_frsize >> 20) / 16, 4096);
        }
    }
    buf_addf(text, "shared_buffers = %lluMB\nmax_wal_size = %lluMB\nwal_compression = %s\n",
             (unsigned long long)shared_mib, (unsigned long long)wal_mib, lz4 ? "lz4" : "on");
}

struct work {
    const struct cluster *cluster;
    const char *pgdata;
    bool lz4;
};

static int write_all(void *context, struct err *err)
{
    const struct work *work = context;
    const struct cluster *cluster = work->cluster;
    struct buf text autobuf = BUF(BUF_MIB);
    buf_adds(&text, settings);
    add_sizes(cluster, work->lz4, &text);
    buf_adds(&text, cluster->options.fast_unsafe ? unsafe : durable);
    int code = write_file(work->pgdata, "crosschip.conf", &text, err);
    struct buf rules autobuf = BUF(BUF_MIB);
    buf_adds(&rules, access_rules);
    if (code == 0) {
        code = write_file(work->pgdata, "pg_hba.conf", &rules, err);
    }
    struct buf map autobuf = BUF(BUF_MIB);
    buf_adds(&map, "# Written by crosschip at each start: map, account of the machine, role.\n");
    add_person(&map, cluster->account.name);
    if (!text_equal(cluster->account.name, "root")) {
        add_person(&map, "root");
    }
    if (!text_equal(cluster->starter, cluster->account.name) && !text_equal(cluster->starter, "root")) {
        add_person(&map, cluster->starter);
    }
    return code < 0 ? code : write_file(work->pgdata, "pg_ident.conf", &map, err);
}

int settings_write(const struct cluster *cluster, const char *pgdata, struct err *err)
{
    struct work work = {cluster, pgdata, create_knows_lz4(cluster, pgdata)};
    return account_run(&cluster->account, write_all, &work, err);
}
