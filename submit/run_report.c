#include "submit/run_report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/buf.h"
#include "schema/base/process.h"
#include "schema/base/str.h"

#define ANALYZE "crosschip-analyze"
#define LIMIT_MS 300000
#define PATH_SIZE 4096

/* Where this program stands; "" where the system does not tell. */
static void own_folder(char target[PATH_SIZE])
{
    const ssize_t length = readlink("/proc/self/exe", target, PATH_SIZE - 1);

    target[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(target, '/');

    if (slash != NULL)
        *slash = '\0';
}

static const char *in_folder(struct arena *arena, struct str folder)
{
    const char *path = folder.len == 0 ? NULL : arena_printf(arena, "%.*s/" ANALYZE, (int)folder.len, folder.data);

    return path != NULL && access(path, X_OK) == 0 ? path : NULL;
}

int run_report_find(struct arena *arena, const char **ret, struct err *err)
{
    char own[PATH_SIZE];
    struct str rest = str_of(getenv("PATH")), folder; /* NULL: empty */

    own_folder(own);
    *ret = in_folder(arena, str_of(own));
    while (*ret == NULL && str_next_field(&rest, ':', &folder))
        *ret = in_folder(arena, folder);
    if (*ret != NULL)
        return 0;
    (void)err_set(err, ERR_SERVICE, "--report needs " ANALYZE ", which is neither beside this program nor in PATH");
    return err_hint(err,
                    "install it, or leave --report out and make the report elsewhere: " ANALYZE " report FILE -o DIR");
}

int run_report_make(const char *program, const char *folder, const char *const *paths, size_t count, struct err *err)
{
    enum { FIXED = 6 };
    autofree const char **argv = mem_zalloc(count + FIXED + 1, sizeof(*argv));
    autobuf struct buf said = BUF(1 << 16);
    struct process_result end;

    if (argv == NULL)
        return mem_error(err);
    argv[0] = program;
    argv[1] = "report";
    argv[2] = "-q";
    argv[3] = "--output";
    argv[4] = folder;
    argv[5] = "--";
    for (size_t i = 0; i < count; i++)
        argv[FIXED + i] = paths[i];
    const int status = process_run(argv, LIMIT_MS, NULL, &said, &end, err);

    if (status < 0 || end.exit_status == 0)
        return status;
    struct str rest = str_of(buf_text(&said)), line = {NULL, 0};

    (void)str_next_line(&rest, &line);
    (void)err_set(err, ERR_SERVICE, "no report: " ANALYZE " ended with status %d", end.exit_status);
    return line.len > 0 ? err_hint(err, "it said: %.*s", (int)line.len, line.data) : -ERR_SERVICE;
}
