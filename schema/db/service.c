#include "schema/db/private.h"

#include <string.h>

int db_service_write(const char *conninfo, const char *name, struct buf *into, struct err *err)
{
    char *message = NULL;
    /* As libpq reads its dbname: a URI, key=value text, or the plain name of a database. */
    const bool is_plain_name = strchr(conninfo, '=') == NULL && strstr(conninfo, "://") == NULL;
    PQconninfoOption *options = is_plain_name ? NULL : PQconninfoParse(conninfo, &message);
    PQfreemem(message);
    buf_addf(into, "[%s]\n", name);
    if (is_plain_name) {
        buf_addf(into, "dbname=%s\n", conninfo);
    } else if (options == NULL) {
        return err_set(err, ERR_USAGE, "the database address cannot be read");
    }
    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (option->val != NULL && strpbrk(option->val, "\r\n") == NULL) {
            buf_addf(into, "%s=%s\n", option->keyword, option->val);
        }
    }
    PQconninfoFree(options);
    return buf_check(into, err);
}
