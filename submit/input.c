#include "submit/input.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/file.h"

void input_done(struct input *input)
{
    buf_done(&input->bytes);
    free(input->decoded);
    reading_list_done(&input->readings);
    *input = (struct input){0};
}

static const char *shown(const struct input *input)
{
    return input->name == NULL ? "standard input" : input->path;
}

/* Puts the file in front of an error that does not name it yet. */
static int in_file(const struct input *input, struct err *err, int code)
{
    if (err != NULL && strstr(err->text, shown(input)) == NULL)
        (void)err_prefix(err, "%s", shown(input));
    return code;
}

int input_open(const char *path, struct input *ret, struct err *err)
{
    autoinput struct input input = {.path = path, .bytes = BUF(INPUT_MAX)};
    input.name = text_equal(path, "-") ? NULL : file_base_name(path);
    int r = file_read(path, &input.bytes, err);
    if (r < 0)
        return in_file(&input, err, r);
    if (str_trim(str_slice(buf_text(&input.bytes), input.bytes.len)).len == 0) {
        (void)err_set(err, ERR_DATA, "%s is empty", shown(&input));
        return err_hint(err, "run the benchmark again and keep its output");
    }
    struct sha256 hash = sha256_of(input.bytes.data, input.bytes.len);
    (void)sha256_hex(input.sha256, &hash);
    *ret = input;
    input = (struct input){0};
    return 0;
}

int input_read(struct input *input, const char *format_name, struct err *err)
{
    struct str bytes = str_slice(input->bytes.data, input->bytes.len);
    int r = formats_decode(bytes, &input->decoded, &input->decoded_length, err);
    if (r < 0)
        return in_file(input, err, r);
    r = formats_read(input->name, str_slice(input->decoded, input->decoded_length), format_name, &input->format,
                     &input->readings, err);
    return r < 0 ? in_file(input, err, r) : 0;
}
