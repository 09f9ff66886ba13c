#include "submit/written.h"

#include <stdio.h>

#include "schema/base/file.h"
#include "submit/letter_text.h"

#define LETTER_MAX ((size_t)64 << 20)

void written_begin(struct written *written, const char *path)
{
    *written = (struct written){.path = path, .letter = text_ends_with(path, ".md"), .text = BUF(LETTER_MAX)};
}

void written_done(struct written *written)
{
    buf_done(&written->text);
}

int written_add(struct written *written, const struct reading *reading, struct str bytes, struct err *err)
{
    written->count++;
    if (written->letter) {
        letter_text_add(reading, bytes, &written->text);
        return buf_check(&written->text, err);
    }
    if (written->count > 1) {
        (void)err_set(err, ERR_USAGE, "the files give several bundles; --output takes one");
        return err_hint(err, "give one file at a time, or write a text that holds them all: --output FILE.md");
    }
    if (text_equal(written->path, "-")) {
        (void)fwrite(bytes.data, 1, bytes.len, stdout);
        return 0;
    }
    return file_replace(written->path, 0644, bytes.data, bytes.len, err);
}

int written_end(struct written *written, struct err *err)
{
    if (!written->letter || written->count == 0)
        return 0;
    letter_text_end(&written->text);
    int r = buf_check(&written->text, err);
    return r < 0 ? r : file_replace(written->path, 0644, written->text.data, written->text.len, err);
}
