#include "plot/draw/draw.h"

#include "schema/base/str.h"

const struct renderer renderers[] = {
    {"png", draw_png},
    {"svg", draw_svg},
    {"pdf", draw_pdf},
    {NULL, NULL},
};

const struct renderer *renderer_for(const char *file_name)
{
    struct str name = str_of(file_name);
    for (const struct renderer *renderer = renderers; renderer->extension != NULL; renderer++) {
        struct str extension = str_of(renderer->extension);
        if (name.len > extension.len + 1 && name.data[name.len - extension.len - 1] == '.' &&
            str_equal_ignore_case(str_slice(name.data + name.len - extension.len, extension.len), extension)) {
            return renderer;
        }
    }
    return NULL;
}
