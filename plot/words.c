#include "plot/words.h"

#include "plot/output.h"

void words_begin(const struct invocation *invocation, const char *title, const char *subtitle, struct words *words)
{
    const char *wish = option_text(invocation, "title");
    words->title = wish != NULL ? wish : title != NULL ? title : "";
    wish = option_text(invocation, "subtitle");
    words->subtitle = wish != NULL ? wish : subtitle;
    words->footer_count = 0;
}

void words_add(struct words *words, const char *line)
{
    /* One place is kept for the source. */
    if (line != NULL && words->footer_count + 1 < WORDS_FOOTER_MAX) {
        words->footer[words->footer_count++] = line;
    }
}

void words_end(const struct invocation *invocation, struct plot_input *input, struct words *words)
{
    for (size_t i = 0; i < option_count(invocation, "footer"); i++) {
        words_add(words, option_item(invocation, "footer", i));
    }
    const char *source = option_text(invocation, "source");
    if (source != NULL) {
        const char *line = arena_printf(&input->arena, "Source: %s", source);
        words->footer[words->footer_count++] = line != NULL ? line : source;
    }
}

int words_draw(const struct invocation *invocation, words_lay_out *lay_out, const void *chart, struct err *err)
{
    struct draw *draw autodraw = NULL;
    struct chart_layout layout = {0};
    enum chart_theme theme = THEME_LIGHT;
    int result = plot_theme(invocation, &theme, err);
    result = result < 0 ? result : draw_new(&draw, err);
    if (result < 0) {
        return result;
    }
    struct text_measure measure = draw_measure(draw);
    result = lay_out(chart, theme, &measure, &layout, err);
    if (result == 0) {
        result = plot_write(invocation, draw, &layout, err);
        chart_layout_done(&layout);
    }
    return result;
}
