#include "analyze/data/from_database.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "analyze/data/aliases.h"
#include "analyze/data/content.h"
#include "analyze/data/database_rows.h"
#include "analyze/data/statements.h"
#include "schema/base/embedded.h"
#include "schema/base/str.h"
#include "schema/cluster/cluster.h"
#include "schema/db/db.h"
#include "schema/db/migrate.h"

#include "gen/analyze/sql/files.inc"

const char *analyze_statement(const char *name)
{
    for (size_t i = 0; embedded_files[i].name != NULL; i++)
        if (text_equal(embedded_files[i].name, name))
            return (const void *)embedded_files[i].data; /* ends in NUL */
    return "";
}

static int take_log_head(struct db *db, struct result_set *set, struct err *err)
{
    autoresult struct db_result *head = NULL;
    const int status = db_query(db, analyze_statement("log_head.sql"), NULL, &head, err);

    if (status < 0 || db_rows(head) == 0)
        return status;
    set->log_epoch = db_int64(head, 0, 0);
    set->log_size = db_int64(head, 0, 1);
    set->log_root = arena_strdup(&set->arena, db_text(head, 0, 2));
    content_add(set->content, &set->log_epoch, sizeof(set->log_epoch));
    content_add(set->content, &set->log_size, sizeof(set->log_size));
    content_add_text(set->content, set->log_root);
    return arena_check(&set->arena, err);
}

static int load(struct db *db, bool values_only, struct result_set *set, struct err *err)
{
    int status = db_schema_check(db, err);

    if (status == 0)
        status = db_begin(db, DB_SNAPSHOT, err);
    if (status == 0)
        status = aliases_load(db, set, err);
    if (status == 0)
        status = database_rows_load(db, values_only, set, err);
    if (status == 0)
        status = take_log_head(db, set, err);
    return status == 0 ? db_commit(db, err) : status;
}

static int load_from(const char *conninfo, bool values_only, struct result_set *set, struct err *err)
{
    static const struct db_options options = {.application_name = "crosschip-analyze", .statement_timeout_ms = 600000};
    autodb struct db *db = NULL;
    const int status = db_connect(conninfo, &options, &db, err);

    return status < 0 ? status : load(db, values_only, set, err);
}

/* Nothing was ever collected: the folder holds neither a cluster nor the word where it is. Where this account may
 * not look, opening it will say so. */
static bool never_collected(const char *folder)
{
    static const char *const signs[] = {"pgdata", "cluster"};

    for (size_t i = 0; i < ARRAY_LENGTH(signs); i++) {
        autofree char *path = mem_printf("%s/%s", folder, signs[i]);

        if (path == NULL || access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
            return false;
    }
    return true;
}

static int check_collected(const struct database_source *source, struct err *err)
{
    autofree char *fallback = NULL;

    if (source->data_folder == NULL) {
        const int status = cluster_default_folder(&fallback, err);

        if (status < 0)
            return status;
    }
    const char *folder = source->data_folder != NULL ? source->data_folder : fallback;

    if (!never_collected(folder))
        return 0;
    (void)err_set(err, ERR_NOTHING, "there is no database here yet");
    (void)err_path(err, "%s", folder);
    return err_hint(err, "name benchmark outputs as arguments, a folder by --data or a server by --database; "
                         "crosschip-collector serve makes one");
}

int from_database(struct result_set *set, const struct database_source *source, struct err *err)
{
    struct cluster *cluster = NULL;
    struct cluster_options options = {.data_folder = source->data_folder,
                                      .account = source->account,
                                      .progress = source->progress,
                                      .progress_context = source->progress_context,
                                      .existing_only = true};

    if (source->uri != NULL)
        return load_from(source->uri, source->values_only, set, err);
    int status = check_collected(source, err);

    if (status == 0)
        status = cluster_open(&options, &cluster, err);
    if (status < 0)
        return status;
    status = load_from(cluster_conninfo(cluster), source->values_only, set, err);
    struct err closing;
    const int closed = cluster_close(cluster, status < 0 ? &closing : err);

    return status < 0 ? status : closed;
}
