#include "collector/take/offer.h"

#include <string.h>
#include <sys/stat.h>

#include "collector/take/dump.h"
#include "collector/take/folder.h"
#include "collector/take/line_file.h"
#include "collector/take/mail.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/bundle/letter.h"
#include "schema/bundle/limits.h"
#include "schema/formats/pack.h"
#include "schema/read/inflate.h"

enum { PEEK = 64 << 10 };

/* One thing that is being read. */
struct offer {
    const struct client_key *key;
    const struct offer_sink *sink;
    struct place place;
    bool of_folder;     /* what is no result there is nobody's mistake */
    bool in_mail;       /* the same, as long as another part of the mail is one */
    size_t found;       /* bundles of this mail */
    struct err refused; /* the first refusal inside a mail */
    bool *stopped;      /* the sink wants no more; everything else is trouble of one file */
    size_t told;        /* bytes of this file that the sink knows of */
};

static void tell_progress(struct offer *offer, const struct line_file *lines)
{
    offer->sink->progress(offer->sink->context, lines->given - offer->told);
    offer->told = lines->given;
}

static void refuse(struct offer *offer, const struct err *why)
{
    if (!offer->in_mail) {
        offer->sink->refused(offer->sink->context, &offer->place, why);
    } else if (offer->refused.code == ERR_NONE) {
        offer->refused = *why;
    }
}

static int give(struct offer *offer, struct str bytes, const char *id, bool held, struct err *err)
{
    const struct offered offered = {.place = offer->place, .bytes = bytes, .id = id, .held = held};
    offer->found++;
    int code = offer->sink->bundle(offer->sink->context, &offered, err);
    *offer->stopped = code != 0;
    return code;
}

static bool is_bundle(struct str text)
{
    return bundle_is(str_slice(text.data, text.len < PEEK ? text.len : PEEK));
}

/* ---- raw output of a benchmark */

static int pack_readings(struct offer *offer, const struct pack_source *source, const struct reading_list *list,
                         struct err *err)
{
    const struct pack_settings settings = {.key = offer->key};
    int code = 0;
    for (size_t i = 0; code == 0 && i < list->count; i++) {
        autopack struct pack pack = {0};
        struct err why;
        if (pack_bundle(&settings, source, list->items[i], &pack, &why) == 0) {
            code = give(offer, str_slice(pack.bytes.data, pack.bytes.len), pack.id, false, err);
        } else {
            refuse(offer, &why);
        }
    }
    return code;
}

/* What no reader recognises is no result: in a folder and in a mail it may stand beside one. */
static bool is_foreign(struct offer *offer, struct str decoded, const char *name)
{
    const struct format_input input = {.name = name, .text = decoded};
    return (offer->of_folder || offer->in_mail) && formats_detect(&input) == NULL;
}

static int read_output(struct offer *offer, struct str bytes, const char *name, struct err *err)
{
    autofree char *decoded = NULL;
    autoreadings struct reading_list list = {0};
    struct pack_source source = {.name = name};
    struct err why;
    int code = formats_decode(bytes, &decoded, &source.decoded.len, &why);
    source.decoded.data = decoded;
    if (code != 0 && (offer->of_folder || offer->in_mail)) {
        offer->sink->skipped(offer->sink->context, &offer->place); /* no text: a picture, an archive */
        return 0;
    }
    if (code == 0 && is_foreign(offer, source.decoded, name)) {
        offer->sink->skipped(offer->sink->context, &offer->place);
        return 0;
    }
    if (code == 0) {
        code = formats_read(name, source.decoded, NULL, &source.format, &list, &why);
    }
    if (code == 0 && list.count == 0) {
        code = err_set(&why, ERR_DATA, "nothing was measured");
    }
    if (code != 0) {
        refuse(offer, &why);
        return code == -ERR_MEMORY ? mem_error(err) : 0;
    }
    return pack_readings(offer, &source, &list, err);
}

/* Bundles in the text of an issue or a mail, as `send --output FILE.md` writes them. */
static int read_letter(struct offer *offer, struct str text, struct err *err)
{
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    char id[BUNDLE_ID_SIZE];
    struct err why;
    int found, code = 0;
    while (code == 0 && (found = letter_next(&text, &bytes, id, &why)) != 0) {
        if (found > 0) {
            code = give(offer, str_slice(bytes.data, bytes.len), id, false, err);
        } else {
            refuse(offer, &why);
        }
    }
    return code;
}

static int read_text(struct offer *offer, struct str bytes, const char *name, struct err *err);

