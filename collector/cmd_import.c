#include <stdio.h>
#include <unistd.h>

#include "collector/database.h"
#include "collector/policy.h"
#include "collector/stop.h"
#include "collector/take/importer.h"
#include "collector/verbs.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/progress.h"
#include "schema/db/migrate.h"
#include "schema/text/table.h"

const struct option import_options[] = {
    DATABASE_OPTIONS,
    {"anonymous", 0, OPTION_TEXT, "POLICY", "accept", "what is imported: accept, or quarantine for a moderator to see"},
    {"key", 0, OPTION_TEXT, "FILE", NULL,
     "key that binds what is packed from raw output; default ~/.local/share/crosschip/client.key"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the summary as JSON"},
    {0},
};

enum { REFUSALS_KEPT = 10000 };

struct importing {
    const struct invocation *invocation;
    struct importer *importer;
    struct client_key key;
    struct progress progress;
    size_t bytes_done;
    struct table refusals;
};

static void importing_done(struct importing *importing)
{
    importer_free(importing->importer);
    client_key_done(&importing->key);
    table_done(&importing->refusals);
}

static void note_refusal(void *context, const struct place *place, const struct err *why)
{
    struct importing *importing = context;
    char where[600], file[400], part[128] = "";
    text_make_printable(file, sizeof file, text_equal(place->file, "-") ? "standard input" : place->file);
    if (place->part != NULL) {
        text_make_printable(part, sizeof part, place->part);
    }
    if (place->line > 0) {
        (void)snprintf(where, sizeof where, "%s:%zu", file, place->line);
    } else {
        (void)snprintf(where, sizeof where, "%s", file);
    }
    log_warning("%s%s%s%s: refused: %s%s%s", where, part[0] != '\0' ? " (" : "", part, part[0] != '\0' ? ")" : "",
                why->path, why->path[0] != '\0' ? ": " : "", why->text);
    if (importing->refusals.row_count < REFUSALS_KEPT) {
        table_row(&importing->refusals);
        table_put_text(&importing->refusals, place->file);
        table_put_integer(&importing->refusals, place->line > 0 ? (int64_t)place->line : -1);
        table_put_text(&importing->refusals, place->part);
        table_put_text(&importing->refusals, err_word(why->code));
        table_put_text(&importing->refusals, why->path[0] != '\0' ? why->path : NULL);
        table_put_text(&importing->refusals, why->text);
    }
}

static int take_bundle(void *context, const struct offered *offered, struct err *err)
{
    const struct importing *importing = context;
    return importer_take(importing->importer, offered, err);
}

static void refuse_place(void *context, const struct place *place, const struct err *why)
{
    const struct importing *importing = context;
    importer_refuse(importing->importer, place, why);
}

static void skip_place(void *context, const struct place *place)
{
    const struct importing *importing = context;
    (void)place;
    importer_skip(importing->importer);
}

static void show_progress(void *context, size_t bytes)
{
    struct importing *importing = context;
    importing->bytes_done += bytes;
    progress_step(&importing->progress, importing->bytes_done);
}

static int import_paths(struct importing *importing, struct err *err)
{
    const struct offer_sink sink = {.bundle = take_bundle,
                                    .refused = refuse_place,
                                    .skipped = skip_place,
                                    .progress = show_progress,
                                    .context = importing};
    const size_t count = argument_count(importing->invocation);
    size_t total = 0;
    int code = 0;
    for (size_t i = 0; i < count; i++) {
        total += offer_size(argument_at(importing->invocation, i));
    }
    progress_begin(&importing->progress, "importing", total);
    for (size_t i = 0; code == 0 && i < (count > 0 ? count : 1); i++) {
        code = offer_path(count > 0 ? argument_at(importing->invocation, i) : "-", &importing->key, &sink, err);
    }
    struct err later;
    int end = importer_finish(importing->importer, &later);
    progress_end(&importing->progress);
    if (code == 0 && end != 0) {
        *err = later;
        code = end;
    }
    return code;
}

static void print_summary(const struct importing *importing, struct buf *out)
{
    const struct importer_figures figures = importer_figures(importing->importer);
    if (!option_flag(importing->invocation, "json")) {
        buf_addf(out, "%llu new, %llu already there, %llu refused", (unsigned long long)figures.created,
                 (unsigned long long)figures.duplicates, (unsigned long long)figures.refused);
        if (figures.skipped > 0) {
            buf_addf(out, ", %llu skipped (no results, or without bytes)", (unsigned long long)figures.skipped);
        }
        buf_addc(out, '\n');
        return;
    }
    struct json_writer writer = json_writer(out, 2);
    json_begin_object(&writer);
    json_pair_int(&writer, "new", (int64_t)figures.created);
    json_pair_int(&writer, "already_there", (int64_t)figures.duplicates);
    json_pair_int(&writer, "refused", (int64_t)figures.refused);
    json_pair_int(&writer, "skipped", (int64_t)figures.skipped);
    json_write_key(&writer, "refusals");
    table_write_json(&importing->refusals, &writer);
    json_end_object(&writer);
    buf_addc(out, '\n');
}

static int load_key(const struct invocation *invocation, struct client_key *ret, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    const char *path = option_text(invocation, "key");
    int code = path != NULL ? 0 : file_data_path("client.key", &arena, &path, err);
    return code != 0 ? code : client_key_load_or_make(path, ret, err);
}

static int open_importer(struct importing *importing, struct database *database, struct err *err)
{
    struct importer_options options = {.refused = note_refusal, .context = importing, .stop = &stop_requested};
    autodb struct db *db = NULL;
    struct db_durability durability;
    int applied = 0;
    int code = policy_choose(importing->invocation, "import", &options.policy, err);
    if (code == 0) {
        code = load_key(importing->invocation, &importing->key, err);
    }
    if (code == 0) {
        code = database_open(importing->invocation, false, &stop_requested, database, err);
    }
    if (code == 0) {
        code = database_connect(database, true, &db, err);
    }
    if (code == 0) {
        code = db_check_server(db, &durability, err);
    }
    if (code == 0) {
        code = database->cluster != NULL ? db_migrate(db, &applied, err) : db_schema_check(db, err);
    }
    options.conninfo = database->conninfo;
    options.direct = database->cluster != NULL;
    return code != 0 ? code : importer_open(&options, &importing->importer, err);
}

static void name_columns(struct table *refusals)
{
    static const char *const keys[] = {"file", "line", "part", "error", "path", "reason"};
    table_init(refusals, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        table_column(refusals, keys[i], keys[i], ALIGN_LEFT);
    }
}

/* Before a database is made for a name that was mistyped. */
static int check_paths(const struct invocation *invocation, struct err *err)
{
    for (size_t i = 0; i < argument_count(invocation); i++) {
        const char *path = argument_at(invocation, i);
        if (!text_equal(path, "-") && !file_exists(path)) {
            (void)err_set(err, ERR_NOT_FOUND, "there is no such file or folder");
            (void)err_path(err, "%s", path);
            return err_hint(err, "nothing was imported; - reads standard input");
        }
    }
    return 0;
}

int cmd_import(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    struct importing importing cleanup(importing_done) = {.invocation = invocation};
    autobuf struct buf out = BUF((size_t)64 << 20);
    if (argument_count(invocation) == 0 && isatty(STDIN_FILENO)) {
        (void)err_set(err, ERR_USAGE, "no file is named");
        return err_hint(err, "crosschip-collector import FILE…, or - for standard input");
    }
    name_columns(&importing.refusals);
    int code = check_paths(invocation, err);
    if (code == 0) {
        code = stop_install(err);
    }
    if (code == 0) {
        code = open_importer(&importing, &database, err);
    }
    if (code != 0) {
        return code;
    }
    code = import_paths(&importing, err);
    print_summary(&importing, &out);
    if (buf_check(&out, NULL) == 0) {
        (void)fwrite(out.data, 1, out.len, stdout);
    }
    if (code != 0) {
        (void)err_detail(err, "what the summary counts is stored");
        return err_hint(err, "run the same again: it goes on where it stopped");
    }
    const bool refused = importer_figures(importing.importer).refused > 0;
    importer_free(TAKE_PTR(importing.importer));
    code = database_close(&database, err);
    return code != 0 ? code : refused ? err_exit_status(ERR_DATA) : 0;
}
