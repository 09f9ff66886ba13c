/* The verbs of crosschip-collector, one cmd_*.c each. */
#ifndef COLLECTOR_VERBS_H
#define COLLECTOR_VERBS_H

#include "schema/base/options.h"

extern const struct option serve_options[], migrate_options[], status_options[], token_options[], moderate_options[];
extern const struct option backup_options[], restore_options[], reparse_options[], doctor_options[];
extern const struct option import_options[], export_options[], key_options[], verify_options[], pull_options[];
extern const struct option chips_options[], models_options[];

int cmd_serve(const struct invocation *invocation, struct err *err) must_check;
int cmd_migrate(const struct invocation *invocation, struct err *err) must_check;
int cmd_token(const struct invocation *invocation, struct err *err) must_check;
int cmd_moderate(const struct invocation *invocation, struct err *err) must_check;
int cmd_status(const struct invocation *invocation, struct err *err) must_check;
int cmd_key(const struct invocation *invocation, struct err *err) must_check;
int cmd_backup(const struct invocation *invocation, struct err *err) must_check;
int cmd_restore(const struct invocation *invocation, struct err *err) must_check;
int cmd_reparse(const struct invocation *invocation, struct err *err) must_check;
int cmd_doctor(const struct invocation *invocation, struct err *err) must_check;
int cmd_import(const struct invocation *invocation, struct err *err) must_check;
int cmd_pull(const struct invocation *invocation, struct err *err) must_check;
int cmd_chips(const struct invocation *invocation, struct err *err) must_check;
int cmd_models(const struct invocation *invocation, struct err *err) must_check;
int cmd_verify(const struct invocation *invocation, struct err *err) must_check;
int cmd_export(const struct invocation *invocation, struct err *err) must_check;

/* The options that name the database, for each verb's table. */
#define DATABASE_OPTIONS                                                                                               \
    {"database", 0, OPTION_TEXT, "URI", NULL, "a PostgreSQL of your own, such as postgresql://host/name"},             \
        {"data", 0, OPTION_TEXT, "DIR", NULL, "folder of the private PostgreSQL (default: your data folder)"},         \
    {                                                                                                                  \
        "user", 0, OPTION_TEXT, "NAME", NULL, "account that runs PostgreSQL when root starts it (default: postgres)"   \
    }

/* The secret that receipts and the log are signed with. A name of its own: `key` of crosschip.conf is a contributor's.
 */
#define SIGNING_KEY_OPTION                                                                                             \
    {                                                                                                                  \
        "signing-key", 0, OPTION_TEXT, "FILE", NULL,                                                                   \
            "what receipts are signed with (default: signing.key in the data folder)"                                  \
    }

#endif
