#include "schema/wire/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/wire/answer.h"
#include "schema/wire/names.h"

/* A timeout for a whole request, and a floor for its speed (reliability.md 3.4). */
#define CONNECT_TIMEOUT_MS 10000L
#define TIMEOUT_MS 120000L
#define LEAST_BYTES_A_SECOND 100L
#define LEAST_SPEED_SECONDS 20L

struct wire_client {
    CURL *curl;
    struct server server;
    char *token_header; /* "Authorization: Bearer …" */
    char *contributor_header;
    char error_text[CURL_ERROR_SIZE];
    size_t answer_max;
};

static void slist_cleanup(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}
#define autoslist cleanup(slist_cleanup)

void wire_answer_done(struct wire_answer *answer)
{
    buf_done(&answer->body);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct buf *body = context;
    buf_add(body, bytes, size * count);
    return body->failed ? 0 : size * count;
}

static pthread_once_t global_once = PTHREAD_ONCE_INIT;

static void global_init(void)
{
    /* A failure shows again in curl_easy_init, which is checked. */
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t answer_max(const struct wire_options *options)
{
    return options->answer_max > 0 ? options->answer_max : WIRE_ANSWER_MAX;
}

static void set_transport(CURL *curl, const struct server *server, const struct wire_options *options)
{
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, server->https ? "https" : "http");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     options->connect_timeout_ms > 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, LEAST_BYTES_A_SECOND);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, LEAST_SPEED_SECONDS);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)answer_max(options));
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    if (server->socket[0] != '\0')
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, server->socket);
    /* What is meant for this machine must not go through a proxy. */
    if (!server->https || options->no_proxy)
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    if (options->agent != NULL)
        curl_easy_setopt(curl, CURLOPT_USERAGENT, options->agent);
}

static int make_headers(struct wire_client *client, const struct wire_options *options, struct err *err)
{
    if (options->token != NULL) {
        client->token_header = mem_printf(WIRE_HEADER_AUTHORIZATION ": Bearer %s", options->token);
        if (client->token_header == NULL)
            return mem_error(err);
    }
    if (!text_is_empty(options->contributor)) {
        char encoded[3 * WIRE_CONTRIBUTOR_MAX + 1];
        if (strlen(options->contributor) > WIRE_CONTRIBUTOR_MAX ||
            !wire_percent_encode(str_of(options->contributor), encoded, sizeof(encoded)))
            return err_set(err, ERR_USAGE, "the contributor's name is longer than %d bytes", WIRE_CONTRIBUTOR_MAX);
        client->contributor_header = mem_printf(WIRE_HEADER_CONTRIBUTOR ": %s", encoded);
        if (client->contributor_header == NULL)
            return mem_error(err);
    }
    return 0;
}

int wire_client_open(const struct server *server, const struct wire_options *options, struct wire_client **ret,
                     struct err *err)
{
    autoclient struct wire_client *client = mem_zalloc(1, sizeof(*client));
    if (client == NULL)
        return mem_error(err);
    (void)pthread_once(&global_once, global_init);
    client->server = *server;
    client->answer_max = answer_max(options);
    client->curl = curl_easy_init();
    if (client->curl == NULL)
        return err_set(err, ERR_SERVICE, "the HTTP library cannot be started");
    int r = make_headers(client, options, err);
    if (r < 0)
        return r;
    set_transport(client->curl, server, options);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->error_text);
    *ret = TAKE_PTR(client);
    return 0;
}

void wire_client_close(struct wire_client *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->curl);
    free(client->token_header);
    free(client->contributor_header);
    free(client);
}

void wire_client_close_cleanup(struct wire_client **client)
{
    wire_client_close(*client);
}

static int explain(const struct wire_client *client, CURLcode code, struct err *err)
{
    const char *why = client->error_text[0] != '\0' ? client->error_text : curl_easy_strerror(code);
    const char *name = client->server.name;
    if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
        return err_set(err, ERR_DATA, "%s answers with more than %zu bytes: it is not a collector", name,
                       client->answer_max);
    if (code == CURLE_OUT_OF_MEMORY)
        return mem_error(err);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
        (void)err_set(err, ERR_NOT_ALLOWED, "%s cannot prove that it is the right server: %s", name, why);
        return err_hint(err, "check the address and this machine's clock and certificates (ca-certificates)");
    }
    if (code == CURLE_SSL_CONNECT_ERROR) {
        (void)err_set(err, ERR_RETRY, "%s does not speak HTTPS as it should: %s", name, why);
        return err_hint(err, "check the port: a collector's own port may speak plain http, to this machine "
                             "only");
    }
    /* Of a socket the library only knows the host name that it made up. */
    if (client->server.socket[0] != '\0')
        why = curl_easy_strerror(code);
    (void)err_set(err, ERR_RETRY, "%s does not answer: %s", name, why);
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return err_hint(err, "check the name in the address, and the network");
    return err_hint(err, "is the collector running there? (crosschip-collector serve)");
}

