#include "submit/device/extras.h"

#include <assert.h>
#include <math.h>

#include "submit/device/facts.h"
#include "submit/device/root.h"

/* The name of the row that stands for it in the table of facts. */
static const char *name_of(enum extra extra)
{
    for (const struct fact *fact = facts; fact->key != NULL; fact++)
        if ((fact->type == FACT_EXTRA_NUMBER || fact->type == FACT_EXTRA_WORD) && fact->offset == (size_t)extra)
            return fact->key;
    assert(false && "every extra fact has its row");
    return NULL;
}

void extras_number(struct arena *arena, struct device *device, enum extra extra, double number)
{
    if (!isnan(number) && number > 0 && parameters_find(&device->extra, name_of(extra)) == NULL)
        parameters_set_number(arena, &device->extra, name_of(extra), number);
}

void extras_word(struct arena *arena, struct device *device, enum extra extra, const char *word)
{
    if (!text_is_empty(word) && parameters_find(&device->extra, name_of(extra)) == NULL)
        (void)parameters_set_word(arena, &device->extra, name_of(extra), word);
}

void extras_text(struct arena *arena, struct device *device, enum extra extra, struct str word)
{
    extras_word(arena, device, extra, fact_text(arena, word));
}
