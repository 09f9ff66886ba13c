/* Bundles of the load as a dump that `import` reads: dump COUNT [FIRST] on standard output. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/take/dump.h"
#include "schema/bundle/bundle.h"
#include "tests/bench/ingest/bundles.h"

int main(int argc, char **argv)
{
    static struct bundle_kind kinds[BUNDLE_KINDS];
    const long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0, first = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    bundles_make(kinds);
    for (long i = 0; i < count; i++) {
        struct bundle_kind *kind = &kinds[i % BUNDLE_KINDS];
        autobuf struct buf line = BUF(BUF_MIB);
        char id[BUNDLE_ID_SIZE];
        bundle_put_number(kind->text.data + kind->number_at, (uint64_t)(first + i));
        const struct str bytes = str_slice(kind->text.data, kind->text.len);
        const struct dump_line dump = {
            .id = bundle_id(bytes, id), .state = "accepted", .origin = "http", .bundle = bytes};
        dump_write(&dump, &line);
        if (buf_check(&line, NULL) != 0 || fwrite(line.data, 1, line.len, stdout) != line.len) {
            return 74;
        }
    }
    bundles_done(kinds);
    return fflush(stdout) == 0 ? 0 : 74;
}
