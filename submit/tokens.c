#include "submit/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/proof/hash.h"
#include "schema/text/encode.h"

#define FOLDER "tokens"

int tokens_path(const char *server, struct arena *arena, const char **ret, struct err *err)
{
    autobuf struct buf name = BUF(256);
    buf_adds(&name, FOLDER "/");
    encode_file_name(&name, str_of(server));
    int r = buf_check(&name, err);
    return r < 0 ? r : file_config_path(buf_text(&name), arena, ret, err);
}

static int of_environment(const char *value, char ret[TOKEN_SIZE], struct err *err)
{
    const struct str token = str_trim(str_of(value));
    if (!token_is_valid(token)) {
        (void)err_set(err, ERR_DATA, "CROSSCHIP_TOKEN holds no token");
        return err_hint(err, "a token is one line that begins with cc1_");
    }
    str_copy(ret, TOKEN_SIZE, token);
    return 0;
}

/* A file that is not there has refused nothing. */
static int read_file(const char *path, char ret[TOKEN_SIZE], struct err *err)
{
    int r = token_read(path, ret, err);
    if (r != -ERR_NOT_FOUND)
        return r;
    if (err != NULL)
        err->code = ERR_IO;
    return -ERR_IO;
}

int tokens_find(const struct invocation *invocation, const char *server, char ret[TOKEN_SIZE], struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    const char *file = option_text(invocation, "token-file"), *variable = getenv("CROSSCHIP_TOKEN"), *stored;
    ret[0] = '\0';
    if (!text_is_empty(variable) && !option_given(invocation, "token-file"))
        return of_environment(variable, ret, err);
    if (!text_is_empty(file))
        return read_file(file, ret, err);
    if (server == NULL || tokens_path(server, &arena, &stored, NULL) < 0 || !file_exists(stored))
        return 0;
    return token_read(stored, ret, err);
}

int tokens_store(const char *server, const char *token, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    const char *folder = NULL, *path = NULL;
    char line[TOKEN_SIZE + 1];
    int r = file_config_path(FOLDER, &arena, &folder, err);
    if (r == 0)
        r = tokens_path(server, &arena, &path, err);
    if (r == 0)
        r = file_make_folders(folder, 0700, err);
    if (r < 0)
        return r;
    size_t length = strlen(token);
    memcpy(line, token, length);
    line[length++] = '\n';
    r = file_replace(path, 0600, line, length, err);
    proof_wipe(line, sizeof(line));
    return r;
}
