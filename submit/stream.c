#include "submit/stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/bundle/limits.h"
#include "schema/read/inflate.h"

#define DETECT_BYTES ((size_t)64 << 10)

void input_stream_done(struct input_stream *stream)
{
    if (stream->descriptor >= 0)
        (void)close(stream->descriptor);
    buf_done(&stream->ahead);
    buf_done(&stream->carry);
    free(stream->own_name);
    *stream = (struct input_stream){.descriptor = -1};
}

static struct str ahead(const struct input_stream *stream)
{
    return str_slice(buf_text(&stream->ahead) + stream->at, stream->ahead.len - stream->at);
}

/* Makes `length` bytes lie ahead, unless the file ends before. */
static int fill(struct input_stream *stream, size_t length, struct err *err)
{
    if (stream->ended || ahead(stream).len >= length)
        return 0;
    if (stream->at > 0) {
        memmove(stream->ahead.data, stream->ahead.data + stream->at, stream->ahead.len - stream->at);
        stream->ahead.len -= stream->at;
        stream->at = 0;
    }
    return file_read_until(stream->descriptor, &stream->ahead, length, &stream->ended, err);
}

/* ---------------------------------------------------------------- compressed files */

static int decompress(struct input_stream *stream, enum read_coding coding, struct err *err)
{
    static const struct read_limits limits = {.bytes_in_max = BUNDLE_COMPRESSED_MAX,
                                              .bytes_out_max = BUNDLE_BYTES_MAX,
                                              .ratio_max = BUNDLE_RATIO_MAX,
                                              .ratio_after = BUNDLE_RATIO_AFTER};
    autobuf struct buf out = BUF(BUNDLE_BYTES_MAX);
    int r = fill(stream, BUNDLE_COMPRESSED_MAX + 1, err);
    if (r == 0)
        r = read_inflate(coding, stream->ahead.data, stream->ahead.len, &limits, &out, err);
    if (r < 0)
        return err->hint[0] == '\0' ? err_hint(err, "decompress it yourself, and give that file") : r;
    if (read_coding_of(out.data, out.len) != READ_PLAIN) {
        (void)err_set(err, ERR_DATA, "it is compressed twice");
        return err_hint(err, "decompress it once, and give that file");
    }
    if (stream->name != NULL) {
        stream->own_name = read_inner_name(stream->name, stream->ahead.data, stream->ahead.len);
        if (stream->own_name == NULL)
            return mem_error(err);
        stream->name = stream->own_name;
    }
    buf_done(&stream->ahead);
    stream->ahead = out;
    stream->ahead.max = INPUT_MAX;
    out = (struct buf){0};
    stream->ended = true;
    return 0;
}

int input_stream_open(const char *path, const char *format_name, struct input_stream *ret, struct err *err)
{
    struct input_stream stream cleanup(input_stream_done) = {
        .path = path, .format_name = format_name, .descriptor = -1, .ahead = BUF(INPUT_MAX), .carry = BUF(BUF_MIB)};
    stream.name = text_equal(path, "-") ? NULL : file_base_name(path);
    int r = file_open(path, &stream.descriptor, err);
    if (r == 0)
        r = fill(&stream, STREAM_PIECE_BYTES + 1, err);
    enum read_coding coding = r == 0 ? read_coding_of(stream.ahead.data, stream.ahead.len) : READ_PLAIN;
    if (r == 0 && coding != READ_PLAIN)
        r = decompress(&stream, coding, err);
    if (r < 0)
        return input_error(path, err, r);
    if (!stream.ended)
        mem_keep_freed();
    *ret = stream;
    stream = (struct input_stream){.descriptor = -1};
    return 0;
}

/* ---------------------------------------------------------------- pieces */

