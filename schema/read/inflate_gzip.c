#include <string.h>
#include <zlib.h>

#include "schema/read/inflate_internal.h"

#define CHUNK ((size_t)8 << 10)
#define GZIP_FRAME (15 + 16) /* inflateInit2: a window of 32 KiB, and a gzip frame around it */
#define NO_FRAME (-15)

static int stream_error(int code, struct err *err)
{
    switch (code) {
    case Z_MEM_ERROR:
        return err_set(err, ERR_MEMORY, "out of memory");
    case Z_BUF_ERROR:
        return inflate_corrupt("the data ends too early", err);
    case Z_NEED_DICT:
        return inflate_corrupt("the data needs a dictionary", err);
    default:
        return inflate_corrupt("the data is damaged", err);
    }
}

/* Runs until the end of the stream; *stream tells then how much of the input was used. */
static int inflate_all(z_stream *stream, struct inflate_target *target, struct err *err)
{
    unsigned char chunk[CHUNK];
    int code = Z_OK;
    while (code != Z_STREAM_END) {
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        code = inflate(stream, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END)
            return stream_error(code, err);
        int r = inflate_put(target, chunk, sizeof chunk - stream->avail_out, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* *ret_used is the length of the stream within `bytes`. */
static int inflate_window(int window_bits, const unsigned char *bytes, size_t size, struct inflate_target *target,
                          size_t *ret_used, struct err *err)
{
    if (size > UINT32_MAX)
        return err_set(err, ERR_LIMIT, "the data is longer than 4 GiB");
    /* zlib's pointer to its input is const only where ZLIB_CONST is defined: it never writes there. */
    z_stream stream = {.next_in = (unsigned char *)(size_t)bytes, .avail_in = (unsigned)size};
    if (inflateInit2(&stream, window_bits) != Z_OK)
        return err_set(err, ERR_MEMORY, "out of memory");
    int r = inflate_all(&stream, target, err);
    *ret_used = size - stream.avail_in;
    (void)inflateEnd(&stream);
    return r;
}

int inflate_gzip(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err)
{
    size_t used = 0;
    int r = inflate_window(GZIP_FRAME, bytes, size, target, &used, err);
    if (r < 0 || used == size)
        return r;
    bool member = read_coding_of(bytes + used, size - used) == READ_GZIP;
    return inflate_refuse(ERR_SYNTAX, member ? "there is a second member" : "there are bytes behind the end",
                          "compress one file alone: gzip -k FILE", err);
}

int inflate_raw(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err)
{
    size_t used = 0;
    int r = inflate_window(NO_FRAME, bytes, size, target, &used, err);
    return r < 0 || used == size ? r : inflate_corrupt("the deflated data is shorter than stated", err);
}
