#include "submit/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/file.h"
#include "schema/bundle/letter.h"

void input_done(struct input *input)
{
    buf_done(&input->bytes);
    free(input->decoded);
    reading_list_done(&input->readings);
    *input = (struct input){0};
}

static const char *shown(const char *path)
{
    return text_equal(path, "-") ? "standard input" : path;
}

/* "PATH is empty", "PATH: no …": a short name may stand in any text. */
static bool begins_with_name(const char *text, const char *name)
{
    size_t length = strlen(name);
    return text_starts_with(text, name) && (text[length] == ' ' || text[length] == ':');
}

/* Puts the file in front of an error that does not name it yet, and says what helps where nobody has. */
static int in_file(const struct input *input, struct err *err, int code, const char *hint)
{
    if (err == NULL)
        return code;
    if (!text_equal(err->path, input->path) && !begins_with_name(err->text, shown(input->path)))
        (void)err_file(err, shown(input->path));
    if (err->hint[0] == '\0')
        (void)err_hint(err, "%s", hint);
    return code;
}

static const char *hint_of_path(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT ? "check the name of the file" : "check the folders on the way to it";
    if (S_ISDIR(status.st_mode))
        return "name the files in it, for example with a star: FOLDER/*.json";
    return "check who may read the file";
}

int input_begin(struct input *input, struct err *err)
{
    if (str_trim(str_slice(buf_text(&input->bytes), input->bytes.len)).len == 0) {
        (void)err_set(err, ERR_DATA, "%s is empty", shown(input->path));
        return err_hint(err, "run the benchmark again and keep its output");
    }
    return 0;
}

void input_hash(struct input *input)
{
    struct sha256 hash = sha256_of(input->bytes.data, input->bytes.len);
    (void)sha256_hex(input->sha256, &hash);
}

int input_error(const char *path, struct err *err, int code)
{
    struct input input = {.path = path};
    /* Nothing of the data was refused: it could not be read at all. */
    if (code == -ERR_NOT_FOUND && err != NULL) {
        err->code = ERR_IO;
        code = -ERR_IO;
    }
    return in_file(&input, err, code, code == -ERR_LIMIT ? "give the files in parts" : hint_of_path(path));
}

int input_of_bytes(const char *shown_as, struct str bytes, struct input *ret, struct err *err)
{
    autoinput struct input input = {.path = shown_as, .bytes = BUF(INPUT_MAX), .bundles = 1};
    buf_add(&input.bytes, bytes.data, bytes.len);
    int r = buf_check(&input.bytes, err);
    if (r == 0)
        r = input_begin(&input, err);
    if (r < 0)
        return r;
    *ret = input;
    input = (struct input){0};
    return 0;
}

bool input_is_bundle(const struct input *input)
{
    return bundle_is(str_slice(buf_text(&input->bytes), input->bytes.len));
}

static int add_bundle(struct input *input, struct str bytes, struct err *err)
{
    autobundle struct bundle bundle = {0};
    int r = bundle_read(bytes, &bundle, err);
    if (r < 0)
        return r;
    struct reading *reading = bundle.reading;
    bundle.reading = NULL;
    return reading_list_add(&input->readings, reading, err);
}

int input_read_bundles(struct input *input, struct err *err)
{
    autobuf struct buf document = BUF(BUNDLE_BYTES_MAX);
    struct str rest = str_slice(buf_text(&input->bytes), input->bytes.len);
    char id[BUNDLE_ID_SIZE];
    int r;
    if (input_is_bundle(input)) {
        r = add_bundle(input, rest, err);
    } else if (letter_is(rest)) {
        while ((r = letter_next(&rest, &document, id, err)) > 0 &&
               (r = add_bundle(input, str_slice(buf_text(&document), document.len), err)) == 0)
            continue;
    } else {
        return 0;
    }
    if (r < 0)
        return in_file(input, err, r, "this is not as `crosschip-submit send --output` writes it: make it anew");
    input->bundles = input->readings.count;
    return 1;
}

/* Of a piece of a file: lines of the piece as lines of the file. */
static void move_lines(const struct input *input, struct err *err, int code)
{
    if (input->line == 0)
        return;
    for (size_t i = 0; i < input->readings.count; i++)
        for (size_t k = 0; k < input->readings.items[i]->problem_count; k++) {
            struct problem *problem = &input->readings.items[i]->problems[k];
            problem->line += problem->line > 0 ? input->line : 0;
        }
    if (code < 0 && err != NULL && err->line > 0)
        err->line += input->line;
}

/* Takes the rows that --map names out of a table of nobody's format; what is decoded is then a document of ours. */
static int take_mapped(struct input *input, const struct mapping *mapping, struct mapped *mapped, struct err *err)
{
    struct str foreign = str_slice(input->decoded, input->decoded_length);
    int r = mapping_convert(mapping, foreign, mapped, err);
    if (r < 0 && mapped->count > 0)
        (void)err_detail(err, "complete rows read before it: %zu", mapped->count);
    if (r < 0)
        return r;
    size_t length = mapped->document.len;
    char *document = buf_take(&mapped->document);
    if (document == NULL)
        return mem_error(err);
    free(input->decoded);
    input->decoded = document;
    input->decoded_length = length;
    return 0;
}

/* Lines and paths of the document as lines of the table. */
static int in_table(const struct mapped *mapped, struct err *err, int code)
{
    size_t row = 0;
    if (err == NULL)
        return code;
    if (sscanf(err->path, "results[%zu]", &row) == 1 && row < mapped->count) /* NOLINT(cert-err34-c) */
        (void)err_at(err, mapped->lines[row], 0);
    return code;
}

static void tell_left_out(struct input *input, const struct mapped *mapped)
{
    struct reading *reading = input->readings.count > 0 ? input->readings.items[0] : NULL;
    if (reading == NULL)
        return;
    if (mapped->left_out[0] != '\0')
        reading_add_problem(reading, "", 0, 0, "columns left out, which nothing maps: %s", mapped->left_out);
    if (mapped->empty > 0)
        reading_add_problem(reading, "", 0, 0, "rows left out, which have no value: %zu", mapped->empty);
}

int input_read(struct input *input, const struct mapping *mapping, struct err *err)
{
    automapped struct mapped mapped = {0};
    struct str bytes = str_slice(input->bytes.data, input->bytes.len);
    const bool foreign = mapping != NULL && mapping->columns > 0;
    int r = formats_decode(bytes, &input->decoded, &input->decoded_length, err);
    if (r < 0)
        return in_file(input, err, r, "save the output as UTF-8 text");
    if (foreign)
        r = take_mapped(input, mapping, &mapped, err);
    if (r == 0)
        r = formats_read(input->name != NULL ? input->path : NULL, str_slice(input->decoded, input->decoded_length),
                         foreign ? MAPPING_FORMAT : input->format_name, &input->format, &input->readings, err);
    if (foreign && r == 0)
        tell_left_out(input, &mapped);
    else if (foreign)
        r = in_table(&mapped, err, r);
    move_lines(input, err, r);
    if (r < 0)
        return in_file(
            input, err, r,
            "`crosschip-submit check FILE` shows what was still understood; run the benchmark again if it was cut off");
    return 0;
}
