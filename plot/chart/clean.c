#include "plot/chart/clean.h"

#include "schema/text/encode.h"

const char *clean_text(struct arena *arena, const char *text, size_t most)
{
    if (text == NULL) {
        return NULL;
    }
    struct buf buf autobuf = BUF(BUF_MIB);
    encode_plain_capped(&buf, str_of(text), most);
    const char *copy = arena_strdup(arena, buf_text(&buf));
    return copy != NULL ? copy : "";
}

const char *const *clean_list(struct arena *arena, const char *const *texts, size_t count)
{
    const char **copy = arena_alloc(arena, count + 1, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < count; i++) {
        copy[i] = clean_text(arena, texts[i], CLEAN_TEXT_MOST);
    }
    return copy;
}

struct chart_metric clean_metric(struct arena *arena, const struct chart_metric *metric)
{
    return (struct chart_metric){clean_text(arena, metric->title, CLEAN_LINE_MOST),
                                 clean_text(arena, metric->unit, CLEAN_LINE_MOST), metric->higher_is_better};
}
