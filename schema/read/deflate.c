#include "schema/read/deflate.h"

#include <limits.h>

#include <zlib.h>

#include "schema/base/mem.h"

enum { LEVEL = 6, WINDOW_GZIP = 15 + 16, MEMORY = 8 };

int read_deflate(struct str bytes, struct buf *into, struct err *err)
{
    z_stream stream = {.avail_in = (unsigned)bytes.len};
    if (bytes.len > UINT_MAX / 2) {
        return err_set(err, ERR_LIMIT, "too much to compress at once");
    }
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return mem_error(err);
    }
    const size_t most = deflateBound(&stream, bytes.len);
    autofree char *target = mem_zalloc(most, 1);
    /* zlib declares its input without const, and only reads it. */
    union {
        const char *given;
        unsigned char *taken;
    } input = {bytes.data};
    int code = Z_MEM_ERROR;
    if (target != NULL) {
        stream.next_in = input.taken;
        stream.next_out = (unsigned char *)target;
        stream.avail_out = (unsigned)most;
        code = deflate(&stream, Z_FINISH);
        buf_add(into, target, stream.total_out);
    }
    (void)deflateEnd(&stream);
    return code == Z_STREAM_END ? buf_check(into, err) : mem_error(err);
}
