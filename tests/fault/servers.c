#include "tests/fault/servers.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "tests/fault/ledger.h"

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) {
        harness_fail("no free port");
    }
    (void)close(descriptor);
    return ntohs(address.sin_port);
}

void servers_init(struct servers *servers, const char *bin, const char *work)
{
    *servers = (struct servers){.bin = bin, .work = work, .port = free_port()};
    (void)snprintf(servers->data, sizeof servers->data, "%s/data", work);
    (void)snprintf(servers->log, sizeof servers->log, "%s/collector.log", work);
    (void)snprintf(servers->url, sizeof servers->url, "http://127.0.0.1:%d", servers->port);
}

void servers_start_collector(struct servers *servers)
{
    char program[600], listen[64];
    (void)snprintf(program, sizeof program, "%s/crosschip-collector", servers->bin);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", servers->port);
    servers->collector = fork();
    if (servers->collector == 0) {
        int log = open(servers->log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        (void)dup2(log, STDOUT_FILENO);
        (void)dup2(log, STDERR_FILENO);
        (void)execl(program, program, "serve", "--listen", listen, "--data", servers->data, (char *)NULL);
        _exit(127);
    }
    if (servers->collector < 0) {
        harness_fail("cannot fork");
    }
}

bool servers_keep_collector(struct servers *servers)
{
    int status = 0;
    if (servers->collector > 0 && waitpid(servers->collector, &status, WNOHANG) == servers->collector) {
        servers->collector = 0;
        if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0) {
            (void)printf("# the collector ended by itself: status %d signal %d\n", WEXITSTATUS(status),
                         WIFSIGNALED(status) ? WTERMSIG(status) : 0);
            servers_start_collector(servers);
            return false;
        }
    }
    if (servers->collector == 0) {
        servers_start_collector(servers);
    }
    return true;
}

/* GET /readyz is 200: the database answers too. The socket alone listens long before. */
static bool answers(int port)
{
    static const char request[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval limit = {.tv_sec = 2};
    char answer[16] = "";
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return false;
    }
    (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    bool good = connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
                send(descriptor, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)sizeof request - 1 &&
                recv(descriptor, answer, 12, MSG_WAITALL) == 12 && strcmp(answer, "HTTP/1.1 200") == 0;
    (void)close(descriptor);
    return good;
}

bool servers_wait_ready(const struct servers *servers, int seconds)
{
    const int64_t deadline = clock_monotonic_us() + (int64_t)seconds * 1000000;
    while (!answers(servers->port)) {
        if (clock_monotonic_us() > deadline) {
            return false;
        }
        clock_sleep_us(20000);
    }
    return true;
}

void servers_kill_collector(struct servers *servers)
{
    if (servers->collector > 0) {
        (void)kill(servers->collector, SIGKILL);
        (void)waitpid(servers->collector, NULL, 0);
        servers->collector = 0;
    }
}

int servers_stop_collector(struct servers *servers)
{
    int status = 0;
    if (servers->collector > 0) {
        (void)kill(servers->collector, SIGTERM);
        (void)waitpid(servers->collector, &status, 0);
        servers->collector = 0;
    }
    return status;
}

pid_t servers_postmaster(const struct servers *servers)
{
    char path[600], line[64] = "";
    (void)snprintf(path, sizeof path, "%s/pgdata/postmaster.pid", servers->data);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    pid_t pid = fgets(line, sizeof line, file) != NULL ? (pid_t)strtol(line, NULL, 10) : 0;
    (void)fclose(file);
    return pid > 0 && kill(pid, 0) == 0 ? pid : 0;
}

static pid_t parent_of(const char *pid)
{
    char path[64], text[512] = "";
    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[length] = '\0';
    const char *behind = strrchr(text, ')');
    return behind != NULL && strlen(behind) > 4 ? (pid_t)strtol(behind + 4, NULL, 10) : 0;
}

/* "postgres: crosschip: crosschip crosschip [local] idle" is what a client's backend calls itself. */
static bool serves_client(const char *pid)
{
    char path[64], text[256] = "";
    (void)snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[length] = '\0';
    return strstr(text, "[local]") != NULL;
}

pid_t servers_backend(const struct servers *servers, unsigned choice)
{
    pid_t found[64];
    unsigned count = 0;
    const pid_t postmaster = servers_postmaster(servers);
    DIR *folder = postmaster > 0 ? opendir("/proc") : NULL;
    if (folder == NULL) {
        return 0;
    }
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL && count < 64) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && pid != servers->sparing && parent_of(entry->d_name) == postmaster &&
            serves_client(entry->d_name)) {
            found[count++] = pid;
        }
    }
    (void)closedir(folder);
    return count > 0 ? found[choice % count] : 0;
}
