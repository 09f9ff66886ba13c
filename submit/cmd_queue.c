#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

struct listed {
    enum spool_folder folder;
    struct spool_entry entry;
};

static void list_one(const struct spool *spool, const struct listed *listed, struct table *table)
{
    const struct spool_entry *entry = &listed->entry;
    const bool sent = listed->folder == SPOOL_SENT;
    struct spool_about about = {0};
    struct receipt receipt = {0};
    char since[CLOCK_TEXT_SIZE], reason[512];
    bool has_reason = listed->folder == SPOOL_DEAD && spool_reason(spool, entry->id, reason, sizeof(reason));
    if (listed->folder == SPOOL_QUEUE)
        about = spool_about_read(spool, entry->id, &table->arena);
    if (sent && !spool_receipt(spool, entry->id, NULL, &table->arena, &receipt))
        return;
    table_row(table);
    table_put_text(table, sent ? receipt.state : listed->folder == SPOOL_DEAD ? "refused" : "queued");
    table_put_text(table, entry->id);
    table_put_text(table, clock_format(since, entry->since_us));
    table_put_text(table, sent ? receipt.file : about.file);
    table_put_text(table, sent ? receipt.server : about.server);
    table_put_text(table, receipt.check);
    table_put_text(table, has_reason ? reason : NULL);
}

static int by_time(const void *a, const void *b)
{
    const struct spool_entry *left = &((const struct listed *)a)->entry, *right = &((const struct listed *)b)->entry;
    if (left->since_us != right->since_us)
        return left->since_us < right->since_us ? -1 : 1;
    return strcmp(left->id, right->id);
}

/* What lies in all folders, the oldest first. */
static int list_all(const struct spool *spool, struct table *table, struct err *err)
{
    static const enum spool_folder folders[] = {SPOOL_QUEUE, SPOOL_DEAD, SPOOL_SENT};
    struct listed *all = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        struct spool_entry *entries = NULL;
        size_t more = 0;
        int r = spool_list(spool, folders[i], &table->arena, &entries, &more, err);
        if (r < 0)
            return r;
        struct listed *grown = arena_grow(&table->arena, all, &capacity, count + more + 1, sizeof(*all));
        if (grown == NULL)
            return mem_error(err);
        all = grown;
        for (size_t j = 0; j < more; j++)
            all[count++] = (struct listed){folders[i], entries[j]};
    }
    if (count > 1)
        qsort(all, count, sizeof(*all), by_time);
    for (size_t i = 0; i < count; i++)
        list_one(spool, &all[i], table);
    return table_check(table, err);
}

/* Nothing is cut: an id is there to be copied. It alone fills a line of a terminal, so that it stands in one of its
 * own there, and so does a reason; in a pipe an entry is a line. */
static void print_lines(const struct table *table, bool terminal, struct buf *out)
{
    static const char *const longest = "quarantined";
    for (size_t row = 0; row < table->row_count; row++) {
        const char *cells[7];
        for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
            const struct table_cell *cell = table_at(table, row, i);
            cells[i] = cell->kind == CELL_MISSING ? NULL : cell->text;
        }
        buf_addf(out, "%-*s", (int)strlen(longest), cells[0] != NULL ? cells[0] : "sent");
        if (!terminal)
            buf_addf(out, "  %s", cells[1]);
        for (size_t i = 2; i < ARRAY_LENGTH(cells); i++) {
            if (cells[i] == NULL)
                continue;
            buf_adds(out, terminal && i == 6 ? "\n  " : "  ");
            encode_terminal(out, str_of(cells[i]));
        }
        if (terminal)
            buf_addf(out, "\n  %s", cells[1]);
        buf_addc(out, '\n');
    }
}

static int queue_list(const struct invocation *invocation, struct spool *spool, struct err *err)
{
    static const char *const columns[] = {"state", "id", "since", "file", "server", "receipt", "reason"};
    autotable struct table table;
    autobuf struct buf out = BUF((size_t)256 << 20);
    table_init(&table, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        table_column(&table, columns[i], columns[i], ALIGN_LEFT);
    int r = list_all(spool, &table, err);
    if (r < 0)
        return r;
    if (option_flag(invocation, "json"))
        table_print_json(&table, &out);
    else if (table.row_count > 0)
        print_lines(&table, isatty(STDOUT_FILENO), &out);
    else
        log_info("nothing waits in %s, and nothing was sent from it", spool_path(spool));
    r = buf_check(&out, err);
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
