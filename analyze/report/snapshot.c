#include "analyze/report/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/report/manifest.h"
#include "analyze/report/provenance.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#define SNAPSHOT_BYTES_MAX ((size_t)16 << 20)
#define NAME_MOST 64

int snapshot_check_name(const char *name, struct err *err)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    const size_t length = strlen(name);

    if (length > 0 && length <= NAME_MOST && strspn(name, word) == length && strchr(".-_", name[0]) == NULL)
        return 0;
    (void)err_set(err, ERR_USAGE, "this is no name for a snapshot");
    return err_hint(err, "1 to %d letters, digits, '.', '-' and '_', such as 2026-11", NAME_MOST);
}

/* ---- making */

static int compare_files(const void *left, const void *right)
{
    const struct publication_file *const *a = left, *const *b = right;

    return strcmp((*a)->path, (*b)->path);
}

static void write_log(const struct result_set *set, struct json_writer *writer)
{
    json_write_key(writer, "log_head");
    if (set->log_root == NULL) {
        json_write_null(writer);
        return;
    }
    json_begin_object(writer);
    json_pair_int(writer, "epoch", set->log_epoch);
    json_pair_int(writer, "size", set->log_size);
    json_pair_string(writer, "root", set->log_root);
    json_end_object(writer);
}

/* "PATH HASH" lines, sorted: their hash names all of it. */
static int write_files(const struct publication *publication, struct json_writer *writer, char whole[SHA256_ID_SIZE],
                       struct err *err)
{
    autofree const struct publication_file **files = mem_zalloc(publication->count + 1, sizeof(const void *));
    autobuf struct buf lines = BUF(SNAPSHOT_BYTES_MAX), made = BUF(DATA_BYTES_MAX);
    char text[SHA256_ID_SIZE];
    int status = 0;

    if (files == NULL)
        return mem_error(err);
    for (size_t i = 0; i < publication->count; i++)
        files[i] = &publication->files[i];
    qsort(files, publication->count, sizeof(const void *), compare_files);
    json_write_key(writer, "files");
    json_begin_object(writer);
    for (size_t i = 0; status == 0 && i < publication->count; i++) {
        struct str bytes;

        status = publication_bytes(files[i], &made, &bytes, err);
        if (status < 0)
            return status;
        const struct sha256 hash = sha256_of(bytes.data, bytes.len);

        json_pair_string(writer, files[i]->path, sha256_id(text, &hash));
        buf_addf(&lines, "%s %s\n", files[i]->path, text);
    }
    json_end_object(writer);
    const struct sha256 hash = sha256_of(buf_text(&lines), lines.len);

    sha256_id(whole, &hash);
    return buf_check(&lines, err);
}

int snapshot_make(const struct report *report, const char *name, struct publication *publication, struct err *err)
{
    autobuf struct buf text = BUF(SNAPSHOT_BYTES_MAX), input = BUF(256);
    struct json_writer writer = json_writer(&text, 1);
    const int64_t newest_us = result_set_newest(report->results);
    char whole[SHA256_ID_SIZE], date[CLOCK_TEXT_SIZE];

    provenance_input_hash(report->results, &input);
    json_begin_object(&writer);
    json_pair_int(&writer, "version", 1);
    json_pair_string(&writer, "name", name);
    json_pair_string(&writer, "data_to", newest_us == TIME_UNKNOWN ? NULL : clock_format(date, newest_us));
    json_pair_string(&writer, "made_by", "crosschip-analyze " CROSSCHIP_VERSION);
    json_pair_string(&writer, "input_set", buf_text(&input));
    write_log(report->results, &writer);
    const int status = write_files(publication, &writer, whole, err);

    if (status < 0)
        return status;
    json_pair_string(&writer, "hash", whole);
    json_end_object(&writer);
    buf_addc(&text, '\n');
    return publication_add(publication, SNAPSHOT_PATH, &text, err);
}

/* ---- verifying */

void snapshot_check_done(struct snapshot_check *check)
{
    arena_done(&check->arena);
    memset(check, 0, sizeof(*check));
}

