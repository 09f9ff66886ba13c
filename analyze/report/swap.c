#include "analyze/report/swap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/meanwhile.h"
#include "schema/base/str.h"

#define ENTRIES_MOST 20000 /* of other people's files; more are no report's folder */
#define DEPTH_MOST 16
#define PATH_SIZE 4096

#ifdef RENAME_EXCHANGE
#define EXCHANGE RENAME_EXCHANGE
#define KEEP RENAME_NOREPLACE
static int rename_with(int from, const char *name, int to, const char *other, unsigned flags)
{
    return renameat2(from, name, to, other, flags);
}
#else
#define EXCHANGE 0
#define KEEP 0
static int rename_with(int from, const char *name, int to, const char *other, unsigned flags)
{
    (void)from, (void)name, (void)to, (void)other, (void)flags;
    errno = ENOSYS;
    return -1;
}
#endif

struct swap {
    const struct publication *publication;
    const bool *changed;
    const struct manifest *old;
    struct stat folder;     /* of DIR before */
    int parent, from, into; /* descriptors: DIR's parent, DIR, the new folder */
    char name[NAME_MAX + 1], fresh[NAME_MAX + 1];
    atomic_size_t entries;
};

static void close_cleanup(DIR **entries)
{
    if (*entries != NULL)
        closedir(*entries);
}

static DIR *list(int folder)
{
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);

    if (entries == NULL && copy >= 0)
        close(copy);
    return entries;
}

static bool is_dot(const char *name)
{
    return text_equal(name, ".") || text_equal(name, "..");
}

/* False when it does not fit. */
static bool join(char target[PATH_SIZE], const char *path, const char *name)
{
    const int length = snprintf(target, PATH_SIZE, "%s%s%s", path, path[0] != '\0' ? "/" : "", name);

    return length > 0 && length < PATH_SIZE;
}

/* ---- folders side by side */

#define FOLDERS_MOST 16

/* What is in DIR itself: it has few folders with thousands of files each. */
struct folders {
    char names[FOLDERS_MOST][NAME_MAX + 1];
    size_t count;
    atomic_size_t next;
    atomic_bool failed;
    int (*work)(void *context, const char *name); /* < 0: failed */
    void *context;
};

/* False when there is no room: then it is worked on in its turn. */
static bool put_folder(struct folders *folders, const char *name)
{
    const size_t length = strlen(name);

    if (folders->count == FOLDERS_MOST || length > NAME_MAX)
        return false;
    memcpy(folders->names[folders->count++], name, length + 1);
    return true;
}

static void work_on_folders(void *context)
{
    struct folders *folders = context;

    for (size_t i; !folders->failed && (i = folders->next++) < folders->count;)
        if (folders->work(folders->context, folders->names[i]) < 0)
            folders->failed = true;
}

/* 0, or -1 when one failed. Links keep a processor busy, not the disk: two threads halve the time. */
static int work_side_by_side(struct folders *folders)
{
    struct meanwhile other = {.running = false};

    if (folders->count > 1)
        meanwhile_begin(&other, work_on_folders, folders);
    work_on_folders(folders);
    meanwhile_end(&other);
    return folders->failed ? -1 : 0;
}

/* ---- building */

/* Comes from the publication, or is deleted by it. */
static bool is_replaced(const struct swap *swap, const char *path)
{
    if (text_equal(path, PUBLICATION_MANIFEST))
        return true;
    const size_t file = publication_find(swap->publication, path);

    if (file != PUBLICATION_NO_FILE)
        return swap->changed[file];
    for (size_t i = 0; i < swap->old->count; i++)
        if (text_equal(swap->old->paths[i], path))
            return true;
    return false;
}

static int link_folder(struct swap *swap, int from, int into, const char *path, int depth);

/* The folder says so: there are thousands of them, and asking for each takes time. Not every disk says it. */
static bool is_plain_file(const struct dirent *entry)
{
#ifdef DT_REG
    return entry->d_type == DT_REG;
#else
    (void)entry;
    return false;
#endif
}

/* 0, or -1: the folder cannot be made like this; so the next ones. */
static int link_file(struct swap *swap, int from, int into, const char *path, const char *name)
{
    char whole[PATH_SIZE];

    if (!join(whole, path, name) || ++swap->entries > ENTRIES_MOST)
        return -1;
    return is_replaced(swap, whole) ? 0 : linkat(from, name, into, name, 0);
}