/* gzip, Zstandard or zip, as `send` takes them. One layer: what is compressed twice is no text. */
static int read_compressed(struct offer *offer, enum read_coding coding, struct str bytes, const char *name,
                           struct err *err)
{
    static const struct read_limits limits = {.bytes_in_max = BUNDLE_COMPRESSED_MAX,
                                              .bytes_out_max = BUNDLE_BYTES_MAX,
                                              .ratio_max = BUNDLE_RATIO_MAX,
                                              .ratio_after = BUNDLE_RATIO_AFTER};
    autobuf struct buf out = BUF(BUNDLE_BYTES_MAX);
    struct err why;
    int code = read_inflate(coding, bytes.data, bytes.len, &limits, &out, &why);
    if (code == -ERR_MEMORY) {
        return mem_error(err);
    }
    if (code == 0 && read_coding_of(out.data, out.len) != READ_PLAIN) {
        code = err_set(&why, ERR_DATA, "it is compressed twice");
    }
    if (code == 0 && dump_begins(str_slice(out.data, out.len))) {
        code = err_set(&why, ERR_DATA, "a dump is taken as it is: decompress it, and pipe it into import -");
    }
    if (code != 0 && (offer->of_folder || offer->in_mail)) {
        offer->sink->skipped(offer->sink->context, &offer->place); /* an archive of something else */
        return 0;
    }
    if (code != 0) {
        refuse(offer, &why);
        return 0;
    }
    autofree char *inner = name != NULL ? read_inner_name(name, bytes.data, bytes.len) : NULL;
    return name != NULL && inner == NULL ? mem_error(err) : read_text(offer, str_slice(out.data, out.len), inner, err);
}

static int read_text(struct offer *offer, struct str bytes, const char *name, struct err *err)
{
    const enum read_coding coding = read_coding_of(bytes.data, bytes.len);
    if (coding != READ_PLAIN) {
        return read_compressed(offer, coding, bytes, name, err);
    }
    if (letter_is(bytes)) {
        return read_letter(offer, bytes, err);
    }
    return is_bundle(bytes) ? give(offer, bytes, NULL, false, err) : read_output(offer, bytes, name, err);
}

/* ---- mail */

static int read_mail_part(void *context, const struct mail_part *part, struct err *err)
{
    struct offer *offer = context;
    offer->place.part = part->name;
    if (text_starts_with(part->type, "image/") || str_trim(part->bytes).len == 0 ||
        /* The same text once more, for mail programs that show it with colours. */
        (text_equal(part->type, "text/html") && part->name == NULL && offer->found > 0)) {
        return 0;
    }
    return read_text(offer, part->bytes, part->name, err);
}

static int read_mail(struct offer *outer, struct str message, struct err *err)
{
    struct offer offer = *outer;
    struct err why;
    offer.in_mail = true;
    offer.found = 0;
    offer.refused = (struct err){.code = ERR_NONE};
    int code = mail_read(message, read_mail_part, &offer, &why);
    offer.place.part = NULL;
    if (code == -ERR_LIMIT) {
        outer->sink->refused(outer->sink->context, &offer.place, &why);
        return 0;
    }
    if (code != 0) {
        *err = why;
        return code;
    }
    if (offer.found == 0 || offer.refused.code != ERR_NONE) {
        if (offer.refused.code == ERR_NONE) {
            (void)err_set(&offer.refused, ERR_DATA, "no part of this mail is a result that can be read");
            (void)err_hint(&offer.refused, "a picture of numbers cannot be taken: ask for the output as text");
        }
        outer->sink->refused(outer->sink->context, &offer.place, &offer.refused);
    }
    return 0;
}

/* ">From " at the beginning of a line was "From " (mboxrd). */
static void add_unquoted(struct str line, struct buf *into)
{
    size_t quotes = 0;
    while (quotes < line.len && line.data[quotes] == '>') {
        quotes++;
    }
    bool quoted = quotes > 0 && str_starts_with(str_slice(line.data + quotes, line.len - quotes), STR("From "));
    buf_add(into, line.data + (quoted ? 1 : 0), line.len - (quoted ? 1 : 0));
}

static int end_message(struct offer *offer, struct buf *message, struct err *err)
{
    struct err why;
    int code = 0;
    if (buf_check(message, &why) != 0) {
        offer->sink->refused(offer->sink->context, &offer->place, &why);
    } else if (message->len > 0) {
        code = read_mail(offer, str_slice(message->data, message->len), err);
    }
    buf_reset(message);
    return code;
}

