#include "collector/intake/refusal.h"

#include "schema/base/str.h"
#include "schema/db/db.h"

bool refusal_is(const struct err *err)
{
    return text_starts_with(err->sqlstate, "CR");
}

int refusal_code(int code, struct err *err)
{
    static const struct {
        const char *sqlstate;
        enum err_code code;
    } refusals[] = {
        {"CR404", ERR_NOT_FOUND}, {"CR410", ERR_GONE}, {"CR403", ERR_NOT_ALLOWED},
        {"CR409", ERR_DATA},      {"CR422", ERR_DATA},
    };
    for (size_t i = 0; err != NULL && i < ARRAY_LENGTH(refusals); i++) {
        if (db_sqlstate_is(err, refusals[i].sqlstate)) {
            err->code = refusals[i].code;
            return -(int)err->code;
        }
    }
    return code;
}
