/* The options of `serve`, read once. */
#ifndef COLLECTOR_SERVE_SETTINGS_H
#define COLLECTOR_SERVE_SETTINGS_H

#include "collector/http/server.h"
#include "collector/intake/intake.h"
#include "schema/base/options.h"

struct serve_settings {
    struct intake_policy policy;
    struct http_limits limits;
    enum listen_wish listen;
    bool roles; /* the database has the roles of schema/sql: take them */
    const char *certificate, *key; /* of TLS; NULL = none */
    const char *site; /* the folder of a publication to serve; NULL = none */
    int site_parent;  /* where it stands, open until the process ends */
    char site_path[4096];
    long connections, committers, keep_free_mib;
};

int serve_read_settings(const struct invocation *invocation, struct serve_settings *ret, struct err *err) must_check;
/* What becomes of anonymous submissions, once it is known whether only this machine gets here. */
int serve_choose_policy(const struct invocation *invocation, bool local, struct serve_settings *ret,
                        struct err *err) must_check;

#endif
