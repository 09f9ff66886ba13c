#include "analyze/report/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analyze/report/publication.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define NAME_SIZE 64

static bool is_marked(int folder)
{
    autoclose int results = openat(folder, PUBLICATION_RESULTS, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);

    if (faccessat(folder, PUBLICATION_MANIFEST, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    return results >= 0 && file_read_descriptor(results, &text, NULL) == 0 &&
           strstr(buf_text(&text), "<!-- crosschip:begin ") != NULL;
}

/* Names that begin with a dot are nobody's report. */
static bool is_empty(int folder, char other[NAME_SIZE])
{
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    bool empty = entries != NULL;

    for (const struct dirent *entry; empty && (entry = readdir(entries)) != NULL;) {
        empty = entry->d_name[0] == '.';
        if (!empty)
            text_make_printable(other, NAME_SIZE, entry->d_name);
    }
    if (entries != NULL)
        closedir(entries);
    else if (copy >= 0)
        close(copy);
    return empty;
}

int folder_check_ours(int folder, const char *name, struct err *err)
{
    char other[NAME_SIZE] = "";

    if (is_marked(folder) || is_empty(folder, other))
        return 0;
    (void)err_set(err, ERR_DATA, "this folder holds other files (%s) and no publication", other);
    (void)err_path(err, "%s", name);
    return err_hint(err, "publish into an empty folder, or put the lines <!-- crosschip:begin head --> and "
                         "<!-- crosschip:end head --> into a " PUBLICATION_RESULTS " there");
}
