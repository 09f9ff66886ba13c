#include "collector/http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/number.h"
#include "schema/base/str.h"

enum { BACKLOG = 1024 };

void listener_done(struct listener *listener)
{
    if (listener->descriptor >= 0) {
        (void)close(listener->descriptor);
        listener->descriptor = -1;
        if (listener->path[0] != '\0') {
            (void)unlink(listener->path);
        }
    }
}

static int start_listening(int descriptor, const char *what, struct err *err)
{
    if (listen(descriptor, BACKLOG) != 0) {
        return err_set_errno(err, ERR_SERVICE, errno, "cannot listen on %s", what);
    }
    return 0;
}

/* A socket file that nobody answers on was left behind by a process that was killed. */
static bool socket_is_stale(const struct sockaddr_un *address)
{
    autoclose int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct stat status;
    if (probe < 0 || lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return false;
    }
    struct sockaddr_un copy = *address;
    return connect(probe, (struct sockaddr *)&copy, sizeof copy) != 0 && errno == ECONNREFUSED;
}

static int bind_unix(int descriptor, struct sockaddr_un *address, struct err *err)
{
    if (socket_is_stale(address)) {
        (void)unlink(address->sun_path);
    }
    if (bind(descriptor, (struct sockaddr *)address, sizeof *address) == 0) {
        /* As open as a loopback port: whoever may enter the folder may send. */
        (void)chmod(address->sun_path, 0666);
        return 0;
    }
    if (errno == EADDRINUSE) {
        err_set(err, ERR_SERVICE, "%s is in use", address->sun_path);
        return err_hint(
            err, "stop the program that listens there, remove the file if it is no socket, or choose another path");
    }
    const int reason = errno;
    err_set_errno(err, ERR_CANNOT_WRITE, reason, "cannot make the socket %s", address->sun_path);
    return err_hint(err, "make its folder first, writable by this account, or choose another path");
}

static int open_unix(const char *path, struct listener *ret, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path[0] != '/') {
        return err_set(err, ERR_USAGE, "the path of a Unix socket must begin with /: %s", path);
    }
    if (strlen(path) >= sizeof address.sun_path) {
        err_set(err, ERR_USAGE, "the socket path has %zu bytes, the system allows %zu", strlen(path),
                sizeof address.sun_path - 1);
        return err_hint(err, "choose a shorter path, such as unix:/run/crosschip.sock");
    }
    text_copy(address.sun_path, sizeof address.sun_path, path);
    autoclose int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return err_set_errno(err, ERR_SERVICE, errno, "cannot make a socket");
    }
    int code = bind_unix(descriptor, &address, err);
    if (code == 0) {
        code = start_listening(descriptor, path, err);
    }
    if (code != 0) {
        return code;
    }
    text_copy(ret->path, sizeof ret->path, path);
    (void)snprintf(ret->address, sizeof ret->address, "unix:%s", path);
    ret->local = true;
    ret->descriptor = descriptor;
    descriptor = -1;
    return 0;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

/* Writes the address with the port that the system gave. */
static int name_address(int descriptor, bool tls, struct listener *listener, struct err *err)
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(descriptor, (struct sockaddr *)&bound, &length) != 0 ||
        getnameinfo((struct sockaddr *)&bound, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return err_set(err, ERR_INTERNAL, "cannot tell which address was bound");
    }
    bool bracket = bound.ss_family == AF_INET6;
    (void)snprintf(listener->address, sizeof listener->address, "%s://%s%.64s%s:%.8s", tls ? "https" : "http",
                   bracket ? "[" : "", host, bracket ? "]" : "", port);
    return 0;
}

static int bind_tcp(const struct addrinfo *where, const char *text, enum listen_wish wish, struct listener *ret,
                    struct err *err)
{
    if (wish == LISTEN_PLAIN_LOCAL && !is_loopback(where->ai_addr)) {
        err_set(err, ERR_NOT_ALLOWED, "%s is not a loopback address", text);
        err_detail(err, "plain HTTP would show what contributors send to the network");
        return err_hint(err, "give --tls-cert and --tls-key, or listen on 127.0.0.1:PORT or unix:/path and let a proxy "
                             "such as nginx or Caddy serve HTTPS");
    }
    autoclose int descriptor = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return err_set_errno(err, ERR_SERVICE, errno, "cannot make a socket for %s", text);
    }
    int on = 1;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(descriptor, where->ai_addr, where->ai_addrlen) != 0) {
        int failure = errno;
        if (failure == EACCES) {
            err_set(err, ERR_NOT_ALLOWED, "this account may not listen on %s", text);
            return err_hint(err, "choose a port from 1024 on");
        }
        err_set_errno(err, ERR_SERVICE, failure, "cannot listen on %s", text);
        return failure == EADDRINUSE
                   ? err_hint(err,
                              "another program listens there: stop it, or take a free port with --listen 127.0.0.1:0")
                   : -(int)ERR_SERVICE;
    }
    int code = start_listening(descriptor, text, err);
    if (code == 0) {
        code = name_address(descriptor, wish == LISTEN_TLS, ret, err);
    }
    if (code == 0) {
        ret->local = is_loopback(where->ai_addr);
        ret->descriptor = descriptor;
        descriptor = -1;
    }
    return code;
}

/* Cuts "[::1]:8471" or "127.0.0.1:8471" into host and port. */
static int split_address(const char *text, char *host, size_t size, const char **ret_port, struct err *err)
{
    const char *colon = strrchr(text, ':');
    const char *begin = text, *end = colon;
    if (colon != NULL && text[0] == '[' && colon > text + 1 && colon[-1] == ']') {
        begin = text + 1;
        end = colon - 1;
    } else if (colon != NULL && strchr(text, ':') != colon) {
        colon = NULL; /* ::1:80 could be read in two ways */
    }
    int64_t port;
    if (colon == NULL || end == begin || (size_t)(end - begin) >= size ||
        !number_parse_int64(str_of(colon + 1), &port) || port < 0 || port > 65535) {
        err_set(err, ERR_USAGE, "%s is not an address to listen on", text);
        return err_hint(err, "write 127.0.0.1:8471, [::1]:8471 or unix:/path; port 0 takes a free one");
    }
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    *ret_port = colon + 1;
    return 0;
}

static int open_tcp(const char *text, enum listen_wish wish, struct listener *ret, struct err *err)
{
    char host[80];
    const char *port = NULL;
    int code = split_address(text, host, sizeof host, &port, err);
    if (code != 0) {
        return code;
    }
    const char *numeric = text_equal(host, "localhost") ? "127.0.0.1" : host;
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(numeric, port, &hints, &found) != 0) {
        err_set(err, ERR_USAGE, "%s is not an address to listen on", text);
        return err_hint(err, "write a number such as 127.0.0.1 or [::1], not a host name");
    }
    code = bind_tcp(found, text, wish, ret, err);
    freeaddrinfo(found);
    return code;
}

int listener_open(const char *text, enum listen_wish wish, struct listener *ret, struct err *err)
{
    struct listener listener = LISTENER_NONE;
    if (text == NULL || text[0] == '\0') {
        return err_set(err, ERR_USAGE, "no address to listen on");
    }
    const char *path = text_starts_with(text, "unix:") ? text + strlen("unix:") : NULL;
    int code = path != NULL ? open_unix(path, &listener, err) : open_tcp(text, wish, &listener, err);
    if (code == 0) {
        *ret = listener;
    }
    return code;
}
