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
    arena_done(&written->arena);
}

static int note(struct written *written, const char *file, const char *id, struct err *err)
{
    struct written_one *items =
        arena_grow(&written->arena, written->items, &written->capacity, written->count + 1, sizeof(*items));
    if (items == NULL)
        return mem_error(err);
    written->items = items;
    items[written->count++] = (struct written_one){file, arena_strdup(&written->arena, id)};
    return arena_check(&written->arena, err);
}

int written_add(struct written *written, const char *file, const char *id, const struct reading *reading,
                struct str bytes, struct err *err)
{
    if (!written->letter && written->count > 0) {
        written->refused = true;
        (void)err_set(err, ERR_USAGE, "the files give several bundles; --output takes one, and nothing was written");
        return err_hint(err, "give one file at a time, or write a text that holds them all: --output FILE.md");
    }
    if (written->letter)
        letter_text_add(reading, bytes, &written->text);
    else
        buf_add(&written->text, bytes.data, bytes.len);
    int r = buf_check(&written->text, err);
    return r < 0 ? r : note(written, file, id, err);
}

int written_end(struct written *written, struct outcomes *outcomes, struct err *err)
{
    const bool shown = text_equal(written->path, "-");
    if (written->count == 0 || written->refused)
        return 0;
    if (written->letter)
        letter_text_end(&written->text);
    int r = buf_check(&written->text, err);
    if (r == 0 && shown)
        (void)fwrite(written->text.data, 1, written->text.len, stdout);
    else if (r == 0)
        r = file_replace(written->path, 0644, written->text.data, written->text.len, err);
    for (size_t i = 0; r == 0 && i < written->count; i++) {
        /* Without the id no line of it goes to stdout, where the bundle is. */
        struct outcome outcome = {
            .file = written->items[i].file, .id = shown ? NULL : written->items[i].id, .state = "written"};
        outcome_add(outcomes, &outcome, 0);
    }
    return r;
}
