/* Writes a publication into its folder. */
#include "analyze/report/publication.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyze/report/folder.h"
#include "analyze/report/manifest.h"
#include "analyze/report/standing.h"
#include "analyze/report/swap.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define STAGE ".crosschip-new"
#define STAGE_NAME_SIZE 32

/* ---- the folder */

struct target {
    const char *folder;
    int descriptor, stage;
};

static void target_close(struct target *target)
{
    if (target->stage >= 0) {
        close(target->stage);
        (void)unlinkat(target->descriptor, STAGE, AT_REMOVEDIR);
    }
    if (target->descriptor >= 0)
        close(target->descriptor); /* gives the lock back */
}

static int cannot(const struct target *target, const char *what, const char *path, struct err *err)
{
    (void)err_set_errno(err, ERR_CANNOT_WRITE, errno, "cannot %s", what);
    (void)err_path(err, "%s%s%s", target->folder, path[0] != '\0' ? "/" : "", path);
    return err_hint(err, "give a folder that this account may write");
}

static int make_folder(const struct target *target, const char *name, struct err *err)
{
    struct stat status, whole;

    if (mkdirat(target->descriptor, name, 0777) == 0)
        return 0;
    const bool stands = errno == EEXIST && fstatat(target->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                        fstat(target->descriptor, &whole) == 0;

    /* No file moves from one disk to another in one step. */
    if (stands && S_ISDIR(status.st_mode) && status.st_dev == whole.st_dev)
        return 0;
    if (stands && S_ISDIR(status.st_mode)) {
        (void)err_set(err, ERR_CANNOT_WRITE, "this folder is on another disk than the one around it");
        (void)err_path(err, "%s/%s", target->folder, name);
        return err_hint(err, "give a folder that is on one disk; nothing was changed");
    }
    errno = errno == EEXIST ? ENOTDIR : errno;
    return cannot(target, "make the folder", name, err);
}

/* Opens DIR, one publisher at a time. */
static int target_open(const char *folder, struct target *target, struct err *err)
{
    *target = (struct target){folder, -1, -1};
    const int made = file_make_folders(folder, 0777, err);

    if (made < 0) {
        (void)err_hint(err, "give a folder that this account may write");
        return made;
    }
    target->descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target->descriptor < 0)
        return cannot(target, "open the folder", "", err);
    if (flock(target->descriptor, LOCK_EX | LOCK_NB) < 0) {
        (void)err_set(err, ERR_CANNOT_WRITE, "another crosschip-analyze publishes into this folder");
        return err_path(err, "%s", folder);
    }
    return 0;
}

static bool has_folder(const struct publication *publication, const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; i < publication->count; i++)
        if (text_starts_with(publication->files[i].path, name) && publication->files[i].path[length] == '/')
            return true;
    return false;
}

/* The folders of one publication, and an empty one for new files. */
static int target_stage(const struct publication *publication, struct target *target, struct err *err)
{
    static const char *const parts[] = {"charts", "data", "site", "badges", "models", STAGE};

    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        const int status =
            text_equal(parts[i], STAGE) || has_folder(publication, parts[i]) ? make_folder(target, parts[i], err) : 0;

        if (status < 0)
            return status;
    }
    target->stage = openat(target->descriptor, STAGE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return target->stage < 0 ? cannot(target, "open the folder", STAGE, err) : 0;
}

/* ---- content */

