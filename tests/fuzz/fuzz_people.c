/* What strangers say of themselves: tokens, forwarded addresses, queries; each against another way to see it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http/limits.h"
#include "collector/http/query.h"
#include "collector/people/token.h"
#include "schema/base/mem.h"
#include "schema/wire/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(struct str text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char id[TOKEN_ID_SIZE] = "";
    bool good = text.len == 56 && memcmp(text.data, "cc1_", 4) == 0 && text.data[12] == '_';
    for (size_t i = 0; good && i < text.len; i++) {
        good = text.data[i] != '\0' && strchr(letters, text.data[i]) != NULL;
    }
    if (token_id_of(text, id) != good || (good && memcmp(id, text.data + 4, 8) != 0)) {
        abort();
    }
}

/* An address that was read is written by the C library and read again as the same network. */
static void check_address(struct str text)
{
    struct network network, again;
    struct sockaddr_storage address, other;
    char shown[INET6_ADDRSTRLEN];
    if (!network_parse(text, &network, &address)) {
        return;
    }
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    memcpy(&v4, &address, sizeof v4);
    memcpy(&v6, &address, sizeof v6);
    const void *bytes = address.ss_family == AF_INET ? (const void *)&v4.sin_addr : (const void *)&v6.sin6_addr;
    if (inet_ntop(address.ss_family, bytes, shown, sizeof shown) == NULL ||
        !network_parse(str_of(shown), &again, &other) ||
        memcmp(network.bytes, again.bytes, sizeof network.bytes) != 0) {
        abort();
    }
}

/* Behind a proxy nobody is of this machine, and what stands before the last address changes nothing. */
static void check_forwarded(const char *text)
{
    struct proxies proxies = {0};
    struct network peer, last;
    struct sockaddr_storage address, other;
    if (proxies_add(&proxies, "10.0.0.1", NULL) != 0 || !network_parse(STR("10.0.0.1"), &peer, &address)) {
        abort();
    }
    struct network client = network_of_client(&proxies, (const struct sockaddr *)&address, text);
    const char *comma = strrchr(text, ',');
    const char *end = comma != NULL ? comma + 1 : text;
    if (client.local) {
        abort();
    }
    if (network_parse(str_of(end), &last, &other) && !proxies_have(&proxies, (const struct sockaddr *)&other) &&
        memcmp(client.bytes, last.bytes, sizeof last.bytes) != 0) {
        abort();
    }
}

/* What was read is text without controls, and reads the same when it is encoded again. */
static void check_query(const char *text)
{
    struct query_value values[] = {{.name = "a"}, {.name = "chip"}, {0}}, again[] = {{.name = "a"}, {0}};
    char encoded[4 * QUERY_VALUE_SIZE], uri[4 * QUERY_VALUE_SIZE + 8] = "/x?a=";
    if (query_read(text, values, NULL) != 0) {
        return;
    }
    for (struct query_value *value = values; value->name != NULL; value++) {
        struct str decoded = str_of(value->text);
        if (!value->given) {
            continue;
        }
        for (size_t i = 0; i < decoded.len; i++) {
            if ((unsigned char)decoded.data[i] < ' ') {
                abort();
            }
        }
        again[0].given = false;
        if (decoded.len == 0 || !utf8_is_valid(decoded) || !wire_percent_encode(decoded, encoded, sizeof encoded)) {
            abort();
        }
        text_copy(uri + strlen("/x?a="), sizeof uri - strlen("/x?a="), encoded);
        if (query_read(uri, again, NULL) != 0 || strcmp(again[0].text, value->text) != 0) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autofree char *text = malloc(size + 1);
    if (text == NULL) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)data[i];
    }
    text[size] = '\0';
    check_token(str_slice(text, size));
    check_address(str_slice(text, size));
    check_forwarded(text);
    check_query(text);
    return 0;
}
