#include "collector/actor.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "schema/base/str.h"

void actor_name(const struct invocation *invocation, char target[ACTOR_SIZE])
{
    const char *by = option_text(invocation, "by");
    struct passwd entry, *found = NULL;
    char room[1024];
    if (by == NULL && getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found != NULL) {
        by = found->pw_name;
    }
    (void)snprintf(target, ACTOR_SIZE, "moderator:%.100s", by != NULL && by[0] != '\0' ? by : "unknown");
}

int actor_reason(const struct invocation *invocation, struct err *err)
{
    if (str_trim(str_of(option_text(invocation, "reason"))).len > 0) {
        return 0;
    }
    err_set(err, ERR_USAGE, "%s needs a reason", argument_at(invocation, 0));
    return err_hint(err, "say why with --reason TEXT; it is kept with the decision");
}
