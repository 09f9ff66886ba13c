#include <zstd.h>
#include <zstd_errors.h>

#include "schema/read/inflate_internal.h"

#define CHUNK ((size_t)8 << 10)
#define HINT "compress one file alone: zstd FILE"

_Static_assert(READ_ZSTD_WINDOW_LOG_MAX == 23, "the message of decoder_error says so");

static void free_context(ZSTD_DCtx **context)
{
    (void)ZSTD_freeDCtx(*context);
}

static int decoder_error(size_t code, struct err *err)
{
    ZSTD_ErrorCode reason = ZSTD_getErrorCode(code);
    if (reason == ZSTD_error_memory_allocation)
        return err_set(err, ERR_MEMORY, "out of memory");
    if (reason == ZSTD_error_frameParameter_windowTooLarge)
        return inflate_refuse(ERR_LIMIT, "the frame asks for a window of more than 8 MiB",
                              "compress it without --ultra and --long", err);
    return inflate_corrupt("the data is damaged", err);
}

/* Decodes one frame; input.pos is behind it then. */
static int decode_frame(ZSTD_DCtx *context, ZSTD_inBuffer *input, struct inflate_target *target, struct err *err)
{
    unsigned char chunk[CHUNK];
    size_t left = 1;
    while (left != 0) {
        ZSTD_outBuffer output = {.dst = chunk, .size = sizeof chunk};
        left = ZSTD_decompressStream(context, &output, input);
        if (ZSTD_isError(left))
            return decoder_error(left, err);
        int r = inflate_put(target, chunk, output.pos, err);
        if (r < 0)
            return r;
        if (left != 0 && input->pos == input->size && output.pos < output.size)
            return inflate_corrupt("the data ends too early", err);
    }
    return 0;
}

int inflate_zstd(const unsigned char *bytes, size_t size, struct inflate_target *target, struct err *err)
{
    if (size > 0 && bytes[0] != 0x28 && read_coding_of(bytes, size) == READ_ZSTD)
        return inflate_refuse(ERR_SYNTAX, "it begins with a skippable frame", HINT, err);
    ZSTD_DCtx *context cleanup(free_context) = ZSTD_createDCtx();
    if (context == NULL)
        return err_set(err, ERR_MEMORY, "out of memory");
    size_t set = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, READ_ZSTD_WINDOW_LOG_MAX);
    if (ZSTD_isError(set))
        return decoder_error(set, err);
    ZSTD_inBuffer input = {.src = bytes, .size = size};
    int r = decode_frame(context, &input, target, err);
    if (r < 0 || input.pos == input.size)
        return r;
    bool frame = read_coding_of(bytes + input.pos, input.size - input.pos) == READ_ZSTD;
    return inflate_refuse(ERR_SYNTAX, frame ? "there is a second frame" : "there are bytes behind the end", HINT, err);
}
