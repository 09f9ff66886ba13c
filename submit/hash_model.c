#include "submit/hash_model.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/proof/hash.h"

/* Weights are large files; configurations, logs and programs that a path may name are not taken for them. */
static bool is_model(const char *path)
{
    static const char *const endings[] = {".gguf", ".ggml",    ".bin",    ".safetensors", ".onnx", ".pt",
                                          ".pth",  ".st",      ".plan",   ".engine",      ".trt",  ".tflite",
                                          ".npz",  ".mlmodel", ".prefab", ".llamafile"};
    struct stat status;
    bool named = false;
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
        named = named || text_ends_with(path, endings[i]);
    return named && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The path of a span as the file system knows it: without quotes, "\/" and "\\" read. */
static bool path_of(struct str text, const struct private_span *span, char *target, size_t size)
{
    size_t length = 0;
    if (span->kind != PRIVATE_PATH || span->offset >= text.len || span->length > text.len - span->offset)
        return false;
    struct str raw = str_slice(text.data + span->offset, span->length);
    if (raw.len >= 2 && raw.data[0] == '"' && raw.data[raw.len - 1] == '"')
        raw = str_slice(raw.data + 1, raw.len - 2);
    /* Many readers mark the folders only; the base name stands behind them. */
    const char *end = text.data + text.len;
    if (raw.len > 0 && raw.data + raw.len < end && strchr("/\\", raw.data[raw.len]) != NULL)
        while (raw.data + raw.len < end && strchr("\"'`,;|<>\n\r\t", raw.data[raw.len]) == NULL)
            raw.len++;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.data[i] == '\\' && i + 1 < raw.len && (raw.data[i + 1] == '/' || raw.data[i + 1] == '\\'))
            i++;
        if (length + 1 >= size || raw.data[i] == '\0')
            return false;
        target[length++] = raw.data[i];
    }
    target[length] = '\0';
    return length > 0;
}

/* The model among the marked paths; NULL when none is there. Sets *ret_several when they differ. */
static const char *find_model(const struct input *input, const struct reading *reading, struct arena *arena,
                              bool *ret_several)
{
    struct str text = str_slice(input->decoded, input->decoded_length);
    const char *found = NULL;
    if (reading->original_offset <= text.len)
        text = str_slice(text.data + reading->original_offset, text.len - reading->original_offset);
    for (size_t i = 0; i < reading->private_count; i++) {
        char path[PATH_MAX];
        if (!path_of(text, &reading->privates[i], path, sizeof(path)) || text_equal(path, found) || !is_model(path))
            continue;
        *ret_several = *ret_several || found != NULL;
        found = arena_strdup(arena, path);
    }
    return found;
}

int hash_model(const struct input *input, const struct reading *reading, struct arena *arena, const char **ret,
               struct err *err)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 hash;
    bool several = false;
    const char *path = find_model(input, reading, arena, &several);
    if (path == NULL) {
        (void)err_set(err, ERR_NOT_FOUND, "no model file that the output names is here");
        return err_hint(err, "run it where the path in the output leads to the file, or leave --hash-model away");
    }
    if (several) {
        (void)err_set(err, ERR_USAGE, "the output names several model files");
        return err_hint(err, "send outputs of one model at a time with --hash-model");
    }
    int r = sha256_of_file(path, &hash, err);
    if (r < 0)
        return r;
    (void)sha256_hex(hex, &hash);
    *ret = arena_strdup(arena, hex);
    return arena_check(arena, err);
}
