#include <stdio.h>

#include "schema/base/log.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"
#include "submit/settings.h"
#include "submit/spool/spool.h"
#include "submit/upload.h"
#include "submit/verbs.h"

const struct option status_options[] = {
    UPLOAD_OPTIONS,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where bundles wait; default ~/.local/share/crosschip/spool"},
    {0},
};

struct known {
    const char *here;   /* queued, sent, refused; NULL = not in the spool */
    const char *reason; /* of a refused one */
    struct receipt receipt;
    bool asked; /* the collector answered, and has it */
    struct wire_submission answer;
    struct json_document *body; /* of that answer */
};

static int look_here(const struct invocation *invocation, const char *id, struct arena *arena, struct known *known,
                     struct err *err)
{
    const char *path;
    autospool struct spool *spool = NULL;
    char reason[1024];
    int r = settings_spool(invocation, arena, &path, err);
    if (r == 0)
        r = spool_open(path, NULL, &spool, err);
    if (r < 0)
        return r;
    if (spool_waits(spool, id))
        known->here = "queued";
    if (known->here == NULL && spool_receipt(spool, id, NULL, arena, &known->receipt))
        known->here = "sent";
    if (known->here == NULL && spool_reason(spool, id, reason, sizeof(reason))) {
        known->here = "refused";
        known->reason = arena_strdup(arena, reason);
    }
    return arena_check(arena, err);
}

/* 404 means that this collector does not have it, which is an answer too. */
static int ask(struct uploader *uploader, const char *id, struct known *known, struct err *err)
{
    struct wire_answer answer cleanup(wire_answer_done) = {0};
    struct wire_client *client;
    char path[WIRE_ID_SIZE + 32];
    (void)snprintf(path, sizeof(path), WIRE_PATH_SUBMISSIONS "/%s", id);
    int r = uploader_client(uploader, &client, err);
    if (r == 0)
        r = wire_get(client, path, &answer, err);
    if (r < 0 || answer.status == 404)
        return r;
    struct str body = str_slice(buf_text(&answer.body), answer.body.len);
    if (answer.status != 200 && answer.status != 410)
        return wire_refusal(answer.status, body, err);
    r = wire_submission_read(body, &known->answer, err);
    if (r == 0)
        r = json_read_strict(body, &json_limits_bundle, &known->body, err);
    known->asked = r == 0;
    return r;
}

/* What rules decided at the collector that look at other submissions too, the oldest first; NULL = nothing. */
static const struct json *first_verdict(const struct known *known)
{
    return known->body != NULL ? json_first(json_get(json_root(known->body), "verdicts")) : NULL;
}

