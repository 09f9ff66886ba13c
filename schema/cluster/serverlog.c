/* PostgreSQL's messages: what they say when something failed. */
#include "schema/cluster/private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define LOOK_BACK 65536

off_t serverlog_size(const struct cluster *cluster)
{
    struct stat about;
    return stat(cluster->log, &about) == 0 ? about.st_size : 0;
}

/* Where the complaint begins in the line; SIZE_MAX when it is none. */
static size_t complaint_in(struct str line)
{
    static const struct {
        struct str mark;
        bool keep; /* the mark is part of the message */
    } marks[] = {
        {{"FATAL:  ", 8}, false},
        {{"PANIC:  ", 8}, false},
        {{"initdb: error: ", 15}, false},
        {{"error while loading shared libraries", 36}, true},
    };
    /* What clients were told who came too early. */
    if (str_find(line, STR("FATAL:  the database system is "), 0) != SIZE_MAX) {
        return SIZE_MAX;
    }
    for (size_t at = 0; at < ARRAY_LENGTH(marks); at++) {
        const size_t found = str_find(line, marks[at].mark, 0);
        if (found != SIZE_MAX) {
            return marks[at].keep ? found : found + marks[at].mark.len;
        }
    }
    return SIZE_MAX;
}

static void keep(struct str line, size_t from, char *target, size_t size)
{
    const size_t length = line.len - from < size - 1 ? line.len - from : size - 1;
    memcpy(target, line.data + from, length);
    target[length] = '\0';
}

/* The end of the log behind `from`, at most LOOK_BACK bytes; owned by the caller. */
static char *read_end(const struct cluster *cluster, off_t from, size_t *ret_length)
{
    int descriptor autoclose = open(cluster->log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char *text = descriptor < 0 ? NULL : mem_zalloc(LOOK_BACK, 1);
    if (text == NULL) {
        return NULL;
    }
    const off_t end = serverlog_size(cluster);
    const ssize_t got = pread(descriptor, text, LOOK_BACK, end - from > LOOK_BACK ? end - LOOK_BACK : from);
    *ret_length = got < 0 ? 0 : (size_t)got;
    return text;
}

void serverlog_complaint(const struct cluster *cluster, off_t from, char *target, size_t size)
{
    size_t length = 0;
    autofree char *text = read_end(cluster, from, &length);
    struct str rest = str_slice(text, length);
    struct str line;
    target[0] = '\0';
    while (text != NULL && str_next_line(&rest, &line)) {
        const size_t full = str_find(line, STR("No space left on device"), 0);
        if (full != SIZE_MAX) {
            keep(line, full, target, size);
            return;
        }
        const size_t at = complaint_in(line);
        if (at != SIZE_MAX) {
            keep(line, at, target, size);
        }
    }
}
