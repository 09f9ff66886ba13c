#include "submit/outcome.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/log.h"
#include "schema/base/str.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"

#define OUTPUT_MAX ((size_t)256 << 20)

void outcomes_done(struct outcomes *outcomes)
{
    arena_done(&outcomes->arena);
}

int worse_status(int a, int b)
{
    static const int order[] = {0, 75, 1, 2, 64, 65, 69, 77, 73, 74};
    size_t left = ARRAY_LENGTH(order), right = ARRAY_LENGTH(order);
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        left = order[i] == a ? i : left;
        right = order[i] == b ? i : right;
    }
    return left > right ? a : b;
}

static void print_line(const struct outcome *outcome)
{
    autobuf struct buf line = BUF(BUF_MIB);
    buf_addf(&line, "%s %s", outcome->state, outcome->id);
    if (!text_is_empty(outcome->rule)) {
        buf_adds(&line, " (");
        encode_terminal(&line, str_of(outcome->rule));
        buf_addc(&line, ')');
    }
    if (outcome->before)
        buf_adds(&line, " (sent before)");
    (void)printf("%s\n", buf_text(&line));
    /* Who reads along must see what is promised as soon as it is. */
    (void)fflush(stdout);
}

void outcome_add(struct outcomes *outcomes, const struct outcome *outcome, int exit_status)
{
    struct arena *arena = &outcomes->arena;
    outcomes->exit_status = worse_status(outcomes->exit_status, exit_status);
    struct outcome *items =
        arena_grow(arena, outcomes->items, &outcomes->capacity, outcomes->count + 1, sizeof(*items));
    if (items != NULL) {
        outcomes->items = items;
        items[outcomes->count++] = (struct outcome){arena_strdup(arena, outcome->file),
                                                    arena_strdup(arena, outcome->id),
                                                    arena_strdup(arena, outcome->state),
                                                    arena_strdup(arena, outcome->rule),
                                                    arena_strdup(arena, outcome->server),
                                                    arena_strdup(arena, outcome->received_at),
                                                    outcome->before,
                                                    arena_strdup(arena, outcome->error),
                                                    arena_strdup(arena, outcome->detail),
                                                    arena_strdup(arena, outcome->hint)};
    }
    if (!outcomes->json && outcome->id != NULL)
        print_line(outcome);
}

void outcome_add_error(struct outcomes *outcomes, const char *file, const char *id, const char *state,
                       const struct err *err)
{
    struct outcome outcome = {
        .file = file, .id = id, .state = state, .error = err->text, .detail = err->detail, .hint = err->hint};
    /* Of a thousand bundles that meet the same trouble the first one tells it. */
    if (outcomes->count == 0 || !text_equal(outcomes->items[outcomes->count - 1].error, err->text) ||
        !text_equal(outcomes->items[outcomes->count - 1].detail, err->detail))
        log_error(err);
    outcome_add(outcomes, &outcome, err_exit_status(err->code));
}

static void pair(struct json_writer *writer, const char *key, const char *text)
{
    json_pair_string(writer, key, text_is_empty(text) ? NULL : text);
}

static void print_json(const struct outcomes *outcomes)
{
    autobuf struct buf out = BUF(OUTPUT_MAX);
    struct json_writer writer = json_writer(&out, 2);
    json_begin_array(&writer);
    for (size_t i = 0; i < outcomes->count; i++) {
        const struct outcome *outcome = &outcomes->items[i];
        json_begin_object(&writer);
        pair(&writer, "file", outcome->file);
        pair(&writer, "id", outcome->id);
        pair(&writer, "state", outcome->state);
        pair(&writer, "rule", outcome->rule);
        pair(&writer, "server", outcome->server);
        pair(&writer, "received_at", outcome->received_at);
        json_pair_bool(&writer, "sent_before", outcome->before);
        pair(&writer, "error", outcome->error);
        pair(&writer, "detail", outcome->detail);
        pair(&writer, "hint", outcome->hint);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    (void)printf("%s\n", buf_text(&out));
}

void outcomes_finish(const struct outcomes *outcomes)
{
    static const char *const states[] = {"accepted", "quarantined", "rejected", "withdrawn", "deleted", "queued",
                                         "shown",    "written",     "refused",  "failed",    "skipped", "joined"};
    if (outcomes->json)
        print_json(outcomes);
    if (outcomes->count < 2)
        return;
    autobuf struct buf line = BUF(BUF_MIB);
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        size_t count = 0;
        for (size_t j = 0; j < outcomes->count; j++)
            count += !outcomes->items[j].before && text_equal(outcomes->items[j].state, states[i]) ? 1 : 0;
        if (count > 0)
            buf_addf(&line, "%s%zu %s", line.len > 0 ? ", " : "", count, states[i]);
    }
    size_t before = 0;
    for (size_t i = 0; i < outcomes->count; i++)
        before += outcomes->items[i].before ? 1 : 0;
    if (before > 0)
        buf_addf(&line, "%s%zu sent before", line.len > 0 ? ", " : "", before);
    log_info("%zu in all: %s", outcomes->count, buf_text(&line));
}
