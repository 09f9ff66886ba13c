#include "tests/bench/submit/sequence.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/attributes.h"

static const char receipt[400] = "{\"id\":\"sha256:…\",\"server\":\"…\",\"state\":\"accepted\",\"received_at\":\"…\"}";

_Noreturn static void fail(const char *what)
{
    perror(what);
    exit(1);
}

void sequence_open(struct sequence *sequence, const char *folder)
{
    static const char *const names[] = {"tmp", "queue", "sent"};
    int *const descriptors[] = {&sequence->tmp, &sequence->queue, &sequence->sent};
    (void)mkdir(folder, 0700);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char path[4096];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        (void)mkdir(path, 0700);
        *descriptors[i] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (*descriptors[i] < 0)
            fail(path);
    }
}

static void put(const struct sequence *sequence, int folder, const char *name, const char *bytes, size_t length)
{
    int file = openat(sequence->tmp, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || write(file, bytes, length) != (ssize_t)length || fsync(file) != 0 || close(file) != 0 ||
        renameat(sequence->tmp, name, folder, name) != 0)
        fail(name);
}

void sequence_queue(const struct sequence *sequence, const char *name, const char *bytes, size_t length)
{
    put(sequence, sequence->queue, name, bytes, length);
}

void sequence_sent(const struct sequence *sequence, const char *name)
{
    put(sequence, sequence->sent, name, receipt, sizeof(receipt));
}

void sequence_queued(const struct sequence *sequence)
{
    if (fsync(sequence->queue) != 0)
        fail("queue");
}

void sequence_settle(const struct sequence *sequence, char names[][32], size_t count)
{
    if (fsync(sequence->sent) != 0)
        fail("sent");
    for (size_t i = 0; i < count; i++)
        if (unlinkat(sequence->queue, names[i], 0) != 0)
            fail(names[i]);
}

char *sequence_read(const char *path, size_t *ret_length)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0)
        fail(path);
    char *bytes = malloc((size_t)status.st_size + 1);
    if (bytes == NULL || read(file, bytes, (size_t)status.st_size) != status.st_size)
        fail(path);
    (void)close(file);
    *ret_length = (size_t)status.st_size;
    return bytes;
}
