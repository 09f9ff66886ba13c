#include "analyze/report/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"

#define MANIFEST_BYTES_MAX ((size_t)16 << 20)

void manifest_done(struct manifest *manifest)
{
    arena_done(&manifest->arena);
    memset(manifest, 0, sizeof(*manifest));
}

bool manifest_may_name(const char *path)
{
    static const char *const folders[] = {"charts/", "data/", "site/", "badges/", "models/"};

    if (text_equal(path, "feed.xml") || text_equal(path, "snapshot.json"))
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        const char *name = path + strlen(folders[i]);

        if (!text_starts_with(path, folders[i]))
            continue;
        return name[0] != '\0' && name[0] != '.' &&
               strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._READM") == strlen(name);
    }
    return false;
}

static int take_paths(const struct json *files, struct manifest *manifest, struct err *err)
{
    for (const struct json *item = json_first(files); item != NULL; item = json_next(item)) {
        const char *path = json_string(item);

        if (path == NULL || !manifest_may_name(path) || text_equal(path, PUBLICATION_MANIFEST))
            continue;
        const char **paths =
            arena_grow(&manifest->arena, manifest->paths, &manifest->capacity, manifest->count + 1, sizeof(*paths));

        if (paths == NULL)
            break;
        manifest->paths = paths;
        paths[manifest->count++] = arena_strdup(&manifest->arena, path);
    }
    return arena_check(&manifest->arena, err);
}

int manifest_read(const char *folder, struct manifest *ret, struct err *err)
{
    autobuf struct buf path = BUF(4096), text = BUF(MANIFEST_BYTES_MAX);
    autojson struct json_document *document = NULL;
    automanifest struct manifest manifest = {.count = 0};

    buf_addf(&path, "%s/%s", folder, PUBLICATION_MANIFEST);
    if (!file_exists(buf_text(&path)))
        return 0;
    int status = file_read(buf_text(&path), &text, err);

    if (status == 0)
        status = json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_tool, &document, err);
    if (status < 0) {
        (void)err_path(err, "%s", buf_text(&path));
        return err_hint(err, "delete it: then files of earlier publications stay where they are");
    }
    status = take_paths(json_get(json_root(document), "files"), &manifest, err);
    if (status < 0)
        return status;
    *ret = manifest;
    memset(&manifest, 0, sizeof(manifest));
    return 0;
}

bool manifest_names(const struct publication *publication, const char *path)
{
    return publication_find(publication, path) != PUBLICATION_NO_FILE;
}

static int compare_paths(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;

    return strcmp(*a, *b);
}

void manifest_print(const struct publication *publication, const struct manifest *old, struct buf *into)
{
    const size_t most = publication->count + (old != NULL ? old->count : 0);
    autofree const char **paths = mem_zalloc(most + 1, sizeof(*paths));
    struct json_writer writer = json_writer(into, 1);
    size_t count = 0;

    if (paths == NULL) {
        into->failed = ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < publication->count; i++)
        paths[count++] = publication->files[i].path;
    for (size_t i = 0; old != NULL && i < old->count; i++)
        if (!manifest_names(publication, old->paths[i]))
            paths[count++] = old->paths[i];
    qsort(paths, count, sizeof(*paths), compare_paths);
    json_begin_object(&writer);
    json_pair_int(&writer, "version", 1);
    json_pair_string(&writer, "what",
                     "files made by crosschip-analyze publish; it deletes those that it no longer makes");
    json_write_key(&writer, "files");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++)
        json_write_string(&writer, paths[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(into, '\n');
}
