#include "submit/device/memory.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"

#define KIB 1024.0

double meminfo_parse(struct str text)
{
    struct str line;
    while (str_next_line(&text, &line)) {
        int64_t kib;
        if (!str_starts_with(line, STR("MemTotal:")))
            continue;
        struct str value = str_trim(str_slice(line.data + 9, line.len - 9));
        if (str_ends_with(value, STR("kB")))
            value = str_trim(str_slice(value.data, value.len - 2));
        return number_parse_int64(value, &kib) && kib > 0 ? (double)kib * KIB : (double)NAN;
    }
    return (double)NAN;
}

/* "5,4Gi", "3.9G", "921Mi", "3861332" */
static double size_parse(struct str word)
{
    char digits[32];
    size_t length = 0, at = 0;
    double value, factor = KIB;
    while (at < word.len && length + 1 < sizeof(digits) && strchr("0123456789.,", word.data[at]) != NULL) {
        digits[length++] = word.data[at] == ',' ? '.' : word.data[at];
        at++;
    }
    if (length == 0 || !number_parse(str_slice(digits, length), &value) || value <= 0)
        return (double)NAN;
    if (at < word.len) {
        const char *units = "KMGT", *unit = strchr(units, word.data[at]);
        if (unit == NULL)
            return (double)NAN;
        factor = pow(KIB, (double)(unit - units + 1));
    }
    return round(value * factor);
}

double free_parse(struct str text)
{
    struct str line;
    while (str_next_line(&text, &line)) {
        if (!str_starts_with(line, STR("Mem:")))
            continue;
        struct str rest = str_trim(str_slice(line.data + 4, line.len - 4)), word;
        return str_next_field(&rest, ' ', &word) ? size_parse(word) : (double)NAN;
    }
    return (double)NAN;
}
