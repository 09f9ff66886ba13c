#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdlib.h>

#include "plot/draw/fonts.h"
#include "schema/base/str.h"

#define FAMILY "Inter" /* the first of FONT_FAMILIES */

/* The usual folders of fonts and of the caches of what is in them; and that a font without a bold weight, as those for
 * Chinese are, is made bold where bold is asked for. */
static const char rules[] =
    "<?xml version=\"1.0\"?><fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir prefix=\"xdg\">fonts</dir><dir>~/.fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir><cachedir prefix=\"xdg\">fontconfig</cachedir>"
    "<match target=\"font\"><test name=\"weight\" compare=\"less_eq\"><const>medium</const></test>"
    "<test target=\"pattern\" name=\"weight\" compare=\"more_eq\"><const>bold</const></test>"
    "<edit name=\"embolden\" mode=\"assign\"><bool>true</bool></edit>"
    "<edit name=\"weight\" mode=\"assign\"><const>bold</const></edit></match></fontconfig>";

static bool has_family(FcConfig *config)
{
    const FcFontSet *fonts = FcConfigGetFonts(config, FcSetSystem);
    for (int i = 0; fonts != NULL && i < fonts->nfont; i++) {
        FcChar8 *family = NULL;
        if (FcPatternGetString(fonts->fonts[i], FC_FAMILY, 0, &family) == FcResultMatch &&
            text_equal((const char *)family, FAMILY)) {
            return true;
        }
    }
    return false;
}

static void configure(void)
{
    FcConfig *config = FcConfigCreate();
    if (config == NULL || !FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)rules, FcTrue) ||
        !FcConfigBuildFonts(config) || !has_family(config)) {
        if (config != NULL) {
            FcConfigDestroy(config);
        }
        return;
    }
    /* Kept until the process ends, as the one that it would have otherwise is. */
    (void)FcConfigSetCurrent(config);
}

void fonts_configure(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (getenv("FONTCONFIG_FILE") == NULL && getenv("FONTCONFIG_PATH") == NULL &&
        getenv("FONTCONFIG_SYSROOT") == NULL) {
        (void)pthread_once(&once, configure);
    }
}
