/* What intake costs before the database: bytes in, encoded rows out, one thread.
 *
 *   check COUNT
 *
 * Prints the processor time of one bundle in microseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "collector/intake/intake.h"
#include "schema/base/number.h"
#include "tests/bench/ingest/bundles.h"

int main(int argc, char **argv)
{
    static const struct intake_policy policy = {
        .anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http", .now_us = INT64_C(1800000000000000)};
    struct bundle_kind kinds[BUNDLE_KINDS];
    int64_t count = 0;
    struct err err;
    if (argc != 2 || !number_parse_int64(str_of(argv[1]), &count) || count < 1) {
        fprintf(stderr, "usage: check COUNT\n");
        return 64;
    }
    bundles_make(kinds);
    clock_t begun = clock();
    for (int64_t i = 0; i < count; i++) {
        const struct bundle_kind *kind = &kinds[i % BUNDLE_KINDS];
        autoprepared struct prepared *prepared = NULL;
        bundle_put_number(kind->text.data + kind->number_at, (uint64_t)i);
        if (intake_check(str_slice(kind->text.data, kind->text.len), NULL, &policy, &prepared, &err) != 0 ||
            prepared->flags.count > 0) {
            fprintf(stderr, "check: %s\n", err.text);
            return 70;
        }
    }
    printf("bytes %zu cpu_us %.2f\n", kinds[0].text.len,
           (double)(clock() - begun) / CLOCKS_PER_SEC * 1e6 / (double)count);
    bundles_done(kinds);
    return 0;
}