static int64_t read_retry_after(CURL *curl)
{
    struct curl_header *after = NULL, *date = NULL;
    if (curl_easy_header(curl, WIRE_HEADER_RETRY_AFTER, 0, CURLH_HEADER, -1, &after) != CURLHE_OK)
        return 0;
    /* The value lives until the next call on the handle asks for another header. */
    char value[64];
    text_copy(value, sizeof(value), after->value);
    bool dated = curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK;
    return wire_retry_after_us(str_of(value), dated ? date->value : NULL);
}

static int perform(struct wire_client *client, const char *path, struct curl_slist *headers, struct wire_answer *ret,
                   struct err *err)
{
    char url[2 * SERVER_TEXT_SIZE];
    struct wire_answer answer = {.body = BUF(client->answer_max)};
    int length = snprintf(url, sizeof(url), "%s%s", client->server.base_url, path);
    if (length < 0 || (size_t)length >= sizeof(url))
        return err_set(err, ERR_USAGE, "the address is too long");
    client->error_text[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &answer.body);
    CURLcode code = curl_easy_perform(client->curl);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    if (code != CURLE_OK) {
        wire_answer_done(&answer);
        return explain(client, code, err);
    }
    long status = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = (int)status;
    answer.retry_after_us = read_retry_after(client->curl);
    *ret = answer;
    return 0;
}

/* Appends to *list; on failure the list is as before. */
static int add_header(struct curl_slist **list, const char *text, struct err *err)
{
    if (text == NULL)
        return 0;
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer == NULL)
        return mem_error(err);
    *list = longer;
    return 0;
}

int wire_get(struct wire_client *client, const char *path, struct wire_answer *ret, struct err *err)
{
    autoslist struct curl_slist *headers = NULL;
    int r = add_header(&headers, client->token_header, err);
    if (r < 0)
        return r;
    curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    return perform(client, path, headers, ret, err);
}

static int make_proof(const char *secret, char **ret, struct err *err)
{
    *ret = secret == NULL ? NULL : mem_printf(WIRE_HEADER_WITHDRAW_SECRET ": %s", secret);
    return secret != NULL && *ret == NULL ? mem_error(err) : 0;
}

int wire_post(struct wire_client *client, const char *path, struct str body, const char *idempotency_key,
              const char *secret, struct wire_answer *ret, struct err *err)
{
    autoslist struct curl_slist *headers = NULL;
    autofree char *key = NULL, *proof = NULL;
    int r = make_proof(secret, &proof, err);
    if (r < 0)
        return r;
    if (idempotency_key != NULL) {
        key = mem_printf(WIRE_HEADER_IDEMPOTENCY_KEY ": %s", idempotency_key);
        if (key == NULL)
            return mem_error(err);
    }
    /* Without "Expect:" the client would wait a second for a server's 100 Continue. */
    static const char content_type[] = "Content-Type: " WIRE_MEDIA_TYPE;
    const char *const lines[] = {content_type, "Expect:", key, proof, client->token_header, client->contributor_header};
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        r = add_header(&headers, lines[i], err);
        if (r < 0)
            return r;
    }
    curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body.data);
    return perform(client, path, headers, ret, err);
}

int wire_delete(struct wire_client *client, const char *path, const char *secret, struct wire_answer *ret,
                struct err *err)
{
    autoslist struct curl_slist *headers = NULL;
    autofree char *proof = NULL;
    int r = make_proof(secret, &proof, err);
    if (r == 0)
        r = add_header(&headers, proof, err);
    if (r == 0)
        r = add_header(&headers, client->token_header, err);
    if (r < 0)
        return r;
    curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    r = perform(client, path, headers, ret, err);
    curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, NULL);
    return r;
}

const char *wire_proxy(const struct server *server)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    if (!server->https)
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const char *value = getenv(names[i]);
        if (value == NULL || value[0] == '\0')
            continue;
        const char *at = strrchr(value, '@');
        return at == NULL ? value : at + 1;
    }
    return NULL;
}
