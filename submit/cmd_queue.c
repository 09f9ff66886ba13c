#include <stdio.h>

#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/progress.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"
#include "schema/wire/answer.h"
#include "submit/deliver.h"
#include "submit/settings.h"
#include "submit/verbs.h"

#define DAY_US ((int64_t)86400 * 1000000)
/* Receipts are flushed together in groups of this size. */
#define SETTLE_EVERY 32

const struct option queue_options[] = {
    UPLOAD_OPTIONS,
    RETRY_OPTIONS,
    {"older-than", 0, OPTION_TEXT, "DAYS", "90", "prune: remove receipts older than this"},
    {"all", 0, OPTION_FLAG_ONCE, NULL, NULL, "drop: everything that waits or was refused"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where bundles wait; default ~/.local/share/crosschip/spool"},
    {"key", 0, OPTION_TEXT, "FILE", NULL,
     "flush: the key that proves what a bundle replaces; default ~/.local/share/crosschip/client.key"},
    {0},
};

static void list_folder(const struct spool *spool, enum spool_folder folder, const char *state,
                        const struct spool_entry *entries, size_t count, struct table *table)
{
    for (size_t i = 0; i < count; i++) {
        struct spool_about about =
            folder == SPOOL_QUEUE ? spool_about_read(spool, entries[i].id, &table->arena) : (struct spool_about){0};
        struct receipt receipt = {0};
        char since[CLOCK_TEXT_SIZE], reason[512];
        bool has_reason = folder == SPOOL_DEAD && spool_reason(spool, entries[i].id, reason, sizeof(reason));
        if (folder == SPOOL_SENT && !spool_receipt(spool, entries[i].id, NULL, &table->arena, &receipt))
            continue;
        table_row(table);
        table_put_text(table, folder == SPOOL_SENT ? receipt.state : state);
        table_put_text(table, entries[i].id);
        table_put_text(table, clock_format(since, entries[i].since_us));
        table_put_text(table, folder == SPOOL_SENT ? receipt.file : about.file);
        table_put_text(table, folder == SPOOL_SENT ? receipt.server : about.server);
        table_put_text(table, receipt.check);
        table_put_text(table, has_reason ? reason : NULL);
    }
}

/* One line each with nothing cut: an id is there to be copied. */
static void print_lines(const struct table *table, struct buf *out)
{
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            const struct table_cell *cell = table_at(table, row, column);
            if (cell->kind == CELL_MISSING)
                continue;
            buf_adds(out, column > 0 ? "  " : "");
            encode_terminal(out, str_of(cell->text));
        }
        buf_addc(out, '\n');
    }
}

static int queue_list(const struct invocation *invocation, struct spool *spool, struct err *err)
{
    static const struct {
        enum spool_folder folder;
        const char *state;
    } folders[] = {{SPOOL_QUEUE, "queued"}, {SPOOL_DEAD, "refused"}, {SPOOL_SENT, "sent"}};
    static const char *const columns[] = {"state", "id", "since", "file", "server", "receipt", "reason"};
    autotable struct table table;
    autobuf struct buf out = BUF((size_t)256 << 20);
    table_init(&table, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        table_column(&table, columns[i], columns[i], ALIGN_LEFT);
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        struct spool_entry *entries = NULL;
        size_t count = 0;
        int r = spool_list(spool, folders[i].folder, &table.arena, &entries, &count, err);
        if (r < 0)
            return r;
        list_folder(spool, folders[i].folder, folders[i].state, entries, count, &table);
    }
    if (option_flag(invocation, "json"))
        table_print_json(&table, &out);
    else if (table.row_count > 0)
        print_lines(&table, &out);
    else
        log_info("nothing waits in %s, and nothing was sent from it", spool_path(spool));
    int r = buf_check(&out, err);
    if (r == 0)
        (void)fputs(buf_text(&out), stdout);
    return r;
}

/* Where one entry goes: what --server names, else what was named when it was queued. */
static struct uploader *uploader_for(const struct invocation *invocation, struct uploader *uploader,
                                     const struct spool_about *about, struct err *err)
{
    const char *named = option_text(invocation, "server");
    const char *server = named != NULL ? named : about->server;
    struct server wanted;
    if (server == NULL)
        return uploader;
    if (server_parse(server, &wanted, err) < 0)
        return NULL;
    if (!uploader->named || !text_equal(uploader->server.name, wanted.name) ||
        !text_equal(uploader->contributor, about->contributor)) {
        struct uploader next;
        if (uploader_init(invocation, server, &next, err) < 0 || uploader_set_patience(invocation, &next, err) < 0)
            return NULL;
        next.contributor = about->contributor;
        uploader_done(uploader);
        *uploader = next;
    }
    return uploader;
}

