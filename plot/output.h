/* Options and files that all chart verbs share: -o, --theme, --scale, --layout-json, --strict. */
#ifndef PLOT_OUTPUT_H
#define PLOT_OUTPUT_H

#include "plot/chart/chart.h"
#include "plot/draw/draw.h"
#include "schema/base/options.h"

#define PLOT_OUTPUT_OPTIONS                                                                                              \
    {"output", 'o',  OPTION_LIST_ONCE,                                                                                   \
     "FILE",   NULL, "write FILE.png, FILE.svg or FILE.pdf, - for PNG on stdout (may stand several times)"},             \
        {"theme", 0, OPTION_TEXT, "light|dark", "light", "colours of the picture"},                                      \
        {"scale", 0, OPTION_TEXT, "N", "2", "px per logical px of a PNG, 1 to 4"},                                       \
        {"width", 0, OPTION_TEXT, "800|400", "800", "layout for a page or for a phone, in logical px"},                  \
        {"layout-json", 0, OPTION_TEXT_ONCE, "FILE", NULL, "write every text box, mark and panel with its coordinates"}, \
    {                                                                                                                    \
        "strict", 0, OPTION_FLAG, NULL, NULL, "exit 1 when a character has no glyph in the installed fonts"              \
    }

int plot_theme(const struct invocation *invocation, enum chart_theme *ret, struct err *err) must_check;
/* 800 or 400. */
int plot_width(const struct invocation *invocation, double *ret, struct err *err) must_check;
/* Writes what the options name. Returns an exit status or -code. */
int plot_write(const struct invocation *invocation, struct draw *draw, const struct chart_layout *layout,
               struct err *err) must_check;

#endif
