#include "submit/gather.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/file.h"
#include "schema/base/str.h"

#define FILES_MAX ((size_t)1000000)
#define DEPTH_MAX 32

void gathered_done(struct gathered_list *list)
{
    arena_done(&list->arena);
    *list = (struct gathered_list){0};
}

static int add(struct gathered_list *list, const char *path, bool named, struct err *err)
{
    if (list->count >= FILES_MAX)
        return err_set(err, ERR_LIMIT, "there are more than %zu files", FILES_MAX);
    struct gathered *items = arena_grow(&list->arena, list->items, &list->capacity, list->count + 1, sizeof(*items));
    if (items == NULL)
        return mem_error(err);
    list->items = items;
    items[list->count++] = (struct gathered){arena_strdup(&list->arena, path), named};
    return arena_check(&list->arena, err);
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return text_compare_natural((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int add_folder(struct gathered_list *list, const char *folder, int depth, struct err *err)
{
    struct dirent **names = NULL;
    if (depth > DEPTH_MAX)
        return err_set(err, ERR_LIMIT, "%s: more than %d folders in one another", folder, DEPTH_MAX);
    int count = scandir(folder, &names, is_shown, compare_names), r = 0;
    if (count < 0)
        return err_set_errno(err, ERR_IO, errno, "cannot list %s", folder);
    for (int i = 0; i < count; i++) {
        struct stat status;
        autofree char *path = mem_printf("%s/%s", folder, names[i]->d_name);
        if (path == NULL && r == 0)
            r = mem_error(err);
        if (r == 0 && lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode))
                r = add_folder(list, path, depth + 1, err);
            else if (S_ISREG(status.st_mode))
                r = add(list, path, false, err);
        }
        free(names[i]);
    }
    free((void *)names);
    return r;
}

static void globfree_cleanup(glob_t *found)
{
    globfree(found);
}

static int add_pattern(struct gathered_list *list, const char *pattern, struct err *err)
{
    glob_t found cleanup(globfree_cleanup) = {0};
    int r = glob(pattern, 0, NULL, &found);
    if (r == GLOB_NOSPACE)
        return mem_error(err);
    if (r != 0)
        return add(list, pattern, true, err); /* opening it says what is wrong */
    r = 0;
    for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
        r = add(list, found.gl_pathv[i], false, err);
    return r;
}

static int add_argument(struct gathered_list *list, const char *path, struct err *err)
{
    struct stat status;
    size_t before = list->count;
    if (stat(path, &status) != 0)
        return strpbrk(path, "*?[") != NULL ? add_pattern(list, path, err) : add(list, path, true, err);
    if (!S_ISDIR(status.st_mode))
        return add(list, path, true, err);
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    autofree char *folder = mem_strndup(path, length);
    int r = folder == NULL ? mem_error(err) : add_folder(list, folder, 0, err);
    if (r < 0 || list->count > before)
        return r;
    (void)err_set(err, ERR_NOT_FOUND, "%s holds no file", path);
    return err_hint(err, "name the folder that the benchmark wrote to");
}

int gather_files(const struct invocation *invocation, struct gathered_list *ret, struct err *err)
{
    struct gathered_list list cleanup(gathered_done) = {0};
    int r = argument_count(invocation) == 0 ? add(&list, "-", true, err) : 0;
    for (size_t i = 0; r == 0 && i < argument_count(invocation); i++)
        r = add_argument(&list, argument_at(invocation, i), err);
    if (r < 0)
        return r;
    *ret = list;
    list = (struct gathered_list){0};
    return 0;
}
