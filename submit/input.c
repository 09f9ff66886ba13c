#include "submit/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
    return text_equal(input->path, "-") ? "standard input" : input->path;
}

/* Puts the file in front of an error that does not name it yet, and says what helps where nobody has. */
static int in_file(const struct input *input, struct err *err, int code, const char *hint)
{
    if (err == NULL)
        return code;
    if (!text_equal(err->path, input->path) && strstr(err->text, shown(input)) == NULL)
        (void)err_file(err, shown(input));
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

static int take_bytes(struct input *input, struct err *err)
{
    if (str_trim(str_slice(buf_text(&input->bytes), input->bytes.len)).len == 0) {
        (void)err_set(err, ERR_DATA, "%s is empty", shown(input));
        return err_hint(err, "run the benchmark again and keep its output");
    }
    struct sha256 hash = sha256_of(input->bytes.data, input->bytes.len);
    (void)sha256_hex(input->sha256, &hash);
    return 0;
}

int input_open(const char *path, struct input *ret, struct err *err)
{
    autoinput struct input input = {.path = path, .bytes = BUF(INPUT_MAX), .bundles = 1};
    input.name = text_equal(path, "-") ? NULL : file_base_name(path);
    int r = file_read(path, &input.bytes, err);
    if (r < 0)
        return in_file(&input, err, r, hint_of_path(path));
    r = take_bytes(&input, err);
    if (r < 0)
        return r;
    *ret = input;
    input = (struct input){0};
    return 0;
}

int input_of_bytes(const char *shown_as, struct str bytes, struct input *ret, struct err *err)
{
    autoinput struct input input = {.path = shown_as, .bytes = BUF(INPUT_MAX), .bundles = 1};
    buf_add(&input.bytes, bytes.data, bytes.len);
    int r = buf_check(&input.bytes, err);
    if (r == 0)
        r = take_bytes(&input, err);
    if (r < 0)
        return r;
    *ret = input;
    input = (struct input){0};
    return 0;
}

bool input_is_bundle(const struct input *input)
{
    const struct str start = str_trim(str_slice(buf_text(&input->bytes), input->bytes.len));
    return start.len > 0 && start.data[0] == '{' && str_find(start, STR("\"crosschip\""), 0) < 64;
}

int input_read(struct input *input, const char *format_name, struct err *err)
{
    struct str bytes = str_slice(input->bytes.data, input->bytes.len);
    int r = formats_decode(bytes, &input->decoded, &input->decoded_length, err);
    if (r < 0)
        return in_file(input, err, r, "save the output as UTF-8 text");
    r = formats_read(input->name, str_slice(input->decoded, input->decoded_length), format_name, &input->format,
                     &input->readings, err);
    if (r < 0)
        return in_file(
            input, err, r,
            "`crosschip-submit check FILE` shows what was still understood; run the benchmark again if it was cut off");
    return 0;
}
