/* What a chip computes at most on a backend: its highest dense rate in any type of four bits or more, as its maker
 * states it. A multiplication and an addition are two operations. */
#include <math.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

struct chip_peak {
    const char *chip, *backend;
    double tflops;
    const char *source;
};

static const struct chip_peak peaks[] = {
#include "gen/schema/catalog/chip_peaks.inc"
};

double catalog_peak_tflops(const char *chip, const char *backend)
{
    for (size_t i = 0; i < ARRAY_LENGTH(peaks); i++)
        if (text_equal(peaks[i].chip, chip) && text_equal(peaks[i].backend, backend))
            return peaks[i].tflops;
    return (double)NAN;
}
