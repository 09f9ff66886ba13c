#include "schema/wire/server.h"

#include <stdint.h>
#include <string.h>
#include <sys/un.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

#define HINT_FORMS "write https://host, http://127.0.0.1:port for a collector on this machine, or unix:/path/of/socket"

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static bool only(struct str text, const char *also)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter_or_digit(text.data[i]) && strchr(also, text.data[i]) == NULL)
            return false;
    return true;
}

static bool is_number_up_to(struct str text, int64_t most, size_t most_digits)
{
    int64_t value = 0;
    if (text.len == 0 || text.len > most_digits)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    return value <= most;
}

/* Four decimal numbers of which the first is 127; shorter forms such as 127.1 are not taken. */
static bool is_loopback_ipv4(struct str host)
{
    struct str rest = host, field;
    int fields = 0;
    while (str_next_field(&rest, '.', &field)) {
        if (!is_number_up_to(field, 255, 3))
            return false;
        if (fields++ == 0 && !str_equal(field, STR("127")))
            return false;
    }
    return fields == 4;
}

static bool is_loopback(struct str host)
{
    return str_equal_ignore_case(host, STR("localhost")) || str_equal(host, STR("[::1]")) || is_loopback_ipv4(host);
}

static int parse_socket(const char *text, struct server *ret, struct err *err)
{
    const char *path = text + strlen("unix:");
    struct sockaddr_un address;
    if (path[0] != '/') {
        err_set(err, ERR_USAGE, "the socket in %s is not an absolute path", text);
        return err_hint(err, HINT_FORMS);
    }
    if (strlen(path) >= sizeof(address.sun_path)) {
        err_set(err, ERR_USAGE, "the path of the socket has %zu bytes; the system takes %zu", strlen(path),
                sizeof(address.sun_path) - 1);
        return err_hint(err, "start the collector with a shorter path");
    }
    struct server server = {0};
    text_copy(server.name, sizeof(server.name), text);
    text_copy(server.base_url, sizeof(server.base_url), "http://localhost");
    text_copy(server.socket, sizeof(server.socket), path);
    *ret = server;
    return 0;
}

/* Takes "host[:port]" apart; the host of an IPv6 address keeps its brackets. */
static bool split_authority(struct str authority, struct str *ret_host, struct str *ret_port)
{
    size_t end = authority.len;
    struct str host = authority, port = STR("");
    if (authority.len > 0 && authority.data[0] == '[') {
        size_t bracket = str_find(authority, STR("]"), 0);
        if (bracket == SIZE_MAX)
            return false;
        end = bracket + 1;
        if (end < authority.len && authority.data[end] != ':')
            return false;
    } else {
        size_t colon = str_find(authority, STR(":"), 0);
        if (colon != SIZE_MAX)
            end = colon;
    }
    host.len = end;
    if (end < authority.len) {
        port = str_slice(authority.data + end + 1, authority.len - end - 1);
        if (!is_number_up_to(port, 65535, 5) || is_number_up_to(port, 0, 5))
            return false;
    }
    bool bracketed = host.len > 2 && host.data[0] == '[';
    struct str inner = bracketed ? str_slice(host.data + 1, host.len - 2) : host;
    if (inner.len == 0 || !only(inner, bracketed ? ":." : ".-_"))
        return false;
    *ret_host = host;
    *ret_port = port;
    return true;
}

static int malformed(const char *text, struct err *err)
{
    err_set(err, ERR_USAGE, "%s is not the address of a collector", text);
    return err_hint(err, HINT_FORMS);
}

static int parse_url(const char *text, bool https, struct server *ret, struct err *err)
{
    struct str rest = str_of(text + strlen(https ? "https://" : "http://"));
    while (rest.len > 0 && rest.data[rest.len - 1] == '/')
        rest.len--;
    size_t slash = str_find(rest, STR("/"), 0);
    struct str authority = rest, prefix = STR(""), host, port;
    if (slash != SIZE_MAX) {
        authority.len = slash;
        prefix = str_slice(rest.data + slash, rest.len - slash);
    }
    if (!split_authority(authority, &host, &port) || !only(prefix, "/._~-") ||
        str_find(prefix, STR(".."), 0) != SIZE_MAX)
        return malformed(text, err);
    if (!https && !is_loopback(host)) {
        err_set(err, ERR_USAGE, "%s would send over the network without encryption", text);
        return err_hint(err, "plain http goes to this machine only: use https://%.*s", (int)host.len, host.data);
    }
    autobuf struct buf name = BUF(SERVER_TEXT_SIZE - 1);
    buf_adds(&name, https ? "https://" : "http://");
    for (size_t i = 0; i < host.len; i++) {
        char byte = host.data[i];
        buf_addc(&name, byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte);
    }
    if (port.len > 0)
        buf_addf(&name, ":%.*s", (int)port.len, port.data);
    buf_add(&name, prefix.data, prefix.len);
    int r = buf_check(&name, err);
    if (r < 0)
        return r;
    struct server server = {.https = https};
    text_copy(server.name, sizeof(server.name), buf_text(&name));
    text_copy(server.base_url, sizeof(server.base_url), buf_text(&name));
    *ret = server;
    return 0;
}

int server_parse(const char *text, struct server *ret, struct err *err)
{
    if (strlen(text) >= SERVER_TEXT_SIZE - 8)
        return err_set(err, ERR_USAGE, "the address of the collector is longer than %d bytes", SERVER_TEXT_SIZE - 8);
    if (text_starts_with(text, "unix:"))
        return parse_socket(text, ret, err);
    struct str whole = str_of(text);
    if (str_equal_ignore_case(str_slice(text, whole.len < 8 ? whole.len : 8), STR("https://")))
        return parse_url(text, true, ret, err);
    if (str_equal_ignore_case(str_slice(text, whole.len < 7 ? whole.len : 7), STR("http://")))
        return parse_url(text, false, ret, err);
    return malformed(text, err);
}