static void write_verdicts(const struct known *known, struct json_writer *writer)
{
    static const char *const members[] = {"kind", "rule", "reason", "at"};
    json_write_key(writer, "verdicts");
    json_begin_array(writer);
    for (const struct json *at = first_verdict(known); at != NULL; at = json_next(at)) {
        json_begin_object(writer);
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
            json_pair_string(writer, members[i], json_string(json_get(at, members[i])));
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void add_verdicts(const struct known *known, struct buf *out)
{
    for (const struct json *at = first_verdict(known); at != NULL; at = json_next(at)) {
        const char *rule = json_string(json_get(at, "rule"));
        buf_adds(out, "\n  ");
        encode_terminal(out, str_of(json_string(json_get(at, "at"))));
        buf_addc(out, ' ');
        encode_terminal(out, str_of(json_string(json_get(at, "kind"))));
        buf_adds(out, rule != NULL ? " by the rule " : "");
        encode_terminal(out, str_of(rule));
        buf_adds(out, ": ");
        encode_terminal(out, str_of(json_string(json_get(at, "reason"))));
    }
}

static void print_json(const char *id, const struct known *known, const char *server)
{
    autobuf struct buf out = BUF(BUF_MIB);
    struct json_writer writer = json_writer(&out, 2);
    const char *state = known->asked ? known->answer.state : known->receipt.state;
    const char *received_at = known->asked ? known->answer.received_at : known->receipt.received_at;
    json_begin_object(&writer);
    json_pair_string(&writer, "id", id);
    json_pair_string(&writer, "state", state);
    json_pair_string(&writer, "rule", known->asked && known->answer.rule[0] != '\0' ? known->answer.rule : NULL);
    json_pair_string(&writer, "received_at", received_at);
    json_pair_string(&writer, "replaces", known->answer.replaces[0] != '\0' ? known->answer.replaces : NULL);
    json_pair_string(&writer, "replaced_by", known->answer.replaced_by[0] != '\0' ? known->answer.replaced_by : NULL);
    json_pair_string(&writer, "server", known->asked ? server : known->receipt.server);
    json_pair_bool(&writer, "asked", known->asked);
    json_pair_string(&writer, "spool", known->here);
    json_pair_string(&writer, "reason", known->reason);
    write_verdicts(known, &writer);
    json_end_object(&writer);
    (void)printf("%s\n", buf_text(&out));
}

static void print_text(const char *id, const struct known *known, const char *server)
{
    autobuf struct buf out = BUF(BUF_MIB);
    const char *state = known->asked                   ? known->answer.state
                        : known->receipt.state != NULL ? known->receipt.state
                                                       : known->here;
    const char *received_at = known->asked ? known->answer.received_at : known->receipt.received_at;
    const char *from = known->asked ? server : known->receipt.server;
    buf_addf(&out, "%s %s", state, id);
    if (known->asked && known->answer.rule[0] != '\0') {
        buf_adds(&out, " (");
        encode_terminal(&out, str_of(known->answer.rule));
        buf_addc(&out, ')');
    }
    if (known->answer.replaced_by[0] != '\0')
        buf_addf(&out, ", replaced by %s", known->answer.replaced_by);
    if (known->answer.replaces[0] != '\0')
        buf_addf(&out, ", in place of %s", known->answer.replaces);
    if (!text_is_empty(received_at)) {
        buf_adds(&out, ", received ");
        encode_terminal(&out, str_of(received_at));
    }
    if (from != NULL) {
        buf_adds(&out, known->asked ? ", says " : ", by the receipt of ");
        encode_terminal(&out, str_of(from));
    }
    if (known->reason != NULL) {
        buf_adds(&out, ": ");
        encode_terminal(&out, str_of(known->reason));
    }
    add_verdicts(known, &out);
    (void)printf("%s\n", buf_text(&out));
}

/* The receipt names the collector where --server names nobody: only a collector knows what became of it since. */
static int find_collector(const struct invocation *invocation, const struct known *known, struct uploader *uploader,
                          struct err *err)
{
    const char *server = option_text(invocation, "server");
    return uploader_init(invocation, text_is_empty(server) ? known->receipt.server : server, uploader, err);
}

/* Without an answer the receipt is the best there is, which is said; without one either, the failure is. */
static int ask_or_repeat(struct uploader *uploader, const char *id, struct known *known, struct err *err)
{
    struct err why;
    const char *server = uploader->server.name;
    int r = ask(uploader, id, known, &why);
    if (r < 0 && known->here == NULL) {
        *err = why;
        return r;
    }
    if (r < 0)
        log_warning("%s cannot be asked: %s", server, why.text);
    else if (!known->asked && known->here != NULL)
        log_warning("%s has no such submission", server);
    if (!known->asked && known->receipt.state != NULL)
        log_warning("this only repeats the receipt of %s; what became of it since is not known", known->receipt.server);
    return 0;
}

int cmd_status(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct uploader uploader cleanup(uploader_done) = {0};
    struct known known = {0};
    const char *id = argument_at(invocation, 0);
    if (!wire_id_is_valid(id)) {
        (void)err_set(err, ERR_USAGE, "%s is not the id of a submission", id);
        return err_hint(err, "an id is sha256: and 64 lower-case hex digits, as `send` printed it");
    }
    int r = look_here(invocation, id, &arena, &known, err);
    if (r == 0)
        r = find_collector(invocation, &known, &uploader, err);
    if (r == 0 && uploader.named)
        r = ask_or_repeat(&uploader, id, &known, err);
    if (r < 0)
        return r;
    if (known.here == NULL && !known.asked) {
        (void)err_set(err, uploader.named ? ERR_NOT_FOUND : ERR_SERVICE,
                      "%s is known neither here nor to a collector that was asked", id);
        return err_hint(err, uploader.named ? "check the id and --server" : "name the collector with --server");
    }
    if (option_flag(invocation, "json"))
        print_json(id, &known, uploader.server.name);
    else
        print_text(id, &known, uploader.server.name);
    json_free(known.body);
    return 0;
}