static void add_problem(struct snapshot_check *check, const char *path, const char *what)
{
    const char **problems = arena_grow(&check->arena, check->problems, &check->problem_capacity,
                                       check->problem_count + 1, sizeof(*problems));

    if (problems == NULL)
        return;
    check->problems = problems;
    problems[check->problem_count++] = arena_printf(&check->arena, "%s: %s", path, what);
}

/* NULL expected: it has to be there. */
static void check_file(const char *folder, const char *path, const char *expected, struct snapshot_check *check)
{
    autofree char *whole = mem_printf("%s/%s", folder, path);
    struct sha256 hash;
    struct err err = {.code = 0};
    char text[SHA256_ID_SIZE];

    check->files++;
    if (whole == NULL || strstr(path, "..") != NULL || path[0] == '/') {
        add_problem(check, path, "is no path of a publication");
        return;
    }
    if (sha256_of_file(whole, &hash, &err) < 0)
        add_problem(check, path, err.code == ERR_NOT_FOUND ? "is missing" : "cannot be read");
    else if (expected != NULL && !text_equal(sha256_id(text, &hash), expected))
        add_problem(check, path, "differs");
    else
        check->same++;
}

static int check_snapshot(const char *folder, const struct json *root, struct snapshot_check *check, struct err *err)
{
    const struct json *files = json_get(root, "files");
    const char *name = json_string(json_get(root, "name")), *stated = json_string(json_get(root, "hash"));
    autobuf struct buf lines = BUF(SNAPSHOT_BYTES_MAX);
    char text[SHA256_ID_SIZE];

    if (name == NULL || stated == NULL || json_first(files) == NULL)
        return err_set(err, ERR_DATA, "this is no snapshot of a publication");
    for (const struct json *file = json_first(files); file != NULL; file = json_next(file)) {
        const char *expected = json_string(file), *path = json_key(file);

        check_file(folder, path, expected != NULL ? expected : "", check);
        buf_addf(&lines, "%s %s\n", path, expected != NULL ? expected : "");
    }
    const struct sha256 hash = sha256_of(buf_text(&lines), lines.len);

    if (!text_equal(sha256_id(text, &hash), stated))
        add_problem(check, SNAPSHOT_PATH, "its own hash does not fit its list");
    check->named = true;
    check->name = arena_strdup(&check->arena, name);
    check->hash = arena_strdup(&check->arena, stated);
    return buf_check(&lines, err);
}

static int check_manifest(const char *folder, struct snapshot_check *check, struct err *err)
{
    automanifest struct manifest manifest = {.count = 0};
    const int status = manifest_read(folder, &manifest, err);

    if (status < 0)
        return status;
    if (manifest.count == 0) {
        (void)err_set(err, ERR_NOT_FOUND, "there is no publication here");
        (void)err_path(err, "%s", folder);
        return err_hint(err, "name the folder that holds " PUBLICATION_RESULTS " and data/");
    }
    for (size_t i = 0; i < manifest.count; i++)
        check_file(folder, manifest.paths[i], NULL, check);
    check_file(folder, PUBLICATION_RESULTS, NULL, check);
    return 0;
}

int snapshot_verify(const char *folder, struct snapshot_check *ret, struct err *err)
{
    autosnapshot struct snapshot_check check = {.files = 0};
    autobuf struct buf path = BUF(4096), text = BUF(SNAPSHOT_BYTES_MAX);
    autojson struct json_document *document = NULL;
    int status = 0;

    buf_addf(&path, "%s/%s", folder, SNAPSHOT_PATH);
    if (!file_exists(buf_text(&path))) {
        status = check_manifest(folder, &check, err);
    } else {
        status = file_read(buf_text(&path), &text, err);
        if (status == 0)
            status = json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_tool, &document, err);
        if (status == 0)
            status = check_snapshot(folder, json_root(document), &check, err);
        if (status < 0)
            (void)err_path(err, "%s", buf_text(&path));
    }
    if (status == 0)
        status = arena_check(&check.arena, err);
    if (status < 0)
        return status;
    *ret = check;
    memset(&check, 0, sizeof(check));
    return 0;
}
