#include "collector/http/server.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "collector/http/state.h"
#include "collector/http/tls.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"

enum {
    /* For head and read buffer: 12 KiB of headers, and what libmicrohttpd notes of a hundred of them. It touches all of
     * it with the second request of a connection, so thousands of clients at once make this the most of the memory. */
    CONNECTION_MEMORY = 20 << 10,
    THREAD_STACK = 1 << 20,
    IDLE_S = 10,
    FILES_BESIDE = 160, /* database, epoll and event descriptors, logs */
    POLL_CONNECTIONS_MAX = 512
};
static const int64_t goodbye_us = 1500000, goodbye_step_us = 5000;

static void connection_changed(void *context, struct MHD_Connection *connection, void **socket_context,
                               enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        const union MHD_ConnectionInfo *peer = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        *socket_context = info != NULL
                              ? clients_add(server->clients, info->connect_fd, peer != NULL ? peer->client_addr : NULL)
                              : NULL;
    } else if (*socket_context != NULL) {
        clients_remove(server->clients, *socket_context);
        *socket_context = NULL;
    }
}

/* Before a connection is taken: not more of one address than are allowed. */
static enum MHD_Result connection_wanted(void *context, const struct sockaddr *address, socklen_t length)
{
    const struct http_server *server = context;
    const struct http_limits *rules = &server->rules;
    (void)length;
    if (rules->connections_each == 0 || (network_of(address).local && !rules->local_too) ||
        proxies_have(&rules->proxies, address)) {
        return MHD_YES;
    }
    return clients_of_address(server->clients, address) < rules->connections_each ? MHD_YES : MHD_NO;
}

/* As many connections as the system gives files for. */
static size_t fit_connections(size_t wished)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return SERVER_CLIENTS_A_THREAD;
    }
    rlim_t need = wished + FILES_BESIDE;
    if (limit.rlim_cur < need) {
        limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= need) {
        return wished;
    }
    return limit.rlim_cur > 2 * FILES_BESIDE ? (size_t)limit.rlim_cur - FILES_BESIDE : FILES_BESIDE / 2;
}

static unsigned pool_size(bool epoll, size_t connections)
{
    return epoll ? (unsigned)((connections + SERVER_CLIENTS_A_THREAD - 1) / SERVER_CLIENTS_A_THREAD) : 4;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int descriptor, size_t wished, bool tls)
{
    bool epoll = MHD_is_feature_supported(MHD_FEATURE_EPOLL) == MHD_YES;
    size_t connections = fit_connections(!epoll && wished > POLL_CONNECTIONS_MAX ? POLL_CONNECTIONS_MAX : wished);
    unsigned threads = pool_size(epoll, connections);
    unsigned flags = (epoll ? (unsigned)MHD_USE_EPOLL_INTERNAL_THREAD : (unsigned)MHD_USE_POLL_INTERNAL_THREAD) |
                     (unsigned)MHD_ALLOW_SUSPEND_RESUME | (unsigned)MHD_USE_ITC;
    char priorities[] = TLS_PRIORITIES;
    struct MHD_OptionItem extras[4] = {{MHD_OPTION_END, 0, NULL}};
    size_t extra = 0;
    /* A pool of one is no pool. Rounded so that each thread has its full share. */
    if (threads >= 2) {
        extras[extra++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL};
    }
    if (tls) {
        flags |= (unsigned)MHD_USE_TLS;
        extras[extra++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, tls_callback()};
        extras[extra++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities};
    }
    extras[extra] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(
        flags, 0, connection_wanted, server, request_handle, server, MHD_OPTION_LISTEN_SOCKET, descriptor,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)THREAD_STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_URI_LOG_CALLBACK, request_new, server, MHD_OPTION_NOTIFY_COMPLETED, request_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server, MHD_OPTION_ARRAY, extras, MHD_OPTION_END);
}

int http_server_start(const struct http_options *options, struct http_server **ret, struct err *err)
{
    struct http_server *server = mem_zalloc(1, sizeof *server);
    if (server == NULL) {
        return mem_error(err);
    }
    size_t connections = options->connections > 0 ? options->connections : SERVER_CLIENTS_MAX;
    server->policy = options->policy;
    server->desk = options->desk;
    server->tokens = options->tokens;
    server->signer = options->signer;
    server->published = options->published;
    server->site = options->site;
    server->site_parent = options->site_parent;
    server->followers = options->followers;
    server->rules = options->limits;
    server->metrics.started_at_us = clock_wall_us();
    int code = random_bytes(&server->boot, sizeof server->boot, err);
    if (code == 0) {
        code = limits_open(&server->limits, err);
    }
    if (code == 0) {
        code = clients_open(connections, &server->clients, err);
    }
    if (code == 0) {
        server->daemon = start_daemon(server, options->descriptor, connections, options->tls);
        if (server->daemon == NULL) {
            code = err_set(err, ERR_SERVICE, "the HTTP server cannot start");
        }
    }
    if (code != 0) {
        clients_close(server->clients);
        limits_close(server->limits);
        free(server);
        return code;
    }
    *ret = server;
    return 0;
}

void http_server_set_room(struct http_server *server, bool room)
{
    atomic_store(&server->no_room, !room);
}

void http_server_stop(struct http_server *server, int64_t limit_us)
{
    /* From here on begin() answers 503, so nothing is suspended any more once the desk is closed: stopping
     * libmicrohttpd while one connection is suspended would abort the process. */
    atomic_store(&server->draining, true);
    (void)MHD_quiesce_daemon(server->daemon);
    desk_close(server->desk, limit_us);
    int64_t until = clock_monotonic_us() + goodbye_us;
    while (atomic_load(&server->requests) > 0 && clock_monotonic_us() < until) {
        clock_sleep_us(goodbye_step_us);
    }
    MHD_stop_daemon(server->daemon);
    clients_close(server->clients);
    limits_close(server->limits);
    free(server);
}
