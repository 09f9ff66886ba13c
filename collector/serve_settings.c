#include "collector/serve_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/verbs.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

const struct option serve_options[] = {
    {"listen", 'l', OPTION_TEXT, "ADDRESS", "127.0.0.1:8471",
     "ADDRESS:PORT (port 0 takes a free one) or unix:/path; only loopback without --tls-cert"},
    {"tls-cert", 0, OPTION_TEXT, "FILE", NULL, "serve HTTPS with this certificate chain (PEM); SIGHUP reads it again"},
    {"tls-key", 0, OPTION_TEXT, "FILE", NULL, "its private key (PEM)"},
    {"plain-http", 0, OPTION_FLAG, NULL, NULL, "serve plain HTTP on any address: the way to the proxy is trusted"},
    {"site", 0, OPTION_TEXT, "DIR", NULL, "serve what crosschip-analyze published into DIR: / leads to its pages"},
    {"log-format", 0, OPTION_TEXT, "WORD", "text", "messages as text or json"},
    DATABASE_OPTIONS,
    {"anonymous", 0, OPTION_TEXT, "POLICY", NULL,
     "submissions without a token: accept (default where only this machine gets to), quarantine (default elsewhere) "
     "or refuse"},
    {"rate-anonymous", 0, OPTION_TEXT, "N", "60",
     "requests an hour that one network may store without a token; 0 = any"},
    {"burst-anonymous", 0, OPTION_TEXT, "N", "20", "of these at once"},
    {"rate-token", 0, OPTION_TEXT, "N", "10000", "requests an hour of one token; 0 = any"},
    {"connections-each", 0, OPTION_TEXT, "N", "16", "connections of one address at once; 0 = any"},
    {"limit-local", 0, OPTION_FLAG, NULL, NULL, "limit loopback addresses and Unix sockets as well"},
    {"proxy", 0, OPTION_LIST, "ADDRESS", NULL, "believe X-Forwarded-For of this address, or of unix: the Unix socket"},
    {"connections", 0, OPTION_TEXT, "N", "4080", "clients at once, at most"},
    {"keep-free", 0, OPTION_TEXT, "MIB", "1024",
     "take nothing while less, or less than 5 percent, is free on the disk of the private PostgreSQL; 0 = do not look"},
    SIGNING_KEY_OPTION,
    {"committers", 0, OPTION_TEXT, "N", "3", "threads that write to the database"},
    {0},
};

enum { CONNECTIONS_MOST = 100000, COMMITTERS_MOST = 15, RATE_MOST = 1000000000 };

static int read_limits(const struct invocation *invocation, struct http_limits *ret, struct err *err)
{
    const struct {
        const char *name;
        long *value;
    } numbers[] = {
        {"rate-anonymous", &ret->anonymous.per_hour},
        {"burst-anonymous", &ret->anonymous.burst},
        {"rate-token", &ret->token.per_hour},
    };
    long each = 0;
    int code = option_int(invocation, "connections-each", 0, CONNECTIONS_MOST, &each, err);
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(numbers); i++) {
        code = option_int(invocation, numbers[i].name, 0, RATE_MOST, numbers[i].value, err);
    }
    for (size_t i = 0; code == 0 && i < option_count(invocation, "proxy"); i++) {
        code = proxies_add(&ret->proxies, option_item(invocation, "proxy", i), err);
    }
    /* A tenth of an hour's share of a token may come at once. */
    ret->token.burst = ret->token.per_hour / 10 + 1;
    ret->connections_each = (size_t)each;
    ret->local_too = option_flag(invocation, "limit-local");
    return code;
}

int serve_choose_policy(const struct invocation *invocation, bool local, struct serve_settings *ret, struct err *err)
{
    static const struct {
        const char *word;
        enum intake_anonymous value;
    } policies[] = {
        {"accept", INTAKE_ANONYMOUS_ACCEPT},
        {"quarantine", INTAKE_ANONYMOUS_QUARANTINE},
        {"refuse", INTAKE_ANONYMOUS_REFUSE},
    };
    const char *word = option_text(invocation, "anonymous");
    word = word != NULL ? word : local ? "accept" : "quarantine";
    size_t i = 0;
    while (i < ARRAY_LENGTH(policies) && !text_equal(word, policies[i].word)) {
        i++;
    }
    if (i == ARRAY_LENGTH(policies)) {
        (void)err_set(err, ERR_USAGE, "--anonymous does not know %s", word);
        (void)option_place(invocation, "anonymous", err);
        return err_hint(err, "accept, quarantine or refuse");
    }
    ret->policy = (struct intake_policy){.anonymous = policies[i].value, .origin = "http"};
    return 0;
}

