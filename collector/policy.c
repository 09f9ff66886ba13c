#include "collector/policy.h"

#include "schema/base/str.h"

int policy_choose(const struct invocation *invocation, const char *origin, struct intake_policy *ret, struct err *err)
{
    const char *word = option_text(invocation, "anonymous");
    *ret = (struct intake_policy){.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = origin};
    if (text_equal(word, "quarantine")) {
        ret->anonymous = INTAKE_ANONYMOUS_QUARANTINE;
        return 0;
    }
    /* crosschip.conf holds what is right for serve: there it keeps strangers out, who are not those that import. */
    if (text_equal(word, "accept") || (text_equal(word, "refuse") && !option_given(invocation, "anonymous"))) {
        return 0;
    }
    (void)err_set(err, ERR_USAGE, "--anonymous does not know %s", word);
    (void)option_place(invocation, "anonymous", err);
    return err_hint(err, "accept or quarantine");
}
