/* crosschip-analyze verify-publication */
#include <stdio.h>

#include "analyze/report/snapshot.h"
#include "analyze/verbs.h"
#include "schema/base/log.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"

int verb_verify_publication(const struct invocation *invocation, struct err *err)
{
    const char *folder = argument_at(invocation, 0);
    autosnapshot struct snapshot_check check = {.files = 0};
    const int status = snapshot_verify(folder, &check, err);

    if (status < 0)
        return status;
    for (size_t i = 0; i < check.problem_count; i++) {
        autobuf struct buf line = BUF(8192);

        encode_terminal(&line, str_of(check.problems[i]));
        printf("%s\n", buf_text(&line));
    }
    if (check.problem_count > 0) {
        (void)err_set(err, ERR_FOUND, "%zu of %zu files are not as published", check.files - check.same, check.files);
        return err_path(err, "%s", folder);
    }
    if (check.named)
        printf("snapshot %s: %zu files as published\n%s\n", check.name, check.files, check.hash);
    else
        printf("%zu files are there; without a snapshot.json their bytes were not compared\n", check.files);
    return 0;
}
