/* Names in crosschip.conf that no program knows: a letter too many must not be silence. */
#include <string.h>

#include "schema/base/log.h"
#include "schema/base/options_internal.h"

/* The settings of all four programs, which read one file; tests/e2e/programs.sh compares them with --help. */
static const char *const names[] = {
    "accepted",
    "always",
    "anonymous",
    "baseline",
    "burst-anonymous",
    "by",
    "committers",
    "connections",
    "connections-each",
    "contributor",
    "cooling",
    "data",
    "database",
    "ignore",
    "keep-free",
    "key",
    "limit-local",
    "listen",
    "log-format",
    "no-proxy",
    "older-than",
    "plain-http",
    "proxy",
    "quiet",
    "rate-anonymous",
    "rate-token",
    "scale",
    "server",
    "server-key",
    "signing-key",
    "site",
    "spool",
    "states",
    "strict",
    "targets",
    "theme",
    "threshold",
    "threshold-for",
    "tls-cert",
    "tls-key",
    "token-file",
    "user",
    "verbose",
    "width",
    "zoom",
};

void config_warn_unknown(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        struct nearest nearest = {.word = entry->key};
        bool known = strchr(entry->key, '.') != NULL; /* baseline.NAME and its like are for their verbs to know */
        for (size_t at = 0; !known && at < ARRAY_LENGTH(names); at++) {
            known = text_equal(entry->key, names[at]);
            nearest_offer(&nearest, names[at]);
        }
        if (!known) {
            log_warning("%s:%d: no setting has the name %s%s%s%s", entry->file, entry->line, entry->key,
                        nearest.best ? "; did you mean " : "", nearest.best ? nearest.best : "",
                        nearest.best ? "?" : "");
        }
    }
}
