/* Words around a chart that all verbs share: title, subtitle, footer, source. */
#ifndef PLOT_WORDS_H
#define PLOT_WORDS_H

#include "plot/draw/draw.h"
#include "plot/input.h"
#include "schema/base/options.h"

#define WORDS_FOOTER_MAX 20

#define PLOT_WORD_OPTIONS                                                                                              \
    {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "title (default: what is shown, without a claim)"},                   \
        {"subtitle", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "line below the title"},                                       \
        {"source", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "last line of the footer: where the data is from"},              \
    {                                                                                                                  \
        "footer", 0, OPTION_LIST_ONCE, "TEXT", NULL, "further line of the footer (may stand several times)"            \
    }

struct words {
    const char *title, *subtitle;
    const char *footer[WORDS_FOOTER_MAX];
    size_t footer_count;
};

/* Title and subtitle as the options say, otherwise these. */
void words_begin(const struct invocation *invocation, const char *title, const char *subtitle, struct words *words);
/* A line of the footer; NULL is none. Lines beyond the most are left out. */
void words_add(struct words *words, const char *line);
/* The lines and the source that the options name. */
void words_end(const struct invocation *invocation, struct plot_input *input, struct words *words);

/* Lays out with the fonts of this machine and writes what the options name. Returns an exit status or -code. */
typedef int words_lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err);
int words_draw(const struct invocation *invocation, words_lay_out *lay_out, const void *chart,
               struct err *err) must_check;

#endif
