#include <stdio.h>

#include "schema/base/log.h"
#include "schema/json/json.h"
#include "schema/text/encode.h"
#include "schema/text/table.h"
#include "schema/wire/server.h"
#include "submit/settings.h"
#include "submit/spool/spool.h"
#include "submit/verbs.h"

const struct option trust_options[] = {
    {"server", 's', OPTION_TEXT_ONCE, "URL", NULL, "only this collector"},
    {"forget", 0, OPTION_FLAG_ONCE, NULL, NULL, "forget the key of the collector that --server names"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where keys are kept; default ~/.local/share/crosschip/spool"},
    {0},
};

static void put_pin(struct table *table, const char *text, const char *only)
{
    autojson struct json_document *document = NULL;
    if (json_read_strict(str_of(text), &json_limits_bundle, &document, NULL) < 0)
        return;
    const struct json *keys = json_get(json_root(document), "keys");
    const char *server = json_string(json_get(json_root(document), "server"));
    if (only != NULL && !text_equal(only, server))
        return;
    for (const struct json *key = json_first(keys); key != NULL; key = json_next(key)) {
        table_row(table);
        table_put_text(table, server);
        table_put_text(table, json_string(key));
        table_put_text(table, key == json_first(keys) ? "pinned" : "signed by it");
    }
}

static void print_lines(const struct table *table, struct buf *out)
{
    for (size_t row = 0; row < table->row_count; row++) {
        encode_terminal(out, str_of(table_at(table, row, 0)->text));
        buf_addf(out, "\n  %s  ", table_at(table, row, 1)->text);
        buf_addf(out, "%s\n", table_at(table, row, 2)->text);
    }
}

static int show(const struct invocation *invocation, const struct spool *spool, const char *only, struct err *err)
{
    autotable struct table table;
    autobuf struct buf out = BUF(BUF_MIB);
    const char **pins = NULL;
    size_t count = 0;
    table_init(&table, NULL);
    table_column(&table, "server", "collector", ALIGN_LEFT);
    table_column(&table, "key", "key", ALIGN_LEFT);
    table_column(&table, "why", "why", ALIGN_LEFT);
    int r = spool_pin_list(spool, &table.arena, &pins, &count, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        put_pin(&table, pins[i], only);
    if (r == 0)
        r = table_check(&table, err);
    if (r < 0)
        return r;
    if (option_flag(invocation, "json"))
        table_print_json(&table, &out);
    else if (table.row_count > 0)
        print_lines(&table, &out);
    else
        log_info("no key is pinned in %s; the first receipt of a collector pins one", spool_path(spool));
    r = buf_check(&out, err);
    if (r == 0)
        (void)fputs(buf_text(&out), stdout);
    return r;
}

static int forget(struct spool *spool, const char *server, struct err *err)
{
    if (server == NULL) {
        (void)err_set(err, ERR_USAGE, "--forget takes the collector to forget: --server URL");
        return err_hint(err, "`crosschip-submit trust` shows whose keys are pinned");
    }
    int r = spool_pin_drop(spool, server, err);
    if (r < 0)
        return r;
    if (r == 0) {
        (void)err_set(err, ERR_NOT_FOUND, "no key of %s is pinned", server);
        return err_hint(err, "check --server: `crosschip-submit trust` shows whose keys are pinned");
    }
    log_info("the key of %s is forgotten; the next receipt pins one, by --server-key where that is given", server);
    return 0;
}

int cmd_trust(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    autospool struct spool *spool = NULL;
    const char *path = NULL, *name = option_text(invocation, "server");
    struct server server = {0};
    int r = name == NULL ? 0 : server_parse(name, &server, err);
    if (r == 0)
        r = settings_spool(invocation, &arena, &path, err);
    if (r == 0)
        r = spool_open(path, NULL, &spool, err);
    if (r < 0)
        return r;
    const char *only = name == NULL ? NULL : server.name;
    return option_flag(invocation, "forget") ? forget(spool, only, err) : show(invocation, spool, only, err);
}
