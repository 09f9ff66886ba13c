#include "plot/output.h"

#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define OUTPUT_MAX (64 * BUF_MIB)

int plot_theme(const struct invocation *invocation, enum chart_theme *ret, struct err *err)
{
    const char *theme = option_text(invocation, "theme");
    if (text_equal(theme, "light") || text_equal(theme, "dark")) {
        *ret = text_equal(theme, "dark") ? THEME_DARK : THEME_LIGHT;
        return 0;
    }
    err_set(err, ERR_USAGE, "there is no theme \"%s\"", theme);
    return err_hint(err, "--theme light or --theme dark");
}

int plot_width(const struct invocation *invocation, double *ret, struct err *err)
{
    const char *width = option_text(invocation, "width");
    if (text_equal(width, "800") || text_equal(width, "400")) {
        *ret = text_equal(width, "800") ? 800 : 400;
        return 0;
    }
    err_set(err, ERR_USAGE, "there is no layout %s px wide", width);
    return err_hint(err, "--width 800 or --width 400");
}

static int write_bytes(const char *path, const struct buf *bytes, struct err *err)
{
    if (text_equal(path, "-")) {
        return file_write_all(STDOUT_FILENO, buf_text(bytes), bytes->len, err);
    }
    /* A picture can be drawn again sooner than most disks flush it. */
    return file_replace_unflushed(path, 0644, buf_text(bytes), bytes->len, err);
}

static int write_picture(struct draw *draw, const struct chart_layout *layout, double scale, const char *path,
                         struct err *err)
{
    struct buf bytes autobuf = BUF(OUTPUT_MAX);
    /* A pipe has no name to say which kind: it gets the first one of the table. */
    const struct renderer *renderer = text_equal(path, "-") ? &renderers[0] : renderer_for(path);
    if (renderer == NULL) {
        err_set(err, ERR_USAGE, "%s: the name does not say which kind of picture", path);
        return err_hint(err, "end it in .png, .svg or .pdf");
    }
    int result = renderer->render(draw, layout, scale, &bytes, err);
    return result < 0 ? result : write_bytes(path, &bytes, err);
}

int plot_write(const struct invocation *invocation, struct draw *draw, const struct chart_layout *layout,
               struct err *err)
{
    long scale = 0;
    size_t outputs = option_count(invocation, "output");
    const char *layout_path = option_text(invocation, "layout-json");
    int result = option_int(invocation, "scale", 1, 4, &scale, err);
    if (result == 0 && outputs == 0 && layout_path == NULL) {
        err_set(err, ERR_USAGE, "no output is named");
        result = err_hint(err, "-o chart.png, -o chart.svg or --layout-json chart.json");
    }
    if (result == 0 && !draw_has_fonts(draw)) {
        err_set(err, ERR_SERVICE, "no font for letters and digits is installed, or none can be read");
        result = err_hint(err, "install fonts-inter or fonts-dejavu-core; fc-list shows what is found");
    }
    for (size_t i = 0; result == 0 && i < outputs; i++) {
        result = write_picture(draw, layout, (double)scale, option_item(invocation, "output", i), err);
    }
    if (result == 0 && layout_path != NULL) {
        struct buf json autobuf = BUF(OUTPUT_MAX);
        chart_write_layout_json(layout, (double)scale, &json);
        result = buf_check(&json, err);
        result = result < 0 ? result : write_bytes(layout_path, &json, err);
    }
    if (result == 0 && draw_missing_glyphs(draw) != NULL) {
        log_warning("no installed font shows %s", draw_missing_glyphs(draw));
        return option_flag(invocation, "strict") ? 1 : 0;
    }
    return result;
}