/* The folder of charts or data may not be a link that leads elsewhere: paths are opened below it without following. */
static int open_parent(const struct target *target, const char *path, const char **ret_name)
{
    char parent[64];
    const char *slash = strchr(path, '/');

    *ret_name = slash != NULL ? slash + 1 : path;
    if (slash == NULL)
        return openat(target->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if ((size_t)(slash - path) >= sizeof(parent))
        return -1;
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    return openat(target->descriptor, parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* What stands where something else is to be, as words; NULL = nothing, or what may be replaced. */
static const char *in_the_way(int parent, const char *name, bool folder_wanted)
{
    struct stat status;

    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return NULL;
    if (S_ISLNK(status.st_mode))
        return "a link, and links are not followed";
    if (folder_wanted)
        return S_ISDIR(status.st_mode) ? NULL : "no folder, and the publication has files in one of this name";
    return S_ISREG(status.st_mode) ? NULL : "no file, and the publication has a file of this name";
}

/* What is a link belongs to somebody who wants the bytes elsewhere: neither followed nor replaced. Nor is anything that
 * no publication makes. */
static int refuse_other(const struct target *target, const char *path, struct err *err)
{
    const char *slash = strchr(path, '/'), *name = NULL;
    autofree char *folder = mem_strndup(path, slash != NULL ? (size_t)(slash - path) : 0);
    autoclose int parent = open_parent(target, path, &name);

    if (folder == NULL)
        return mem_error(err);
    const char *what = slash != NULL ? in_the_way(target->descriptor, folder, true) : NULL;
    const size_t length = what != NULL ? strlen(folder) : strlen(path);

    if (what == NULL && parent >= 0)
        what = in_the_way(parent, name, false);
    if (what == NULL)
        return 0;
    (void)err_set(err, ERR_CANNOT_WRITE, "this is %s", what);
    (void)err_path(err, "%s/%.*s", target->folder, (int)length, path);
    return err_hint(err, "move it away or delete it, then publish again; nothing was changed");
}

/* What was to stay as it stands: somebody else may have published into the folder since. */
static int check_standing(const struct publication_file *file, const struct target *target, struct standing_way *way,
                          struct err *err)
{
    if (standing_has(file->standing, target->descriptor, file->path, way))
        return 0;
    const int status = refuse_other(target, file->path, err);

    if (status < 0)
        return status;
    (void)err_set(err, ERR_CANNOT_WRITE, "this file was changed while the publication was made");
    (void)err_path(err, "%s/%s", target->folder, file->path);
    return err_hint(err, "publish again; nothing was changed");
}

static int refuse_others(const struct publication *publication, const struct target *target, struct err *err)
{
    struct standing_way way = {""};
    int status = refuse_other(target, PUBLICATION_MANIFEST, err);

    for (size_t i = 0; status == 0 && i < publication->count; i++) {
        const struct publication_file *file = &publication->files[i];

        status =
            file->standing != NULL ? check_standing(file, target, &way, err) : refuse_other(target, file->path, err);
    }
    return status;
}

static bool has_content(const struct target *target, const char *path, const char *bytes, size_t length)
{
    const char *name = NULL;
    struct stat status;
    autoclose int parent = open_parent(target, path, &name);
    autoclose int descriptor = parent < 0 ? -1 : openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    autobuf struct buf have = BUF(length);

    if (descriptor < 0 || fstat(descriptor, &status) < 0 || !S_ISREG(status.st_mode) ||
        (size_t)status.st_size != length)
        return false;
    return file_read_descriptor(descriptor, &have, NULL) == 0 && have.len == length &&
           (length == 0 || memcmp(buf_text(&have), bytes, length) == 0);
}

static bool stands(const struct target *target, const char *path)
{
    const char *name = NULL;
    struct stat status;
    autoclose int parent = open_parent(target, path, &name);

    return parent >= 0 && fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* New bytes of one file, flushed, under a number in the stage. */
static int stage_file(const struct target *target, size_t number, const char *path, struct str bytes, struct err *err)
{
    char name[STAGE_NAME_SIZE];

    (void)snprintf(name, sizeof(name), "%zu", number);
    (void)unlinkat(target->stage, name, 0);
    autoclose int descriptor = openat(target->stage, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

    if (descriptor < 0)
        return cannot(target, "write", path, err);
    const int written = file_write_all(descriptor, bytes.data, bytes.len, err);

    return written < 0 ? err_path(err, "%s/%s", target->folder, path) : 0;
}

/* After all are written: the first flush then takes most of the others with it. */
static int flush_staged(const struct target *target, size_t number, const char *path, struct err *err)
{
    char name[STAGE_NAME_SIZE];

    (void)snprintf(name, sizeof(name), "%zu", number);
    autoclose int descriptor = openat(target->stage, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    return descriptor < 0 || fsync(descriptor) < 0 ? cannot(target, "flush", path, err) : 0;
}

static int flush_folders(const struct target *target, struct err *err)
{
    static const char *const parts[] = {"charts", "data", "site", "badges", "models", "."};

    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        autoclose int folder = openat(target->descriptor, parts[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (folder < 0 && errno == ENOENT)
            continue;
        if (folder < 0 || fsync(folder) < 0)
            return cannot(target, "flush", parts[i], err);
    }
    return 0;
}

static int put_in_place(const struct target *target, size_t number, const char *path, struct err *err)
{
    char staged[STAGE_NAME_SIZE];
    const char *name = NULL;
    autoclose int parent = open_parent(target, path, &name);

    (void)snprintf(staged, sizeof(staged), "%zu", number);
    if (parent < 0 || renameat(target->stage, staged, parent, name) < 0)
        return cannot(target, "put into place", path, err);
    return 0;
}

static void clear_stage(const struct target *target, size_t count)
{
    char name[STAGE_NAME_SIZE];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof(name), "%zu", i);
        (void)unlinkat(target->stage, name, 0);
    }
}

/* ---- one publication */

static int write_file(const struct target *target, size_t number, const char *path, struct str bytes, struct err *err)
{
    if (has_content(target, path, bytes.data, bytes.len))
        return 0;
    int status = stage_file(target, number, path, bytes, err);

    if (status == 0)
        status = flush_staged(target, number, path, err);
    return status < 0 ? status : put_in_place(target, number, path, err);
}

static int find_changed(const struct publication *publication, const struct target *target, bool *changed,
                        struct publication_outcome *outcome, struct err *err)
{
    autobuf struct buf made = BUF(DATA_BYTES_MAX);
    int status = 0;

    for (size_t i = 0; status == 0 && i < publication->count; i++) {
        const struct publication_file *file = &publication->files[i];
        struct str bytes = str_slice("", 0);

        changed[i] = file->standing == NULL && !stands(target, file->path);
        if (file->standing == NULL && !changed[i]) {
            status = publication_bytes(file, &made, &bytes, err);
            if (status == 0)
                changed[i] = !has_content(target, file->path, bytes.data, bytes.len);
        }
        outcome->unchanged += changed[i] ? 0 : 1;
        outcome->written += changed[i] ? 1 : 0;
    }
    return status;
}

static int stage_changed(const struct publication *publication, const struct target *target, const bool *changed,
                         struct err *err)
{
    autobuf struct buf made = BUF(DATA_BYTES_MAX);
    int status = 0;

    for (size_t i = 0; status == 0 && i < publication->count; i++) {
        const struct publication_file *file = &publication->files[i];
        struct str bytes;

        if (publication->progress != NULL)
            progress_step(publication->progress, i + 1);
        if (!changed[i])
            continue;
        status = publication_bytes(file, &made, &bytes, err);
        if (status == 0)
            status = stage_file(target, i, file->path, bytes, err);
    }
    for (size_t i = 0; status == 0 && i < publication->count; i++)
        if (changed[i])
            status = flush_staged(target, i, publication->files[i].path, err);
    return status;
}

static int delete_stale(const struct target *target, const struct manifest *old, const struct publication *publication,
                        struct publication_outcome *outcome, struct err *err)
{
    for (size_t i = 0; i < old->count; i++) {
        const char *name = NULL;

        if (manifest_names(publication, old->paths[i]))
            continue;
        autoclose int parent = open_parent(target, old->paths[i], &name);

        if (parent >= 0 && unlinkat(parent, name, 0) == 0)
            outcome->deleted++;
        else if (parent >= 0 && errno != ENOENT)
            return cannot(target, "delete", old->paths[i], err);
    }
    return 0;
}

/* The manifest names old and new files while files move, so that a crash leaves nothing unaccounted for. */
static int write_manifest(const struct target *target, const struct publication *publication,
                          const struct manifest *old, struct err *err)
{
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);

    manifest_print(publication, old, &text);
    const int status = buf_check(&text, err);

    return status < 0 ? status
                      : write_file(target, publication->count, PUBLICATION_MANIFEST,
                                   str_slice(buf_text(&text), text.len), err);
}

/* ---- one by one */

static int write_each(const struct publication *publication, const struct target *target, const bool *changed,
                      const struct manifest *old, struct publication_outcome *outcome, struct err *err)
{
    int status = stage_changed(publication, target, changed, err);

    if (status == 0 && outcome->written > 0)
        status = write_manifest(target, publication, old, err);
    for (size_t i = 0; status == 0 && i < publication->count; i++)
        status = changed[i] ? put_in_place(target, i, publication->files[i].path, err) : 0;
    outcome->deleted = 0;
    if (status == 0)
        status = delete_stale(target, old, publication, outcome, err);
    if (status == 0)
        status = write_manifest(target, publication, NULL, err);
    if (status == 0 && outcome->written + outcome->deleted > 0)
        status = flush_folders(target, err);
    return status;
}

/* ---- all of it */

static size_t count_stale(const struct publication *publication, const struct manifest *old)
{
    size_t count = 0;

    for (size_t i = 0; i < old->count; i++)
        count += manifest_names(publication, old->paths[i]) ? 0 : 1;
    return count;
}

static int write_all(const struct publication *publication, struct target *target, struct publication_outcome *outcome,
                     struct err *err)
{
    autofree bool *changed = mem_zalloc(publication->count + 1, sizeof(*changed));
    autobuf struct buf listed = BUF(REPORT_BYTES_MAX);
    automanifest struct manifest old = {.count = 0};
    int status = changed == NULL ? mem_error(err) : refuse_others(publication, target, err);

    if (status == 0)
        status = manifest_read(target->folder, &old, err);
    if (status < 0)
        return status;
    status = find_changed(publication, target, changed, outcome, err);
    outcome->deleted = count_stale(publication, &old);
    manifest_print(publication, NULL, &listed);
    if (status == 0)
        status = buf_check(&listed, err);
    if (status < 0)
        return status;
    if (outcome->written + outcome->deleted == 0 &&
        has_content(target, PUBLICATION_MANIFEST, buf_text(&listed), listed.len)) {
        swap_clear(target->folder, target->descriptor);
        return 0;
    }
    status = swap_publication(target->folder, target->descriptor, publication, changed, &old,
                              str_slice(buf_text(&listed), listed.len), err);
    if (status < 0)
        (void)err_hint(err, "nothing was changed");
    if (status != SWAP_IMPOSSIBLE)
        return status;
    status = target_stage(publication, target, err);
    return status < 0 ? status : write_each(publication, target, changed, &old, outcome, err);
}

int publication_write(const struct publication *publication, const char *folder, struct publication_outcome *ret,
                      struct err *err)
{
    struct publication_outcome outcome = {0, 0, 0};
    struct target target;
    int status = target_open(folder, &target, err);

    if (status == 0)
        status = folder_check_ours(target.descriptor, folder, err);
    if (publication->progress != NULL)
        progress_begin(publication->progress, "writing files", publication->count);
    if (status == 0)
        status = write_all(publication, &target, &outcome, err);
    if (publication->progress != NULL)
        progress_end(publication->progress);
    if (target.stage >= 0)
        clear_stage(&target, publication->count + 1);
    target_close(&target);
    if (status < 0)
        return status;
    *ret = outcome;
    return 0;
}

int publication_preview(const struct publication *publication, const char *folder,
                        void (*tell)(void *context, const char *what, const char *path), void *context,
                        struct publication_outcome *ret, struct err *err)
{
    autofree bool *changed = mem_zalloc(publication->count + 1, sizeof(*changed));
    autoclose int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const struct target target = {folder, descriptor, -1};
    struct publication_outcome outcome = {0, 0, 0};
    automanifest struct manifest old = {.count = 0};

    if (changed == NULL)
        return mem_error(err);
    if (descriptor < 0 && errno != ENOENT)
        return cannot(&target, "open the folder", "", err);
    int status = descriptor >= 0 ? folder_check_ours(target.descriptor, folder, err) : 0;

    if (status == 0)
        status = manifest_read(folder, &old, err);
    if (status == 0)
        status = find_changed(publication, &target, changed, &outcome, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < publication->count; i++)
        if (changed[i])
            tell(context, "write", publication->files[i].path);
    for (size_t i = 0; i < old.count; i++)
        if (!manifest_names(publication, old.paths[i])) {
            tell(context, "delete", old.paths[i]);
            outcome.deleted++;
        }
    *ret = outcome;
    return 0;
}
