#include <stdio.h>

#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/text/encode.h"
#include "submit/own.h"
#include "submit/verbs.h"

const struct option claim_options[] = {
    UPLOAD_OPTIONS,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where receipts are; default ~/.local/share/crosschip/spool"},
    {"key", 0, OPTION_TEXT, "FILE", NULL, "the key it was sent with; default ~/.local/share/crosschip/client.key"},
    {0},
};

static void print(const struct invocation *invocation, const char *id, const char *server,
                  const struct wire_answer *answer)
{
    autojson struct json_document *document = NULL;
    autobuf struct buf out = BUF(BUF_MIB);
    const char *name = NULL;
    if (json_read_strict(str_slice(buf_text(&answer->body), answer->body.len), &json_limits_bundle, &document, NULL) ==
        0)
        name = json_string(json_get(json_root(document), "contributor"));
    if (option_flag(invocation, "json")) {
        struct json_writer writer = json_writer(&out, 2);
        json_begin_object(&writer);
        json_pair_string(&writer, "id", id);
        json_pair_string(&writer, "contributor", name);
        json_pair_string(&writer, "server", server);
        json_end_object(&writer);
    } else {
        buf_addf(&out, "claimed %s", id);
        buf_adds(&out, name != NULL ? " for " : "");
        encode_terminal(&out, str_of(name));
    }
    (void)printf("%s\n", buf_text(&out));
}

static int refuse(const struct wire_answer *answer, bool proved, struct err *err)
{
    int r = own_refusal(answer, proved, err);
    if (answer->status == 410)
        return err_set(err, ERR_GONE, "this submission was withdrawn or deleted: nothing of it is left to claim");
    return r;
}

int cmd_claim(const struct invocation *invocation, struct err *err)
{
    struct own own autoown = {0};
    autoanswer struct wire_answer answer = {0};
    struct wire_client *client = NULL;
    const char *id = argument_at(invocation, 0);
    char secret[SHA256_HEX_SIZE] = "", path[WIRE_ID_SIZE + 32];
    int r = own_open(invocation, id, &own, err);
    if (r == 0 && own.uploader.token[0] == '\0') {
        (void)err_set(err, ERR_NOT_ALLOWED, "a submission is claimed for the contributor of a token, and none is here");
        return err_hint(err, "store it with crosschip-submit login, or name it with --token-file");
    }
    if (r == 0)
        r = own_secret(own.spool, &own.uploader, id, secret, err);
    if (r == 0)
        r = uploader_client(&own.uploader, &client, err);
    if (r < 0)
        return r;
    (void)snprintf(path, sizeof(path), WIRE_PATH_SUBMISSIONS "/%s/claim", id);
    bool proved = secret[0] != '\0';
    r = wire_post(client, path, STR(""), NULL, proved ? secret : NULL, &answer, err);
    proof_wipe(secret, sizeof(secret));
    if (r < 0)
        return r;
    if (answer.status != 200)
        return refuse(&answer, proved, err);
    print(invocation, id, own.uploader.server.name, &answer);
    return 0;
}