static size_t count_bytes(struct str text, char byte)
{
    size_t count = 0;
    const char *at = text.data, *end = text.data + text.len;
    while (at < end && (at = memchr(at, byte, (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

/* Where the piece ends that begins the text: behind the last line end within the limits of a piece at which a record
 * ends, or else the first one behind them; 0 when there is none. */
static size_t find_cut(struct str text, const struct format_pieces *pieces)
{
    size_t cut = 0, lines = 0;
    bool open = false;
    for (size_t at = 0; at < text.len;) {
        const char *newline = memchr(text.data + at, '\n', text.len - at);
        if (newline == NULL)
            break;
        size_t next = (size_t)(newline - text.data) + 1;
        if (pieces != NULL && pieces->quoted && count_bytes(str_slice(text.data + at, next - at), '"') % 2 == 1)
            open = !open;
        bool border = pieces == NULL || pieces->begins == 0 || next == text.len || text.data[next] == pieces->begins;
        if ((next > STREAM_PIECE_BYTES || ++lines > STREAM_PIECE_LINES) && cut > 0)
            break;
        if (!open && border)
            cut = next;
        at = next;
    }
    return cut;
}

static bool is_short(const struct input_stream *stream)
{
    struct str text = ahead(stream);
    return stream->ended && text.len <= STREAM_PIECE_BYTES && count_bytes(text, '\n') <= STREAM_PIECE_LINES;
}

/* The format of a text that is cut behind a line, where it may be cut at all; NULL. */
static const struct format *find_format(const struct input_stream *stream, struct str text)
{
    autofree char *decoded = NULL;
    size_t length = 0;
    size_t cut = find_cut(text, NULL);
    if (cut == 0 || formats_decode(str_slice(text.data, cut), &decoded, &length, NULL) < 0)
        return NULL;
    struct format_input input = {.name = stream->name, .text = str_slice(decoded, length)};
    const struct format *format =
        stream->format_name != NULL ? formats_by_name(stream->format_name) : formats_detect(&input);
    return format != NULL && format->pieces != NULL ? format : NULL;
}

/* Whether what the file begins with is of a format that may be cut. Mostly its first lines tell, and a hundred readers
 * need not look through a whole piece. */
static void begin(struct input_stream *stream)
{
    stream->begun = true;
    struct str text = ahead(stream);
    /* UTF-16 is decoded as a whole. */
    if (stream->whole || is_short(stream) || str_starts_with(text, STR("\xFF\xFE")) ||
        str_starts_with(text, STR("\xFE\xFF")))
        return;
    stream->format = find_format(stream, str_slice(text.data, text.len < DETECT_BYTES ? text.len : DETECT_BYTES));
    if (stream->format == NULL)
        stream->format = find_format(stream, text);
}

/* Makes a record end lie ahead; *ret is where. */
static int next_cut(struct input_stream *stream, size_t *ret, struct err *err)
{
    for (size_t wanted = 2 * STREAM_PIECE_BYTES;; wanted *= 2) {
        int r = fill(stream, wanted, err);
        if (r < 0)
            return r;
        struct str text = ahead(stream);
        *ret = is_short(stream) ? text.len : find_cut(text, stream->format->pieces);
        if (*ret == 0 && stream->ended)
            *ret = text.len;
        if (*ret > 0)
            return 0;
        if (wanted >= STREAM_LINE_MAX) {
            (void)err_set(err, ERR_LIMIT, "a record is longer than 8 MiB");
            return err_at(err, stream->lines + 1, 0);
        }
    }
}

static int give_piece(struct input_stream *stream, struct input *input, struct err *err)
{
    size_t cut = 0;
    int r = next_cut(stream, &cut, err);
    if (r < 0)
        return r;
    struct str text = str_slice(ahead(stream).data, cut);
    input->line = stream->lines - (int)count_bytes(str_slice(buf_text(&stream->carry), stream->carry.len), '\n');
    buf_add(&input->bytes, buf_text(&stream->carry), stream->carry.len);
    buf_add(&input->bytes, text.data, text.len);
    stream->lines += (int)count_bytes(text, '\n');
    stream->at += cut;
    input->format_name = stream->format->name;
    buf_reset(&stream->carry);
    if (stream->format->pieces->carry != NULL)
        stream->format->pieces->carry(str_slice(buf_text(&input->bytes), input->bytes.len), &stream->carry);
    r = buf_check(&stream->carry, err);
    /* So that input_stream_more knows. */
    return r < 0 ? r : fill(stream, STREAM_PIECE_BYTES, err);
}

static int give_all(struct input_stream *stream, struct input *input, struct err *err)
{
    int r = fill(stream, SIZE_MAX, err);
    if (r < 0)
        return r;
    input->bytes = stream->ahead;
    stream->ahead = BUF(INPUT_MAX);
    stream->at = 0;
    return 0;
}

bool input_stream_more(const struct input_stream *stream)
{
    return !stream->begun || ahead(stream).len > 0;
}

int input_stream_next(struct input_stream *stream, struct input *ret, struct err *err)
{
    if (!input_stream_more(stream))
        return 0;
    autoinput struct input input = {.path = stream->path,
                                    .name = stream->name,
                                    .format_name = stream->format_name,
                                    .bytes = BUF(INPUT_MAX),
                                    .bundles = 1};
    if (!stream->begun)
        begin(stream);
    int r = stream->format != NULL ? give_piece(stream, &input, err) : give_all(stream, &input, err);
    if (r == 0)
        r = input_begin(&input, err);
    if (r < 0)
        return input_error(stream->path, err, r);
    stream->pieces++;
    *ret = input;
    input = (struct input){0};
    return 1;
}
