/* PostgreSQL's messages: what they say when something failed. */
#include "schema/cluster/private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/str.h"

#define LOOK_BACK 16384

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
    for (size_t at = 0; at < ARRAY_LENGTH(marks); at++) {
        const size_t found = str_find(line, marks[at].mark, 0);
        if (found != SIZE_MAX) {
            return marks[at].keep ? found : found + marks[at].mark.len;
        }
    }
    return SIZE_MAX;
}

void serverlog_complaint(const struct cluster *cluster, off_t from, char *target, size_t size)
{
    target[0] = '\0';
    int descriptor autoclose = open(cluster->log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        return;
    }
    const off_t end = serverlog_size(cluster);
    if (end - from > LOOK_BACK) {
        from = end - LOOK_BACK;
    }
    char text[LOOK_BACK / 2];
    for (; from < end; from += (off_t)sizeof text / 2) {
        const ssize_t got = pread(descriptor, text, sizeof text, from);
        if (got <= 0) {
            return;
        }
        struct str rest = str_slice(text, (size_t)got);
        struct str line;
        while (str_next_line(&rest, &line)) {
            const size_t at = complaint_in(line);
            if (at != SIZE_MAX) {
                char found[300];
                const size_t length = line.len - at < sizeof found - 1 ? line.len - at : sizeof found - 1;
                memcpy(found, line.data + at, length);
                found[length] = '\0';
                text_copy(target, size, found);
            }
        }
    }
}
