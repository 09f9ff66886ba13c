#include "submit/letter_text.h"

#include <math.h>
#include <stdio.h>

#include "schema/base/str.h"
#include "schema/bundle/letter.h"
#include "schema/text/encode.h"

#define FIGURES_SHOWN 20

static void put(struct buf *into, const char *before, const char *text)
{
    if (text_is_empty(text))
        return;
    buf_adds(into, before);
    encode_markdown(into, str_of(text));
}

static void figure(const struct run *run, const struct measurement *measurement, struct buf *into)
{
    char number[48];
    bool median = !isfinite(measurement->mean);
    (void)snprintf(number, sizeof number, "%s%.6g", median ? "median " : "",
                   median ? measurement->median : measurement->mean);
    buf_adds(into, "- ");
    put(into, "", run->workload.model != NULL ? run->workload.model : "model not stated");
    put(into, ", ", run->workload.task);
    put(into, ": ", measurement->metric);
    put(into, " ", number);
    put(into, " ", measurement->unit);
    buf_addc(into, '\n');
}

void letter_text_add(const struct reading *reading, struct str bytes, struct buf *into)
{
    size_t shown = 0, all = 0;
    const char *chip = reading_chip_name(reading, reading->run_count > 0 ? &reading->runs[0] : NULL);
    buf_adds(into, "## ");
    put(into, "", text_is_empty(reading->tool) ? reading->format : reading->tool);
    put(into, ", ", text_is_empty(chip) ? "chip not stated" : chip);
    buf_adds(into, "\n\n");
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];
        for (size_t j = 0; j < run->measurement_count; j++, all++)
            if (shown < FIGURES_SHOWN &&
                (isfinite(run->measurements[j].mean) || isfinite(run->measurements[j].median))) {
                figure(run, &run->measurements[j], into);
                shown++;
            }
    }
    if (shown < all)
        buf_addf(into, "- and %zu more in the bundle\n", all - shown);
    buf_adds(into, "\n```text\n");
    letter_write(bytes, into);
    buf_adds(into, "```\n\n");
}

void letter_text_end(struct buf *into)
{
    buf_adds(into,
             "The lines above are read by `crosschip-collector import FILE`. The data is under " BUNDLE_LICENCE ".\n");
}
