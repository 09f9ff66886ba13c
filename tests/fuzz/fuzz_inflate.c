/* Any bytes as gzip, Zstandard and zip: the output stays within the limits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"
#include "schema/read/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct read_limits limits = {
        .bytes_in_max = (size_t)64 << 10, .bytes_out_max = BUF_MIB, .ratio_max = 100, .ratio_after = (size_t)16 << 10};
    for (int coding = READ_PLAIN; coding <= (int)READ_ZIP; coding++) {
        autobuf struct buf out = BUF(BUF_MIB);
        struct err err = {0};
        int r = read_inflate((enum read_coding)coding, data, size, &limits, &out, &err);
        size_t most = 100 * size < limits.ratio_after ? limits.ratio_after : 100 * size;
        if (out.len > limits.bytes_out_max || (coding != (int)READ_PLAIN && out.len > most))
            abort();
        if (r < 0 && err.text[0] == '\0')
            abort();
    }
    const struct str name = read_zip_name(data, size);
    if (name.len > size)
        abort();
    return 0;
}