static int read_mailbox(struct offer *offer, struct line_file *lines, struct err *err)
{
    autobuf struct buf message = BUF(PACK_INPUT_MAX);
    bool blank = true;
    struct str line;
    int code;
    while ((code = line_file_next(lines, &line, err)) > 0) {
        if (blank && str_starts_with(line, STR("From "))) {
            code = end_message(offer, &message, err);
            if (code != 0) {
                return code;
            }
            tell_progress(offer, lines);
            offer->place.line = lines->number;
        } else {
            add_unquoted(line, &message);
        }
        blank = str_trim(line).len == 0;
    }
    return code != 0 ? code : end_message(offer, &message, err);
}

/* ---- dumps */

static int read_dump_line(struct offer *offer, struct str text, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct dump_line line;
    struct err why;
    if (str_trim(text).len == 0) {
        return 0;
    }
    if (dump_read(text, &document, &line, &why) != 0) {
        refuse(offer, &why);
        return 0;
    }
    if (line.bundle.data == NULL) {
        offer->sink->skipped(offer->sink->context, &offer->place);
        return 0;
    }
    return give(offer, line.bundle, line.id, !text_equal(line.state, "accepted"), err);
}

static int read_dump(struct offer *offer, struct line_file *lines, struct err *err)
{
    struct str line;
    int code;
    while ((code = line_file_next(lines, &line, err)) > 0) {
        offer->place.line = lines->number;
        code = read_dump_line(offer, line, err);
        if (code != 0) {
            return code;
        }
        tell_progress(offer, lines);
    }
    return code;
}

/* ---- files */

static int read_content(struct offer *offer, struct line_file *lines, struct err *err)
{
    struct str begin, all;
    int code = line_file_peek(lines, PEEK, &begin, err);
    if (code != 0) {
        return code;
    }
    if (dump_begins(begin)) {
        return read_dump(offer, lines, err);
    }
    if (str_starts_with(begin, STR("From "))) {
        return read_mailbox(offer, lines, err);
    }
    code = line_file_rest(lines, &all, err);
    if (code == 0 && str_trim(all).len == 0) {
        code = err_set(err, ERR_DATA, "it is empty");
    }
    if (code != 0) {
        return code;
    }
    if (mail_is_message(all)) {
        return read_mail(offer, all, err);
    }
    const bool named = !text_equal(offer->place.file, "-");
    return read_text(offer, all, named ? file_base_name(offer->place.file) : NULL, err);
}

struct walk {
    const struct client_key *key;
    const struct offer_sink *sink;
    bool of_folder;
    size_t bytes;
};

static int offer_file(void *context, const char *path, size_t size, struct err *err)
{
    const struct walk *walk = context;
    bool stopped = false;
    struct offer offer = {.key = walk->key,
                          .sink = walk->sink,
                          .place = {.file = path},
                          .of_folder = walk->of_folder,
                          .stopped = &stopped};
    autolinefile struct line_file lines = {.descriptor = -1};
    (void)size;
    int code = line_file_open(path, PACK_INPUT_MAX, &lines, err);
    if (code == 0) {
        code = read_content(&offer, &lines, err);
        tell_progress(&offer, &lines);
    }
    if (code != 0 && !stopped && code != -ERR_MEMORY) {
        offer.place.line = lines.number > 1 ? lines.number : 0;
        walk->sink->refused(walk->sink->context, &offer.place, err);
        return 0;
    }
    return code;
}

static void folder_trouble(void *context, const char *path, const struct err *why)
{
    const struct walk *walk = context;
    const struct place place = {.file = path};
    if (walk->sink != NULL) {
        walk->sink->refused(walk->sink->context, &place, why);
    }
}

static bool is_folder(const char *path)
{
    struct stat about;
    return !text_equal(path, "-") && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

int offer_path(const char *path, const struct client_key *key, const struct offer_sink *sink, struct err *err)
{
    struct walk walk = {.key = key, .sink = sink, .of_folder = is_folder(path)};
    struct err scratch;
    err = err != NULL ? err : &scratch;
    return walk.of_folder ? folder_walk(path, offer_file, folder_trouble, &walk, err) : offer_file(&walk, path, 0, err);
}

static int add_size(void *context, const char *path, size_t size, struct err *err)
{
    struct walk *walk = context;
    (void)path;
    (void)err;
    walk->bytes += size;
    return 0;
}

size_t offer_size(const char *path)
{
    struct walk walk = {0};
    struct stat about;
    if (is_folder(path)) {
        return folder_walk(path, add_size, folder_trouble, &walk, NULL) == 0 ? walk.bytes : 0;
    }
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (size_t)about.st_size : 0;
}
