#include "submit/device/mac_models.h"

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/str.h"

/* From Apple's pages "Identify your Mac model" and the technical specifications that they lead to. Identifiers that
 * stand for several chips are left out. */
static const struct {
    const char *model, *chip;
} models[] = {
    {"MacBookAir10,1", "Apple M1"},
    {"MacBookPro17,1", "Apple M1"},
    {"Macmini9,1", "Apple M1"},
    {"iMac21,1", "Apple M1"},
    {"iMac21,2", "Apple M1"},
    {"MacBookPro18,1", "Apple M1 Pro"},
    {"MacBookPro18,2", "Apple M1 Max"},
    {"MacBookPro18,3", "Apple M1 Pro"},
    {"MacBookPro18,4", "Apple M1 Max"},
    {"Mac13,1", "Apple M1 Max"},
    {"Mac13,2", "Apple M1 Ultra"},
    {"Mac14,2", "Apple M2"},
    {"Mac14,3", "Apple M2"},
    {"Mac14,5", "Apple M2 Max"},
    {"Mac14,6", "Apple M2 Max"},
    {"Mac14,7", "Apple M2"},
    {"Mac14,8", "Apple M2 Ultra"},
    {"Mac14,9", "Apple M2 Pro"},
    {"Mac14,10", "Apple M2 Pro"},
    {"Mac14,12", "Apple M2 Pro"},
    {"Mac14,13", "Apple M2 Max"},
    {"Mac14,14", "Apple M2 Ultra"},
    {"Mac14,15", "Apple M2"},
    {"Mac15,3", "Apple M3"},
    {"Mac15,4", "Apple M3"},
    {"Mac15,5", "Apple M3"},
    {"Mac15,6", "Apple M3 Pro"},
    {"Mac15,7", "Apple M3 Pro"},
    {"Mac15,8", "Apple M3 Max"},
    {"Mac15,9", "Apple M3 Max"},
    {"Mac15,10", "Apple M3 Max"},
    {"Mac15,11", "Apple M3 Max"},
    {"Mac15,12", "Apple M3"},
    {"Mac15,13", "Apple M3"},
    {"Mac15,14", "Apple M3 Ultra"},
    {"Mac16,1", "Apple M4"},
    {"Mac16,2", "Apple M4"},
    {"Mac16,3", "Apple M4"},
    {"Mac16,5", "Apple M4 Max"},
    {"Mac16,6", "Apple M4 Max"},
    {"Mac16,7", "Apple M4 Pro"},
    {"Mac16,8", "Apple M4 Pro"},
    {"Mac16,9", "Apple M4 Max"},
    {"Mac16,10", "Apple M4"},
    {"Mac16,11", "Apple M4 Pro"},
    {"Mac16,12", "Apple M4"},
    {"Mac16,13", "Apple M4"},
    {"Mac17,2", "Apple M5"},
};

const char *mac_model_chip(const char *model)
{
    for (size_t i = 0; i < ARRAY_LENGTH(models); i++)
        if (text_equal(models[i].model, model))
            return models[i].chip;
    return NULL;
}