/* Before a database is made for nothing; whether they can be read is seen by the account that serves. */
static int check_there(const char *file, const char *option, struct err *err)
{
    if (file_exists(file)) {
        return 0;
    }
    (void)err_set(err, ERR_USAGE, "%s names no file", option);
    return err_path(err, "%s", file);
}

static int read_tls(const struct invocation *invocation, struct serve_settings *ret, struct err *err)
{
    ret->certificate = option_text(invocation, "tls-cert");
    ret->key = option_text(invocation, "tls-key");
    bool certificate = !text_is_empty(ret->certificate), key = !text_is_empty(ret->key);
    if (certificate != key) {
        (void)err_set(err, ERR_USAGE, "--tls-cert and --tls-key belong together");
        return err_hint(err, "give both, or none and let a proxy serve HTTPS");
    }
    if (certificate && text_starts_with(option_text(invocation, "listen"), "unix:")) {
        return err_set(err, ERR_USAGE, "a Unix socket needs no TLS");
    }
    int code = certificate ? check_there(ret->certificate, "--tls-cert", err) : 0;
    if (code == 0 && certificate) {
        code = check_there(ret->key, "--tls-key", err);
    }
    if (code != 0) {
        return code;
    }
    if (!certificate) {
        ret->certificate = ret->key = NULL;
    }
    ret->listen = certificate ? LISTEN_TLS : option_flag(invocation, "plain-http") ? LISTEN_PLAIN : LISTEN_PLAIN_LOCAL;
    return 0;
}

static int read_log(const struct invocation *invocation, struct err *err)
{
    const char *word = option_text(invocation, "log-format");
    if (!text_equal(word, "text") && !text_equal(word, "json")) {
        (void)err_set(err, ERR_USAGE, "--log-format does not know %s", word);
        return err_hint(err, "text or json");
    }
    log_set_json(text_equal(word, "json"));
    return 0;
}

/* Opened while this is still the account that may see it; the name is looked up anew, because a publication exchanges
 * the folder. */
static int read_site(const struct invocation *invocation, struct serve_settings *ret, struct err *err)
{
    const char *folder = option_text(invocation, "site");
    struct stat status;
    autofree char *real = text_is_empty(folder) ? NULL : realpath(folder, NULL);
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    ret->site = NULL;
    ret->site_parent = -1;
    if (text_is_empty(folder)) {
        return 0;
    }
    if (slash == NULL || slash[1] == '\0' || stat(real, &status) < 0 || !S_ISDIR(status.st_mode) ||
        strlen(real) >= sizeof ret->site_path) {
        (void)err_set(err, ERR_USAGE, "--site names no folder");
        (void)err_path(err, "%s", folder);
        return err_hint(err, "crosschip-analyze publish DIR makes it");
    }
    text_copy(ret->site_path, sizeof ret->site_path, slash + 1);
    slash[slash == real ? 1 : 0] = '\0';
    ret->site_parent = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ret->site = ret->site_path;
    return ret->site_parent >= 0 ? 0 : err_set_errno(err, ERR_IO, errno, "cannot open the folder of --site");
}

int serve_read_settings(const struct invocation *invocation, struct serve_settings *ret, struct err *err)
{
    int code = read_log(invocation, err);
    if (code == 0) {
        code = serve_choose_policy(invocation, true, ret, err);
    }
    if (code == 0) {
        code = read_site(invocation, ret, err);
    }
    if (code == 0) {
        code = read_tls(invocation, ret, err);
    }
    if (code == 0) {
        code = option_int(invocation, "connections", 1, CONNECTIONS_MOST, &ret->connections, err);
    }
    if (code == 0) {
        code = option_int(invocation, "keep-free", 0, INT_MAX, &ret->keep_free_mib, err);
    }
    if (code == 0) {
        code = read_limits(invocation, &ret->limits, err);
    }
    return code != 0 ? code : option_int(invocation, "committers", 1, COMMITTERS_MOST, &ret->committers, err);
}
