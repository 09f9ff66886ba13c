#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/proof/hash.h"
#include "schema/wire/server.h"
#include "submit/terminal.h"
#include "submit/tokens.h"
#include "submit/verbs.h"

const struct option login_options[] = {
    {"server", 's', OPTION_TEXT, "URL", NULL, "the collector that gave the token"},
    {"remove", 0, OPTION_FLAG_ONCE, NULL, NULL, "forget the token of this collector"},
    {0},
};

static int read_piped(char token[256], struct err *err)
{
    autobuf struct buf text = BUF(255);
    int r = file_read_descriptor(STDIN_FILENO, &text, err);
    if (r == 0)
        str_copy(token, 256, str_trim(str_slice(buf_text(&text), text.len)));
    if (text.data != NULL)
        proof_wipe(text.data, text.len);
    return r;
}

static int read_token(const char *server, char ret[TOKEN_SIZE], struct err *err)
{
    char typed[256] = "", question[SERVER_TEXT_SIZE + 16];
    (void)snprintf(question, sizeof(question), "Token for %s", server);
    int r = isatty(STDIN_FILENO) ? terminal_ask_secret(question, typed, sizeof(typed), err) : read_piped(typed, err);
    if (r == 0 && !token_is_valid(str_trim(str_of(typed)))) {
        (void)err_set(err, ERR_DATA, "this is no token");
        r = err_hint(err, "a token is one line that begins with cc1_; the owner of the collector makes it with "
                          "`crosschip-collector token`");
    }
    if (r == 0)
        str_copy(ret, TOKEN_SIZE, str_trim(str_of(typed)));
    proof_wipe(typed, sizeof(typed));
    return r;
}

static int forget(const char *server, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    const char *path;
    int r = tokens_path(server, &arena, &path, err);
    if (r < 0)
        return r;
    if (unlink(path) == 0) {
        log_info("the token for %s is forgotten here; the collector can still revoke it", server);
        return 0;
    }
    if (errno != ENOENT)
        return err_set_errno(err, ERR_CANNOT_WRITE, errno, "cannot remove %s", path);
    (void)err_set(err, ERR_NOT_FOUND, "no token for %s is stored", server);
    return err_hint(err, "check --server: a token is stored under the address that login was given");
}

int cmd_login(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    const char *name = option_text(invocation, "server"), *path = NULL;
    struct server server;
    char token[TOKEN_SIZE];
    if (text_is_empty(name)) {
        (void)err_set(err, ERR_USAGE, "no collector is named");
        return err_hint(err, "a token belongs to one collector: crosschip-submit login --server URL");
    }
    int r = server_parse(name, &server, err);
    if (r == 0 && option_flag(invocation, "remove"))
        return forget(server.name, err);
    if (r == 0)
        r = read_token(server.name, token, err);
    if (r == 0)
        r = tokens_store(server.name, token, err);
    if (r == 0)
        r = tokens_path(server.name, &arena, &path, err);
    proof_wipe(token, sizeof(token));
    if (r < 0)
        return r;
    log_info("the token for %s is in %s; send uses it there", server.name, path);
    return 0;
}
