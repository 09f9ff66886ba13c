#include "schema/wire/token.h"

#include <string.h>
#include <sys/stat.h>

#include "schema/base/file.h"

static bool is_base64url(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.data[i];
        bool good = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                    byte == '-' || byte == '_';
        if (!good)
            return false;
    }
    return true;
}

bool token_is_valid(struct str text)
{
    return text.len == TOKEN_SIZE - 1 && str_starts_with(text, STR("cc1_")) && text.data[12] == '_' &&
           is_base64url(text);
}

int token_read(const char *path, char ret[TOKEN_SIZE], struct err *err)
{
    struct stat status;
    autobuf struct buf text = BUF(1024);
    int r = file_read(path, &text, err);
    if (r < 0)
        return r;
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0) {
        (void)err_set(err, ERR_NOT_ALLOWED, "other accounts may read the token in %s", path);
        return err_hint(err, "chmod 600 %s", path);
    }
    struct str token = str_trim(str_slice(buf_text(&text), text.len));
    if (!token_is_valid(token)) {
        (void)err_set(err, ERR_DATA, "%s holds no token", path);
        return err_hint(err, "a token is one line that begins with cc1_");
    }
    memcpy(ret, token.data, token.len);
    ret[token.len] = '\0';
    return 0;
}