static int flush_one(const struct invocation *invocation, struct spool *spool, const char *id, struct arena *arena,
                     struct uploader *uploader, struct outcomes *outcomes, struct err *err)
{
    struct spool_about about = spool_about_read(spool, id, arena);
    struct delivery delivery = {id, about.file, about.file_sha256, about.subject};
    if (uploader_for(invocation, uploader, &about, err) == NULL)
        return -(int)err->code;
    if (!uploader->named) {
        deliver_later(spool, uploader, &delivery, outcomes);
        return 0;
    }
    return deliver(spool, uploader, &delivery, outcomes, err);
}

static int queue_flush(const struct invocation *invocation, struct spool *spool, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct uploader uploader cleanup(uploader_done) = {0};
    struct outcomes outcomes cleanup(outcomes_done) = {.json = option_flag(invocation, "json")};
    struct spool_entry *entries = NULL;
    struct progress progress;
    size_t count = 0;
    int r = uploader_init(invocation, NULL, &uploader, err);
    if (r == 0)
        r = uploader_set_patience(invocation, &uploader, err);
    if (r == 0)
        r = spool_list(spool, SPOOL_QUEUE, &arena, &entries, &count, err);
    if (r < 0)
        return r;
    progress_begin(&progress, "sending", count);
    for (size_t i = 0; r >= 0 && i < count; i++) {
        r = flush_one(invocation, spool, entries[i].id, &arena, &uploader, &outcomes, err);
        if (r >= 0 && (i + 1) % SETTLE_EVERY == 0)
            r = spool_settle(spool, err);
        progress_step(&progress, i + 1);
    }
    progress_end(&progress);
    if (r >= 0)
        r = spool_settle(spool, err);
    if (r < 0)
        return r;
    if (count == 0)
        log_info("nothing waits in %s", spool_path(spool));
    outcomes_finish(&outcomes);
    return outcomes.exit_status;
}

static int drop_all(struct spool *spool, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    static const enum spool_folder folders[] = {SPOOL_QUEUE, SPOOL_DEAD};
    size_t all = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        struct spool_entry *entries = NULL;
        size_t count = 0;
        int r = spool_list(spool, folders[i], &arena, &entries, &count, err);
        for (size_t j = 0; r >= 0 && j < count; j++) {
            r = spool_drop(spool, entries[j].id, err);
            if (r >= 0)
                (void)printf("dropped %s\n", entries[j].id);
        }
        if (r < 0)
            return r;
        all += count;
    }
    if (all == 0)
        log_info("nothing waits in %s and nothing was refused: there is nothing to drop", spool_path(spool));
    return 0;
}

static int queue_drop(const struct invocation *invocation, struct spool *spool, struct err *err)
{
    if (option_flag(invocation, "all"))
        return drop_all(spool, err);
    if (argument_count(invocation) < 2) {
        (void)err_set(err, ERR_USAGE, "queue drop takes the ids to drop, or --all");
        return err_hint(err, "`crosschip-submit queue list` shows them");
    }
    for (size_t i = 1; i < argument_count(invocation); i++) {
        const char *id = argument_at(invocation, i);
        int r = wire_id_is_valid(id) ? spool_drop(spool, id, err) : 0;
        if (r < 0)
            return r;
        if (r == 0) {
            (void)err_set(err, ERR_NOT_FOUND, "%s neither waits nor was refused", id);
            return err_hint(err, "`crosschip-submit queue list` shows what is there");
        }
        (void)printf("dropped %s\n", id);
    }
    return 0;
}

static int queue_prune(const struct invocation *invocation, struct spool *spool, struct err *err)
{
    long days;
    int r = option_int(invocation, "older-than", 0, 36500, &days, err);
    if (r == 0)
        r = spool_prune(spool, (int64_t)days * DAY_US, err);
    if (r < 0)
        return r;
    (void)printf("removed %d receipt%s\n", r, r == 1 ? "" : "s");
    return 0;
}

int cmd_queue(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    autospool struct spool *spool = NULL;
    const char *path, *what = argument_at(invocation, 0);
    static const struct {
        const char *name;
        int (*run)(const struct invocation *, struct spool *, struct err *);
        bool takes_ids;
    } actions[] = {{"list", queue_list, false},
                   {"flush", queue_flush, false},
                   {"drop", queue_drop, true},
                   {"prune", queue_prune, false}};
    for (size_t i = 0; i < ARRAY_LENGTH(actions); i++) {
        if (!text_equal(what, actions[i].name))
            continue;
        if (!actions[i].takes_ids && argument_count(invocation) > 1)
            return err_set(err, ERR_USAGE, "queue %s takes no further argument", what);
        int r = settings_spool(invocation, &arena, &path, err);
        if (r == 0)
            r = spool_open(path, NULL, &spool, err);
        if (r == 0)
            r = spool_recover(spool, err);
        if (r > 0)
            log_warning("%d damaged bundle%s moved to %s/dead", r, r == 1 ? " was" : "s were", path);
        return r < 0 ? r : actions[i].run(invocation, spool, err);
    }
    (void)err_set(err, ERR_USAGE, "queue %s is not known", what);
    return err_hint(err, "queue takes list, flush, drop ID… or prune");
}
