#include "submit/device/absent.h"

#include <string.h>
#include <unistd.h>

#include "submit/device/root.h"

#define COMMANDS "commands/"

/* A folder or a file of which at least the beginning can be read. */
static bool is_readable(const struct root *root, const char *path)
{
    size_t count;
    struct arena arena cleanup(arena_done) = {0};
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    return root_read(root, path, &text) || (root_list(root, path, &arena, &count) != NULL && count > 0);
}

static const char *sources_of(const struct fact *fact, enum device_platform platform)
{
    return platform == DEVICE_PLATFORM_MACOS ? fact->macos_sources : fact->linux_sources;
}

bool absent_reason(const struct fact *fact, const char *folder, enum device_platform platform, struct buf *into)
{
    struct root root;
    const char *sources = sources_of(fact, platform);
    autobuf struct buf silent = BUF(4096), closed = BUF(4096), missing = BUF(4096);
    if (sources == NULL || root_open(folder, &root, NULL) < 0)
        return false;
    struct str rest = str_of(sources), path;
    while (str_next_field(&rest, ' ', &path)) {
        char name[256];
        str_copy(name, sizeof(name), path);
        /* Outputs of commands are read from recordings only. */
        if (root.live && text_starts_with(name, COMMANDS))
            continue;
        struct buf *list = !root_exists(&root, name) ? &missing : is_readable(&root, name) ? &silent : &closed;
        buf_addf(list, "%s%s", list->len > 0 ? ", " : "", name);
    }
    if (closed.len > 0)
        buf_addf(into, "cannot be read: %s", buf_text(&closed));
    else if (silent.len > 0)
        buf_addf(into, "not told by %s", buf_text(&silent));
    else if (missing.len > 0)
        buf_addf(into, "not there: %s", buf_text(&missing));
    else
        buf_adds(into, "this system does not tell it");
    return true;
}