static int link_below(struct swap *swap, int from, int into, const char *path, const char *name, int depth)
{
    char whole[PATH_SIZE];
    struct stat status;

    if (!join(whole, path, name) || ++swap->entries > ENTRIES_MOST || depth > DEPTH_MOST)
        return -1;
    autoclose int below = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (below < 0 || fstat(below, &status) < 0 || mkdirat(into, name, 0700) < 0)
        return -1;
    autoclose int made = openat(into, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (made < 0 || status.st_dev != swap->folder.st_dev || link_folder(swap, below, made, whole, depth + 1) < 0)
        return -1;
    if (status.st_uid != geteuid() && fchown(made, status.st_uid, status.st_gid) < 0)
        return -1;
    return fchmod(made, status.st_mode & 07777);
}

static int link_first(void *context, const char *name)
{
    struct swap *swap = context;

    return link_below(swap, swap->from, swap->into, "", name, 0);
}

/* Those of DIR itself at the end, side by side. */
static int link_folder(struct swap *swap, int from, int into, const char *path, int depth)
{
    DIR *entries cleanup(close_cleanup) = list(from);
    struct folders folders = {.work = link_first, .context = swap};
    struct stat status;

    if (entries == NULL)
        return -1;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        const char *name = entry->d_name;
        const bool plain = is_plain_file(entry);
        int done = 0;

        if (is_dot(name))
            continue;
        if (!plain && fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            return -1;
        if (plain || !S_ISDIR(status.st_mode))
            done = link_file(swap, from, into, path, name);
        else if (depth > 0 || !put_folder(&folders, name))
            done = link_below(swap, from, into, path, name, depth);
        if (done < 0)
            return -1;
    }
    return work_side_by_side(&folders);
}

/* A folder of the new one; files of one come together. */
struct place {
    char name[64];
    int descriptor; /* < 0: none yet */
};

static void place_done(struct place *place)
{
    if (place->descriptor >= 0)
        close(place->descriptor);
    place->descriptor = -1;
}

static void enter(const struct swap *swap, struct str name, struct place *place)
{
    if (place->descriptor >= 0 && str_equal(str_of(place->name), name))
        return;
    place_done(place);
    str_copy(place->name, sizeof(place->name), name);
    if (name.len > 0)
        (void)mkdirat(swap->into, place->name, 0777);
    place->descriptor =
        openat(swap->into, name.len > 0 ? place->name : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int write_new(const struct swap *swap, const char *path, struct str bytes, struct place *place, struct err *err)
{
    const char *slash = strchr(path, '/');

    enter(swap, str_slice(path, slash != NULL ? (size_t)(slash - path) : 0), place);
    autoclose int file = place->descriptor < 0 ? -1
                                               : openat(place->descriptor, slash != NULL ? slash + 1 : path,
                                                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

    if (file < 0)
        return file_write_error(errno, err);
    return file_write_all(file, bytes.data, bytes.len, err);
}

static int write_changed(const struct swap *swap, struct str manifest, struct err *err)
{
    autobuf struct buf made = BUF(DATA_BYTES_MAX);
    struct place place cleanup(place_done) = {.descriptor = -1};
    int status = write_new(swap, PUBLICATION_MANIFEST, manifest, &place, err);

    for (size_t i = 0; status == 0 && i < swap->publication->count; i++) {
        const struct publication_file *file = &swap->publication->files[i];

        if (swap->publication->progress != NULL)
            progress_step(swap->publication->progress, i + 1);
        struct str bytes;

        if (!swap->changed[i])
            continue;
        status = publication_bytes(file, &made, &bytes, err);
        if (status == 0)
            status = write_new(swap, file->path, bytes, &place, err);
        if (status < 0)
            (void)err_path(err, "%s", file->path);
    }
    return status;
}

/* ---- deleting the folder that is no longer needed */

static int same_file_stands(int folder, const char *path, const struct stat *status)
{
    struct stat other;

    return fstatat(folder, path, &other, AT_SYMLINK_NOFOLLOW) == 0 && other.st_ino == status->st_ino &&
           other.st_dev == status->st_dev;
}

static void delete_folder(int folder, const char *path, int stays, int depth);

static bool is_ours(const char *path)
{
    return manifest_may_name(path) || text_equal(path, PUBLICATION_RESULTS);
}

static void delete_entry(int folder, const char *path, const struct dirent *entry, int stays, int depth)
{
    const char *name = entry->d_name;
    char whole[PATH_SIZE];
    struct stat status;

    if (!join(whole, path, name) || depth > DEPTH_MOST)
        return;
    if (is_plain_file(entry) && is_ours(whole)) {
        (void)unlinkat(folder, name, 0);
        return;
    }
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return;
    if (S_ISDIR(status.st_mode)) {
        autoclose int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (below >= 0)
            delete_folder(below, whole, stays, depth + 1);
        (void)unlinkat(folder, name, AT_REMOVEDIR);
    } else if (same_file_stands(stays, whole, &status) || is_ours(whole)) {
        (void)unlinkat(folder, name, 0);
    } else {
        /* Somebody put it there while the new folder was being built. */
        (void)rename_with(folder, name, stays, whole, KEEP);
    }
}

static void delete_folder(int folder, const char *path, int stays, int depth)
{
    DIR *entries cleanup(close_cleanup) = list(folder);

    for (const struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        if (!is_dot(entry->d_name))
            delete_entry(folder, path, entry, stays, depth);
}

struct leftover {
    int folder, stays;
};

static int delete_first(void *context, const char *name)
{
    const struct leftover *left = context;
    autoclose int below = openat(left->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (below >= 0)
        delete_folder(below, name, left->stays, 1);
    return 0;
}

/* First what is in its folders, side by side, then the rest in turn. */
static void delete_all(struct leftover left)
{
    DIR *entries cleanup(close_cleanup) = list(left.folder);
    struct folders folders = {.work = delete_first, .context = &left};

    for (const struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        if (!is_dot(entry->d_name) && !is_plain_file(entry))
            (void)put_folder(&folders, entry->d_name);
    (void)work_side_by_side(&folders);
    delete_folder(left.folder, "", left.stays, 0);
}

static void delete_beside(const struct swap *swap, int stays)
{
    autoclose int folder = openat(swap->parent, swap->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (folder < 0)
        return;
    delete_all((struct leftover){folder, stays});
    (void)unlinkat(swap->parent, swap->fresh, AT_REMOVEDIR);
}

/* ---- the step */

/* Its shell would stand in a folder that is gone. */
static bool someone_stands_in(const struct stat *folder)
{
    char path[PATH_SIZE] = ".";
    struct stat status, root;

    if (stat("/", &root) < 0)
        return true;
    while (stat(path, &status) == 0) {
        const size_t length = strlen(path);

        if (status.st_ino == folder->st_ino && status.st_dev == folder->st_dev)
            return true;
        if ((status.st_ino == root.st_ino && status.st_dev == root.st_dev) || length + 4 > sizeof(path))
            return false;
        memcpy(path + length, "/..", 4);
    }
    return true;
}

static bool find(const char *folder, struct swap *swap)
{
    autofree char *real = realpath(folder, NULL);
    char *slash = real != NULL ? strrchr(real, '/') : NULL;

    if (slash == NULL || slash[1] == '\0' || strlen(slash + 1) + 20 > NAME_MAX ||
        fstat(swap->from, &swap->folder) < 0 || someone_stands_in(&swap->folder))
        return false;
    (void)snprintf(swap->name, sizeof(swap->name), "%s", slash + 1);
    (void)snprintf(swap->fresh, sizeof(swap->fresh), ".%.230s.crosschip-new", slash + 1);
    slash[slash == real ? 1 : 0] = '\0';
    swap->parent = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return swap->parent >= 0;
}

/* What a crash left is cleared first: its lock says whether it is one. */
static bool clear(const struct swap *swap)
{
    autoclose int left = openat(swap->parent, swap->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (left >= 0 && flock(left, LOCK_EX | LOCK_NB) < 0)
        return false;
    if (left >= 0)
        delete_beside(swap, swap->from);
    return true;
}

void swap_clear(const char *folder, int descriptor)
{
    struct swap swap = {.parent = -1, .from = descriptor, .into = -1};

    if (find(folder, &swap))
        (void)clear(&swap);
    if (swap.parent >= 0)
        close(swap.parent);
}

static bool begin(struct swap *swap)
{
    if (!clear(swap))
        return false;
    if (mkdirat(swap->parent, swap->fresh, 0700) < 0)
        return false;
    swap->into = openat(swap->parent, swap->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return swap->into >= 0 && flock(swap->into, LOCK_EX | LOCK_NB) == 0;
}

static int build(struct swap *swap, struct str manifest, struct err *err)
{
    if (!begin(swap) || link_folder(swap, swap->from, swap->into, "", 0) < 0)
        return SWAP_IMPOSSIBLE;
    const int status = write_changed(swap, manifest, err);

    if (status < 0)
        return status;
    if (swap->folder.st_uid != geteuid() && fchown(swap->into, swap->folder.st_uid, swap->folder.st_gid) < 0)
        return SWAP_IMPOSSIBLE;
    if (fchmod(swap->into, swap->folder.st_mode & 07777) < 0)
        return SWAP_IMPOSSIBLE;
        /* All of it is on disk before it becomes DIR. */
#ifdef __linux__
    if (syncfs(swap->into) < 0)
        return file_write_error(errno, err);
#endif
    return 0;
}

int swap_publication(const char *folder, int descriptor, const struct publication *publication, const bool *changed,
                     const struct manifest *old, struct str manifest, struct err *err)
{
    struct swap swap = {
        .publication = publication, .changed = changed, .old = old, .parent = -1, .from = descriptor, .into = -1};
    int status = find(folder, &swap) ? build(&swap, manifest, err) : SWAP_IMPOSSIBLE;

    if (status == 0 && rename_with(swap.parent, swap.fresh, swap.parent, swap.name, EXCHANGE) < 0)
        status = SWAP_IMPOSSIBLE;
    if (status == 0)
        (void)fsync(swap.parent);
    /* Under the name beside stands now what is not needed, whichever it is. */
    if (swap.into >= 0)
        delete_beside(&swap, status == 0 ? swap.into : descriptor);
    if (swap.into >= 0)
        close(swap.into);
    if (swap.parent >= 0)
        close(swap.parent);
    return status;
}
